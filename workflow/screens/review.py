"""The screens of those who review: the unit's approver, the department, the finance bureau."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import Verb
from approvals.procedure import Step, step_of
from workflow import services
from workflow.forms.review import ReviewForm
from workflow.presentation.returned import things_of
from workflow.presentation.votes import votes_shown
from workflow.presentation.words import return_choices
from workflow.screens.base import Handler, verb
from workflow.screens.findings_turned import AdjustsScores, TurnsFindings


class ReviewScreen(TurnsFindings):
    """Agree or return; the unit's approver gives no scores."""

    template_name = "workflow/task_review.html"
    passes = Verb.APPROVE

    @cached_property
    def step(self) -> Step | None:
        """What the procedure says of this step."""
        return step_of(self.evaluation, self.task.stage, self.task.step)

    @property
    def votes(self) -> bool:
        """Whether several are asked here, each with a vote."""
        return self.step is not None and self.step.policy is not None and self.step.policy.who != "any"

    @property
    def against(self) -> Verb:
        """What says no here: a return, or a vote against."""
        return Verb.OBJECT if self.votes else Verb.RETURN

    def pass_words(self) -> str:
        """The words of the button that passes the step."""
        return _("Vote for it") if self.votes else _("Approve")

    def against_words(self) -> str:
        """The words of the button that says no."""
        return _("Vote against it") if self.votes else _("Return for changes")

    def build(self, data: Any) -> None:
        super().build(data)
        returns = self.step is not None and self.against in self.step.verbs
        targets = return_choices(self.evaluation) if self.task.is_open and returns else []
        things = things_of(self.evaluation, self.indicators) if targets else []
        self.review = ReviewForm(data, targets=targets, things=things, initial=self.typed_before)

    def handlers(self) -> dict[str, Handler]:
        return {
            **super().handlers(),
            "save": self.save,
            "recalculate": self.show_again,
            self.passes: self.go_on,
            self.against: self.send_back,
        }

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.review
        yield from super().named_forms()
        if self.item_form.is_bound:
            yield _("Rectification item"), self.item_form

    def decision_forms(self) -> list[forms.BaseForm]:
        """The forms that the decision itself needs."""
        return [self.review]

    def opinion(self) -> str:
        return str(self.review["opinion"].value() or "")

    def is_valid(self) -> bool:
        faulty = [form for form in self.decision_forms() if not form.is_valid()]
        return not faulty

    def go_on(self) -> HttpResponse:
        if not self.is_valid():
            return self.show(422)
        return self.perform(self.passes, opinion=self.opinion())

    def send_back(self) -> HttpResponse:
        """Return with a reason; scores typed so far do not matter any more."""
        if not self.review.is_valid():
            return self.show(422)
        return self.perform(self.against, opinion=self.opinion(), **self.review.way_back())

    def save(self) -> HttpResponse:
        """Keep what was typed, as it was typed, for the same person to go on with."""
        services.keep_typed(**self.key, typed=self.typed_now(*self.decision_forms(), self.turns))
        time = timezone.localtime().strftime("%H:%M")
        messages.success(self.request, _("Saved at %(time)s.") % {"time": time})
        return redirect(self.url)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "review": self.review,
            "verbs": self.offered(),
            "votes": votes_shown(self.evaluation) if self.votes else None,
        }

    def offered(self) -> dict[str, Any]:
        """The verbs of the action bar."""
        return {
            "primary": verb(self.pass_words(), self.passes),
            "danger": verb(self.against_words(), self.against),
            "others": [verb(_("Save draft"), "save")] if self.task.owner_id else [],
        }


class DepartmentReviewScreen(ReviewScreen, AdjustsScores):
    """The department agrees, adjusts a score with a reason, or returns."""

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield from super().named_forms()
        yield "", self.scores

    def decision_forms(self) -> list[forms.BaseForm]:
        return [self.review, self.scores]

    def go_on(self) -> HttpResponse:
        if not self.is_valid():
            return self.show(422)
        return self.perform(self.passes, opinion=self.opinion(), **self.scores_with_findings())

    def scores_with_findings(self) -> dict[str, Any]:
        """The own scores, and the findings that led to them."""
        return {"scores": self.scores.given(), "adjusted": self.scores.adjusted()}


class SignScreen(ReviewScreen):
    """Sign what was concluded or reported as it stands, or return it."""

    passes = Verb.SIGN

    def pass_words(self) -> str:
        return super().pass_words() if self.votes else _("Sign")


class FilingScreen(ReviewScreen):
    """Finance accepts for the record, or returns; its policy lets it give no scores."""

    passes = Verb.ACCEPT

    def pass_words(self) -> str:
        return _("Accept for the record")


class RecheckScreen(FilingScreen, DepartmentReviewScreen):
    """Finance accepts for the record, re-checks with its own scores, or returns."""

    def handlers(self) -> dict[str, Handler]:
        return {**super().handlers(), Verb.RECHECK: self.recheck}

    def go_on(self) -> HttpResponse:
        """Accept with the score as it stands; points typed beside it are not taken."""
        if not self.is_valid():
            return self.show(422)
        if self.departs():
            message = _("You changed scores: choose the re-check to keep them, or undo them.")
            self.review.add_error("opinion", message)
            return self.show(422)
        return self.perform(Verb.ACCEPT, opinion=self.opinion())

    def departs(self) -> bool:
        """Whether points were typed that differ from the stated ones."""
        stated = self.prefilled()
        return any(points != stated[pk] for pk, (points, _reason) in self.scores.given().items())

    def recheck(self) -> HttpResponse:
        if not self.is_valid():
            return self.show(422)
        return self.perform(Verb.RECHECK, opinion=self.opinion(), **self.scores_with_findings())

    @property
    def may_ask(self) -> bool:
        """What was drawn is compared as it stands: the unit is not asked here."""
        return self.evaluation.drawn_at is None

    def offered(self) -> dict[str, Any]:
        verbs = super().offered()
        if self.evaluation.drawn_at is not None:
            words = _("Finish the re-check")
            return {**verbs, "primary": verb(words, Verb.RECHECK), "danger": None}
        recheck = verb(_("Re-check with own scores"), Verb.RECHECK)
        return {**verbs, "others": [recheck, *verbs["others"]]}
