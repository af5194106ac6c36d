"""The screens of a rectification item: plan, carry out and report, verify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from approvals.access import item_for
from approvals.actions.plan import PlannedMeasure
from approvals.models import Decision, ItemEvidence, ItemStage, RectificationItem, Verb
from evaluations.models import Evaluation
from workflow import rectifying
from workflow.access import open_tasks_of
from workflow.forms.items import (
    AcceptanceForm,
    ObjectionForm,
    PlanForm,
    ReceiptForm,
    ReportForm,
    VerificationForm,
)
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


class ReceiptScreen(ItemScreen):
    """The unit signs for the notice, once for all of its items."""

    def make_form(self, data: Any) -> forms.BaseForm:
        return ReceiptForm(data)

    def handlers(self) -> dict[str, Handler]:
        return {Verb.RECEIVE: self.receive}

    def receive(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.show(422)
        signed = rectifying.receive(**self.key, opinion=self.text("opinion"))
        return self.done(signed[0])

    def offered(self) -> dict[str, Any]:
        return {"primary": verb(_("Sign the receipt"), Verb.RECEIVE)}


class PlanScreen(ItemScreen):
    """The measures, row by row; or an objection, while its days run."""

    def make_form(self, data: Any) -> forms.BaseForm:
        return PlanForm(data, planned=last_plan(self.item))

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.form
        assert isinstance(self.form, PlanForm)
        for row in self.form.rows:
            yield row.prefix or "", row

    def handlers(self) -> dict[str, Handler]:
        return {
            Verb.PLAN: self.plan,
            Verb.DISPUTE: lambda: self.decide(Verb.DISPUTE, opinion=self.text("opinion")),
        }

    def plan(self) -> HttpResponse:
        assert isinstance(self.form, PlanForm)
        if not self.form.is_valid():
            return self.show(422)
        return self.perform(Verb.PLAN, measures=self.form.measures())

    def offered(self) -> dict[str, Any]:
        return {
            "primary": verb(_("Submit the measures"), Verb.PLAN),
            "danger": verb(_("Object to the item"), Verb.DISPUTE),
        }


class PlanReviewScreen(ItemScreen):
    """Whoever raised the item accepts its measures, or sends them back."""

    def make_form(self, data: Any) -> forms.BaseForm:
        return AcceptanceForm(data)

    def handlers(self) -> dict[str, Handler]:
        return {
            Verb.ACCEPT_PLAN: lambda: self.decide(Verb.ACCEPT_PLAN, opinion=self.text("opinion")),
            Verb.SEND_BACK: lambda: self.decide(Verb.SEND_BACK, opinion=self.text("opinion")),
        }

    def offered(self) -> dict[str, Any]:
        return {
            "primary": verb(_("Accept the measures"), Verb.ACCEPT_PLAN),
            "danger": verb(_("Send back"), Verb.SEND_BACK),
        }


class ObjectionScreen(ItemScreen):
    """Whoever raised the item answers the unit's objection."""

    def make_form(self, data: Any) -> forms.BaseForm:
        return ObjectionForm(data, initial={"requirement": self.item.requirement})

    def handlers(self) -> dict[str, Handler]:
        return {Verb.ANSWER_DISPUTE: self.answer}

    def answer(self) -> HttpResponse:
        return self.decide(
            Verb.ANSWER_DISPUTE,
            adopted=self.text("adopted") == "yes",
            opinion=self.text("opinion"),
            requirement=self.text("requirement"),
        )

    def offered(self) -> dict[str, Any]:
        return {"primary": verb(_("Answer the objection"), Verb.ANSWER_DISPUTE)}


def last_plan(item: RectificationItem) -> list[PlannedMeasure]:
    """The measures that were planned last, to begin with after they came back."""
    last = item.plan.order_by("-decision").values_list("decision", flat=True).first()
    return [PlannedMeasure(row.text, row.who, row.by_when) for row in item.plan.filter(decision=last)]


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
        return VerificationForm(data, outstanding=self.item.outstanding)

    def handlers(self) -> dict[str, Handler]:
        return {
            Verb.VERIFY: self.verify,
            Verb.SEND_BACK: lambda: self.decide(Verb.SEND_BACK, opinion=self.text("opinion")),
        }

    def verify(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.show(422)
        assert isinstance(self.form, VerificationForm)
        settled = self.form.cleaned_data.get("settled")
        return self.perform(Verb.VERIFY, opinion=self.text("opinion"), settled=settled)

    def offered(self) -> dict[str, Any]:
        at_finance = self.item.stage == ItemStage.FINANCE_VERIFICATION
        label = _("Verify and close") if at_finance or not self.item.needs_finance else _("Verify")
        return {
            "primary": verb(label, Verb.VERIFY),
            "danger": verb(_("Send back"), Verb.SEND_BACK),
        }
