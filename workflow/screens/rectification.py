"""The screens of a rectification item: plan, carry out and report, verify."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.access import item_for, visible_items
from approvals.actions.dispute import last_day_to_object, require_may_object
from approvals.actions.plan import PlannedMeasure
from approvals.models import Decision, ItemEvidence, ItemStage, RectificationItem, Verb
from audit_log.errors import InvalidInput, WrongStage
from evaluations.access import visible_to
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
from workflow.presentation.figures import plain
from workflow.presentation.item_course import course_of
from workflow.presentation.rectification_notices import letter_of
from workflow.screens.base import Handler, Screen, verb

ROWS_ADDED = 2


class ItemScreen(Screen):
    """What every step of an item shows: the requirement and all that was done about it."""

    template_name = "workflow/task_item.html"
    form_template = "workflow/_item_opinion.html"
    """What is typed at this step."""
    shows_plan = True

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
        files = list(ItemEvidence.objects.filter(item=self.item).select_related("evidence__uploaded_by"))
        task = open_tasks_of(self.evaluation.pk).filter(item=self.item)
        waiting = task.select_related("owner", "organization").first()
        return {
            "item": self.item,
            "steps": presented.stepper(self.item, decisions),
            "rounds": presented.rounds(self.item, decisions, files, waiting),
            "facts": presented.facts(self.item, links_evaluation=self.sees_evaluation),
            "course": course_of(self.item, decisions, files),
            "deadline": presented.deadline_of(self.item),
        }

    @cached_property
    def sees_evaluation(self) -> bool:
        """Whether the reader may see the dossier, not only the item that their unit carries out."""
        return visible_to(self.user).filter(pk=self.item.evaluation_id).exists()

    def decide(self, verb: str, **details: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.show(422)
        return self.perform(verb, **details)

    def text(self, name: str) -> str:
        return str(self.form[name].value() or "")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "form": self.form,
            "form_template": self.form_template,
            "shows_plan": self.shows_plan,
            "verbs": self.offered(),
        }

    def offered(self) -> dict[str, Any]:
        raise NotImplementedError


class ReceiptScreen(ItemScreen):
    """The unit signs for the notice, once for all of its items."""

    form_template = "workflow/_item_receipt.html"
    shows_plan = False

    def make_form(self, data: Any) -> forms.BaseForm:
        return ReceiptForm(data)

    def handlers(self) -> dict[str, Handler]:
        return {Verb.RECEIVE: self.receive}

    def receive(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.show(422)
        signed = rectifying.receive(**self.key, opinion=self.text("opinion"))
        return self.done(signed[0])

    def context(self) -> dict[str, Any]:
        """The whole notice, for those who see the evaluation; else the items that ask the reader's unit."""
        notice = self.item.notice
        if notice is None:
            return super().context()
        if self.sees_evaluation:
            return {**super().context(), "letter": letter_of(notice)}
        own = visible_items(self.user).filter(notice=notice).select_related("responsible_unit")
        return {**super().context(), "own_items": own.order_by("number")}

    def offered(self) -> dict[str, Any]:
        return {"primary": verb(_("Sign the receipt"), Verb.RECEIVE)}


class PlanScreen(ItemScreen):
    """The measures, row by row; or an objection, while its days run."""

    form_template = "workflow/_item_plan_form.html"
    shows_plan = False
    form: PlanForm

    def make_form(self, data: Any) -> PlanForm:
        more = ROWS_ADDED if self.verb == "add" else 0
        return PlanForm(data, planned=last_plan(self.item), more=more)

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.form
        for number, row in enumerate(self.form.rows, start=1):
            yield _("Measure %(number)s") % {"number": number}, row

    def form_of(self, key: str) -> tuple[Any, str]:
        """A fault of the plan names the place of a measure; blank rows between have none."""
        found = re.fullmatch(r"measure-(\d+)-(\w+)", key)
        return (self.form.filled[int(found[1])], found[2]) if found else super().form_of(key)

    def handlers(self) -> dict[str, Handler]:
        return {
            Verb.PLAN: self.plan,
            Verb.DISPUTE: lambda: self.decide(Verb.DISPUTE, opinion=self.text("opinion")),
            "add": self.show_again,
        }

    def plan(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.show(422)
        if self.text("opinion").strip():
            words = _("You wrote an objection: object to the item, or clear the objection.")
            raise InvalidInput.at("opinion", words)
        return self.perform(Verb.PLAN, measures=self.form.measures())

    def context(self) -> dict[str, Any]:
        until = last_day_to_object(self.item) if self.may_object else None
        return {**super().context(), "may_object": self.may_object, "object_until": until}

    @cached_property
    def may_object(self) -> bool:
        """Once, while the days for it run."""
        try:
            require_may_object(self.item)
        except WrongStage:
            return False
        return True

    def offered(self) -> dict[str, Any]:
        objecting = verb(_("Object to the item"), Verb.DISPUTE) if self.may_object else None
        return {
            "primary": verb(_("Submit the measures"), Verb.PLAN),
            "danger": objecting,
            "others": [extension_link(self.item)],
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

    form_template = "workflow/_item_objection_form.html"

    def make_form(self, data: Any) -> forms.BaseForm:
        begins = {"requirement": self.item.requirement, "amount": plain(self.item.amount)}
        return ObjectionForm(data, initial=begins)

    def handlers(self) -> dict[str, Handler]:
        return {Verb.ANSWER_DISPUTE: self.answer}

    def answer(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.show(422)
        assert isinstance(self.form, ObjectionForm)
        return self.perform(
            Verb.ANSWER_DISPUTE,
            adopted=self.text("adopted") == "yes",
            opinion=self.text("opinion"),
            requirement=self.text("requirement"),
            amount=self.form.cleaned_data["amount"],
            no_amount=self.form.says_no_amount,
        )

    def offered(self) -> dict[str, Any]:
        return {"primary": verb(_("Answer the objection"), Verb.ANSWER_DISPUTE)}


def extension_link(item: RectificationItem) -> dict[str, str]:
    """The way to an extension, on the item's page."""
    return {"label": _("Ask for an extension"), "url": reverse("item", args=[item.pk]) + "#extension"}


def last_plan(item: RectificationItem) -> list[PlannedMeasure]:
    """The measures that were planned last, to begin with after they came back."""
    last = item.plan.order_by("-decision").values_list("decision", flat=True).first()
    return [PlannedMeasure(row.text, row.who, row.by_when) for row in item.plan.filter(decision=last)]


class CarryOutScreen(ItemScreen):
    """The result and the files that show it go in together, or not at all."""

    form_template = "workflow/_item_report_form.html"

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
        page = reverse("item", args=[self.item.pk])
        progress = {"label": _("Enter progress"), "url": f"{page}#progress"}
        return {
            "primary": verb(_("Report done"), Verb.REPORT),
            "others": [progress, extension_link(self.item)],
        }


class VerifyScreen(ItemScreen):
    """Somebody else proves it done, or sends it back with what is missing."""

    form_template = "workflow/_item_verification_form.html"

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
