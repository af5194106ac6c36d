"""The scores of a dossier as a report shows them: each party's beside the others'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from approvals.documents.report import Figure, IndicatorRow, ScoreSet, Subtotal, Text, Totals
from approvals.documents.wording import grade_label, spoken
from approvals.signing import waits_for_signature
from evaluations.computed import computed, latest_scores, panel_rule_of, points_of
from evaluations.models import PANEL_STAGES, Comparator, Evaluation, Indicator, Score, ScoreSource
from evaluations.scoring import ScoredDossier, ScoredIndicator, level1_of

PARTIES = {
    "stated": ScoreSource.STATED,
    "department": ScoreSource.DEPARTMENT,
    "finance": ScoreSource.FINANCE,
    "panel": ScoreSource.EXPERT,
}


@dataclass(frozen=True)
class Scores:
    """Every score of a dossier, read from prefetched rows."""

    evaluation: Evaluation
    indicators: tuple[Indicator, ...]
    given: dict[str, dict[int, list[Score]]]
    by_rule: ScoredDossier

    @classmethod
    def of(cls, evaluation: Evaluation) -> Scores:
        """The scores of an evaluation whose indicators and scores are prefetched.

        In a department or finance evaluation the unit supplies material, never a score.
        """
        indicators = tuple(evaluation.indicators.all())
        hidden = {"panel": is_blind(evaluation), "stated": not evaluation.is_self}
        parties = {name: source for name, source in PARTIES.items() if not hidden.get(name)}
        return cls(
            evaluation=evaluation,
            indicators=indicators,
            given={name: latest_scores(indicators, source) for name, source in parties.items()},
            by_rule=computed(evaluation, indicators, evaluation.scheme.as_parameters()),
        )

    def gave(self, party: str) -> bool:
        """Whether the party scored at least one indicator."""
        return any(self.given.get(party, {}).values())

    def points(self, party: str, indicator: Indicator) -> Figure:
        return points_of(self.given.get(party, {}).get(indicator.pk, []), panel_rule_of(self.evaluation))

    def points_that_count(self, party: str, indicator: Indicator) -> Figure:
        """The same; where a reviewer left a score as stated, the stated points count."""
        found = self.points(party, indicator)
        if found is None and party in ("department", "finance") and self.gave(party):
            return self.points("stated", indicator)
        return found

    def rows(self) -> tuple[IndicatorRow, ...]:
        pairs = zip(self.indicators, self.by_rule.indicators, strict=True)
        return tuple(self.row(indicator, scored) for indicator, scored in pairs)

    def row(self, indicator: Indicator, scored: ScoredIndicator) -> IndicatorRow:
        scores = [score for by_id in self.given.values() for score in by_id.get(indicator.pk, [])]
        return IndicatorRow(
            level1=indicator.level1,
            level2=indicator.level2,
            name=indicator.name,
            weight=scored.weight,
            target=indicator.target_text or target_of(indicator),
            actual=indicator.actual_text or measured(indicator.actual_value, indicator),
            scores=ScoreSet(
                computed=scored.points, **{party: self.points(party, indicator) for party in PARTIES}
            ),
            # Where experts judge, what the rule could not compute explains nothing.
            explanation="" if scored.points is None and self.gave("panel") else spoken(scored.explanation),
            opinion="\n".join(dict.fromkeys(score.reason for score in scores if score.reason)),
            deviation_reason=indicator.deviation_reason,
            is_illustrative=any(score.is_illustrative for score in scores),
        )

    def execution(self) -> ScoreSet:
        """Points of the form's execution row: reviewers leave them as stated."""
        stated = self.evaluation.budget.stated_score if self.evaluation.is_self else None
        reviewed = {party: stated for party in ("department", "finance") if self.gave(party)}
        return ScoreSet(stated=stated, computed=self.by_rule.execution.points, **reviewed)

    def subtotals(self) -> tuple[Subtotal, ...]:
        """Budget execution when it is scored apart, then one line for each level 1."""
        levels = tuple(self.level(part.level1, part.weight, part.points) for part in self.by_rule.subtotals)
        weight = self.by_rule.execution.weight
        if weight is None:
            return levels
        return (Subtotal(level1=_("Budget execution"), weight=weight, scores=self.execution()), *levels)

    def level(self, level1: str, weight: Figure, points: Figure) -> Subtotal:
        members = [one for one in self.indicators if level1_of(one.level1) == level1]
        sums = {party: total(self.points_that_count(party, one) for one in members) for party in PARTIES}
        return Subtotal(level1=level1, weight=weight, scores=ScoreSet(computed=points, **sums))

    def totals(self) -> Totals:
        evaluation = self.evaluation
        parts = [part.scores for part in self.subtotals()]
        sums = {
            party: total(getattr(scores, party) for scores in parts)
            for party in ("department", "finance", "panel")
            if self.gave(party)
        }
        return Totals(
            scores=ScoreSet(
                stated=evaluation.stated_total if evaluation.is_self else None,
                computed=self.by_rule.total,
                **sums,
            ),
            stated_grade=grade_label(evaluation.stated_grade) if evaluation.is_self else "",
            concluded=evaluation.concluded_total if evaluation.is_concluded else None,
            grade=grade_label(evaluation.concluded_grade if evaluation.is_concluded else ""),
        )

    def notes(self) -> tuple[Text, ...]:
        """What a reader has to know about the computed figures."""
        computes = any(row.points is not None for row in self.by_rule.indicators)
        total = (self.by_rule.explanation,) if computes else ()
        notes: list[Text] = [spoken(note) for note in (*self.by_rule.notes, *total)]
        if is_blind(self.evaluation):
            notes.append(_("The experts' scores are left out until all of them have scored."))
        if waits_for_signature(self.evaluation):
            notes.append(_("The conclusion has still to be signed."))
        return tuple(notes)


def is_blind(evaluation: Evaluation) -> bool:
    """Whether experts still score: what one of them gave must not reach another through a document."""
    return not evaluation.is_self and evaluation.stage in PANEL_STAGES


def total(figures: Iterable[Figure]) -> Figure:
    """The sum; None as long as one is missing."""
    found = list(figures)
    known = [figure for figure in found if figure is not None]
    return sum(known, start=Decimal(0)) if found and len(known) == len(found) else None


def target_of(indicator: Indicator) -> str:
    """The target written from its figure; most dossiers give it in words as well."""
    sign = Comparator(indicator.comparator).label if indicator.comparator else ""
    figure = measured(indicator.target_value, indicator)
    return f"{sign}{figure}" if figure else ""


def measured(value: Figure, indicator: Indicator) -> str:
    """A figure with its unit of measure; "" for none."""
    return "" if value is None else f"{value.normalize():f}{indicator.unit_of_measure}"
