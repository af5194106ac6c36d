"""The screens of a rectification item: plan, carry out and report, verify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from approvals.access import item_for
from approvals.models import Decision, ItemEvidence, ItemStage, RectificationItem, Verb
from evaluations.models import Evaluation
from workflow.access import open_tasks_of
from workflow.forms.items import PlanForm, ReportForm, VerificationForm
from workflow.presentation import items as presented
from workflow.screens.base import Handler, Screen, verb


class ItemScreen(Screen):
    """What every step of an item shows: the requirement and all that was done about it."""

    template_name = "workflow/task_item.html"

    def subject_of_task(self) -> Evaluation:
        """The item's: whoever carries it out may belong to another unit than the evaluated one."""
        self.item: RectificationItem = item_for(self.user, self.task.item_id or 0)
        return self.item.evaluation

    def build(self, data: Any) -> None:
        self.form: forms.BaseForm = self.make_form(data)

    def make_form(self, data: Any) -> forms.BaseForm:
        raise NotImplementedError

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.form

    def surroundings(self) -> dict[str, Any]:
        """The item's own procedure and history."""
        related = ("actor", "on_behalf_of", "organization", "item", "evaluation__policy")
        decisions = list(Decision.objects.filter(item=self.item).select_related(*related))
        files = ItemEvidence.objects.filter(item=self.item).select_related("evidence__uploaded_by")
        task = open_tasks_of(self.evaluation.pk).filter(item=self.item)
        waiting = task.select_related("owner", "organization").first()
        return {
            "item": self.item,
            "steps": presented.stepper(self.item, decisions),
            "rounds": presented.rounds(self.item, decisions, files, waiting),
            "facts": presented.facts(self.item),
            "deadline": presented.deadline_of(self.item),
        }

    def decide(self, verb: str, **details: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.show(422)
        return self.perform(verb, **details)

    def text(self, name: str) -> str:
        return str(self.form[name].value() or "")

    def context(self) -> dict[str, Any]:
        return {**super().context(), "form": self.form, "verbs": self.offered()}

    def offered(self) -> dict[str, Any]:
        raise NotImplementedError


class PlanScreen(ItemScreen):
    def make_form(self, data: Any) -> forms.BaseForm:
        return PlanForm(data, initial={"measures": self.item.measures})

    def handlers(self) -> dict[str, Handler]:
        return {Verb.PLAN: lambda: self.decide(Verb.PLAN, measures=self.text("measures"))}

    def offered(self) -> dict[str, Any]:
        return {"primary": verb(_("Submit the measures"), Verb.PLAN)}


class CarryOutScreen(ItemScreen):
    """The result and the files that show it go in together, or not at all."""

    def make_form(self, data: Any) -> forms.BaseForm:
        return ReportForm(data, self.request.FILES or None, initial={"result": self.item.result})

    def handlers(self) -> dict[str, Handler]:
        return {Verb.REPORT: self.report}

    def report(self) -> HttpResponse:
        assert isinstance(self.form, ReportForm)
        if not self.form.is_valid():
            return self.show(422)
        return self.perform(Verb.REPORT, result=self.text("result"), files=self.form.new_files())

    def offered(self) -> dict[str, Any]:
        return {"primary": verb(_("Report done"), Verb.REPORT)}


class VerifyScreen(ItemScreen):
    """Somebody else proves it done, or sends it back with what is missing."""

    def make_form(self, data: Any) -> forms.BaseForm:
        return VerificationForm(data)

    def handlers(self) -> dict[str, Handler]:
        return {
            Verb.VERIFY: lambda: self.decide(Verb.VERIFY, opinion=self.text("opinion")),
            Verb.SEND_BACK: lambda: self.decide(Verb.SEND_BACK, opinion=self.text("opinion")),
        }

    def offered(self) -> dict[str, Any]:
        at_finance = self.item.stage == ItemStage.FINANCE_VERIFICATION
        label = _("Verify and close") if at_finance or not self.item.needs_finance else _("Verify")
        return {
            "primary": verb(label, Verb.VERIFY),
            "danger": verb(_("Send back"), Verb.SEND_BACK),
        }
