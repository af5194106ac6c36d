"""The screens of the exchange of views on a draft, and of the signatures behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Right
from approvals.exchange import Exchange, exchange_of
from approvals.findings import Found
from approvals.findings_on_record import HANDED_IN
from approvals.models import FindingTurn, Verb
from approvals.signing import waits_for_signature
from evaluations.models import Stage
from workflow import services
from workflow.forms.exchange import ConsiderationsForm, PointsForm
from workflow.forms.review import AnswerForm
from workflow.presentation.exchange import answer_rows, exchange_shown
from workflow.screens.base import Handler
from workflow.screens.handing_in import HandsIn
from workflow.screens.review import ReviewScreen, SignScreen


class AnswerScreen(HandsIn):
    """The unit, or the department, answers the draft conclusion point by point.

    The unit adds files where it has them, and answers what reviewers asked.
    """

    template_name = "workflow/task_answer.html"
    parts = ()
    verbs_known = HANDED_IN  # the draft lies open to the unit, with what was asked about it

    @cached_property
    def is_the_units(self) -> bool:
        """Whether the unit is asked here, not the department."""
        return self.task.right == Right.FILL_SELF_ASSESSMENT

    @property
    def takes_files(self) -> bool:  # type: ignore[override]
        return self.is_the_units

    @cached_property
    def exchange(self) -> Exchange | None:
        return exchange_of(self.evaluation)

    def questions(self) -> list[FindingTurn]:
        """Questions are the unit's to answer."""
        return super().questions() if self.is_the_units else []

    @cached_property
    def found(self) -> list[Found]:
        """Nothing of the dossier is filled in here: nothing has to be explained."""
        return []

    def build_words(self, data: Any) -> None:
        self.words = AnswerForm(data, initial=self.typed_before)
        points = self.exchange.points if self.exchange else ()
        if self.verb == "agree_all":
            data = PointsForm.agreeing(data, points)
        self.points = PointsForm(data, points=points, typed=self.typed_before)

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.points
        yield from super().named_forms()

    def form_of(self, key: str) -> tuple[Any, str]:
        return (self.points, key) if key in self.points.fields else super().form_of(key)

    def is_valid(self) -> bool:
        return self.points.is_valid() & super().is_valid()

    def typed_words(self) -> dict[str, str]:
        return {**super().typed_words(), **self.typed_now(self.points)}

    def handlers(self) -> dict[str, Handler]:
        return {**super().handlers(), Verb.ANSWER: self.answer_draft, "agree_all": self.show_again}

    def keep(self, **details: Any) -> None:
        """The department fills in nothing of the dossier: its words are kept with the step."""
        if self.is_the_units:
            super().keep(**details)
        else:
            services.keep_typed(**self.key, typed=self.typed_words())

    def answer_draft(self) -> HttpResponse:
        if not self.is_valid():
            return self.show_all_that_is_missing()
        opinion, answers = self.words.cleaned_data["opinion"], self.explanations.answers()
        files = self.upload.new_files() if self.takes_files else ()
        return self.perform(
            Verb.ANSWER, opinion=opinion, views=self.points.views(), answers=answers, files=files
        )

    def context(self) -> dict[str, Any]:
        rows = answer_rows(self.exchange, self.points)
        return {**super().context(), "answer_rows": rows, "own_points": self.points.own_points()}


class CommissionedSignScreen(SignScreen):
    """Somebody signs the report or the conclusion, with the exchange of views before their eyes."""

    template_name = "workflow/task_sign.html"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "exchange": exchange_shown(self.evaluation),
            "to_be_signed": waits_for_signature(self.evaluation),
        }


class ConsiderScreen(ReviewScreen):
    """The evaluator adopts each objection or not, and goes on to the conclusion or drafts anew."""

    template_name = "workflow/task_consider.html"
    passes = Verb.CONSIDER

    def build(self, data: Any) -> None:
        super().build(data)
        exchange = exchange_of(self.evaluation)
        views = exchange.objections if exchange else []
        typed = {**said_before(exchange), **self.typed_before}
        self.considerations = ConsiderationsForm(data, views=views, typed=typed)
        self.review.fields["to"].initial = Stage.DRAFT_CONCLUSION.value

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.considerations
        yield from super().named_forms()

    def decision_forms(self) -> list[forms.BaseForm]:
        return [self.considerations, self.review]

    def send_back(self) -> HttpResponse:
        """Return, usually to be drafted anew; what was made of the objections so far goes on record."""
        if not self.is_valid():
            return self.show(422)
        return self.perform(
            Verb.RETURN,
            opinion=self.opinion(),
            **self.review.way_back(),
            considered=self.considerations.considered(),
        )

    def go_on(self) -> HttpResponse:
        if not self.is_valid():
            return self.show(422)
        considered = self.considerations.considered()
        return self.perform(self.passes, opinion=self.opinion(), considered=considered)

    def pass_words(self) -> str:
        return _("Go on to the conclusion")

    def context(self) -> dict[str, Any]:
        return {**super().context(), "exchange": exchange_shown(self.evaluation, self.considerations)}


def said_before(exchange: Exchange | None) -> dict[str, str]:
    """What was made of the objections before, when the matter comes back here."""
    made = exchange.made_of.values() if exchange else ()
    return {
        name: value
        for each in made
        for name, value in (
            (f"adopted-{each.view_id}", "yes" if each.adopted else "no"),
            (f"reason-{each.view_id}", each.reason),
        )
    }
