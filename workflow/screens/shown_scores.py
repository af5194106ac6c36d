"""Screens that show the scores side by side, and those on which a person gives own ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from approvals.models import PointerKind, ReturnPointer
from evaluations.computed import latest_scores, panel_rule_of, points_of, standing_scores
from evaluations.models import Indicator, Score, ScoreSource, Stage
from workflow.forms.review import ScoresForm
from workflow.presentation.own_scores import add_own_scores
from workflow.presentation.returned import add_marks, marks_of
from workflow.presentation.score_sheet import ScoreSheet
from workflow.presentation.scores import party_label, score_row, score_table, skipped_parties
from workflow.screens.base import Screen

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
        rule = panel_rule_of(self.evaluation)
        skipped = skipped_parties(self.evaluation, self.decisions)
        budget = self.evaluation.budget
        self.sheet = ScoreSheet(self.indicators, budget, parameters, panel_rule=rule, skipped=skipped)

    @property
    def evidence_url(self) -> str:
        return reverse("dossier_tab", args=[self.evaluation.pk, "evidence"])

    def pointer_url(self, pointer: ReturnPointer) -> str:
        if pointer.indicator_id:
            return f"#indicator-{pointer.indicator_id}"
        return super().pointer_url(pointer)

    def table(self) -> dict[str, Any]:
        """What score_table.html takes."""
        return score_table(self.sheet, self.evaluation.round, evidence_url=self.evidence_url)

    def cells(self) -> list[dict[str, Any]]:
        """The totals on top; what is not concluded yet takes no place."""
        cells = score_row(self.sheet, self.evaluation, self.decisions)
        return cells if cells[-1]["value"] is not None else cells[:-1]

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "cells": self.cells(),
            "score_table": add_marks(
                self.table(), self.sheet, marks_of(self.sent_back, PointerKind.INDICATOR)
            ),
            "notes": self.sheet.notes,
        }


class GivesScores(ShowsScores):
    """A screen with an own score beside each indicator."""

    def build(self, data: Any) -> None:
        super().build(data)
        self.party: str = OWN_SCORES[Stage(self.task.stage)]
        self.scores = self.make_scores(data)

    def make_scores(self, data: Any) -> ScoresForm:
        """The form of the own scores."""
        rows = self.scored_indicators()
        return ScoresForm(data, indicators=rows, given=self.prefilled(), typed=self.typed_before)

    def scored_indicators(self) -> list[Indicator]:
        """The indicators that can be scored: those with a weight."""
        return [row for row in self.indicators if row.weight is not None]

    def prefilled(self) -> dict[int, Decimal | None]:
        """The stated points, or a colleague's of this round: whoever agrees has nothing to type."""
        stated = latest_scores(self.indicators, ScoreSource.STATED)
        standing = standing_scores(self.indicators, self.party, self.evaluation.round)
        return {row.pk: points_of(stated[row.pk]) for row in self.indicators} | standing

    def table(self) -> dict[str, Any]:
        label = party_label(self.party, own_only=True)
        return add_own_scores(super().table(), self.sheet, self.scores, label)
