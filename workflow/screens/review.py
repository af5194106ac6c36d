"""The screens of those who review: the unit's approver, the department, the finance bureau."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import Verb
from approvals.procedure import return_targets
from evaluations.computed import latest_scores, points_of
from evaluations.models import Indicator, Score, ScoreSource, Stage
from workflow import services
from workflow.forms.review import ReviewForm, ScoresForm
from workflow.presentation.own_scores import add_own_scores
from workflow.presentation.score_sheet import ScoreSheet
from workflow.presentation.scores import party_label, score_row, score_table
from workflow.screens.base import Handler, Screen, verb
from workflow.screens.items_proposed import ProposesItems

OWN_SCORES = {
    Stage.DEPARTMENT_REVIEW: ScoreSource.DEPARTMENT,
    Stage.FINANCE_REVIEW: ScoreSource.FINANCE,
    Stage.EXPERT_SCORING: ScoreSource.EXPERT,
}


class ShowsScores(Screen):
    """A screen with the scores side by side."""

    def visible_scores(self) -> QuerySet[Score]:
        """The scores that the reader may see here."""
        return Score.objects.select_related("given_by")

    def build(self, data: Any) -> None:
        super().build(data)
        files = Count("evidence", filter=Q(evidence__withdrawn_at=None))
        self.indicators: list[Indicator] = list(
            self.evaluation.indicators.annotate(number_of_files=files)
            .order_by("position", "pk")  # counting files drops the model's own order
            .prefetch_related(Prefetch("scores", queryset=self.visible_scores()))
        )
        parameters = self.evaluation.scheme.as_parameters()
        self.sheet = ScoreSheet(self.indicators, self.evaluation.budget, parameters)

    @property
    def evidence_url(self) -> str:
        return reverse("dossier_tab", args=[self.evaluation.pk, "evidence"])

    def table(self) -> dict[str, Any]:
        """What score_table.html takes."""
        return score_table(self.sheet, self.evaluation.round, evidence_url=self.evidence_url)

    def cells(self) -> list[dict[str, Any]]:
        """The totals on top; what is not concluded yet takes no place."""
        cells = score_row(self.sheet, self.evaluation, self.decisions)
        return cells if self.evaluation.concluded_total is not None else cells[:-1]

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cells": self.cells(),
            "score_table": self.table(),
            "notes": self.sheet.notes,
        }


class GivesScores(ShowsScores):
    """A screen with an own score beside each indicator."""

    def build(self, data: Any) -> None:
        super().build(data)
        self.party: str = OWN_SCORES[Stage(self.task.stage)]
        rows = self.scored_indicators()
        self.scores = ScoresForm(data, indicators=rows, given=self.prefilled(), typed=self.typed_before)

    def scored_indicators(self) -> list[Indicator]:
        """The indicators that can be scored: those with a weight."""
        return [row for row in self.indicators if row.weight is not None]

    def prefilled(self) -> dict[int, Decimal | None]:
        """The stated points: whoever agrees has nothing to type."""
        stated = latest_scores(self.indicators, ScoreSource.STATED)
        return {row.pk: points_of(stated[row.pk]) for row in self.indicators}

    def table(self) -> dict[str, Any]:
        label = party_label(self.party, own_only=True)
        return add_own_scores(super().table(), self.sheet, self.scores, label)


class ReviewScreen(ProposesItems, ShowsScores):
    """Agree or return; the unit's approver gives no scores."""

    template_name = "workflow/task_review.html"
    passes = Verb.APPROVE

    def build(self, data: Any) -> None:
        super().build(data)
        targets = return_targets(self.evaluation) if self.task.is_open else []
        self.review = ReviewForm(data, targets=targets, initial=self.typed_before)

    def handlers(self) -> dict[str, Handler]:
        return {
            **super().handlers(),
            "save": self.save,
            "recalculate": self.show_again,
            self.passes: self.go_on,
            Verb.RETURN: self.send_back,
        }

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.review
        if self.verb == "raise_item":
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
        return self.perform(Verb.RETURN, opinion=self.opinion(), to=self.review.cleaned_data["to"])

    def save(self) -> HttpResponse:
        """Keep what was typed, as it was typed, for the same person to go on with."""
        services.keep_typed(**self.key, typed=self.typed_now(*self.decision_forms()))
        time = timezone.localtime().strftime("%H:%M")
        messages.success(self.request, _("Saved at %(time)s.") % {"time": time})
        return redirect(self.url)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "review": self.review, "verbs": self.offered()}

    def offered(self) -> dict[str, Any]:
        """The verbs of the action bar."""
        return {
            "primary": verb(_("Approve"), self.passes),
            "danger": verb(_("Return for changes"), Verb.RETURN),
            "others": [verb(_("Save draft"), "save")] if self.task.owner_id else [],
        }


class DepartmentReviewScreen(ReviewScreen, GivesScores):
    """The department agrees, adjusts a score with a reason, or returns."""

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield from super().named_forms()
        yield "", self.scores

    def decision_forms(self) -> list[forms.BaseForm]:
        return [self.review, self.scores]

    def go_on(self) -> HttpResponse:
        if not self.is_valid():
            return self.show(422)
        return self.perform(self.passes, opinion=self.opinion(), scores=self.scores.given())


class FinanceReviewScreen(DepartmentReviewScreen):
    """Finance accepts for the record, re-checks with its own scores, or returns."""

    passes = Verb.ACCEPT

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
        return self.perform(Verb.RECHECK, opinion=self.opinion(), scores=self.scores.given())

    def offered(self) -> dict[str, Any]:
        verbs = super().offered()
        return {
            **verbs,
            "primary": verb(_("Accept for the record"), Verb.ACCEPT),
            "others": [verb(_("Re-check with own scores"), Verb.RECHECK), *verbs["others"]],
        }
