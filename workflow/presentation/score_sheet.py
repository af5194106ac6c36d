"""The scores of a dossier side by side: what was stated, computed, reviewed and judged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from evaluations.computed import budget_figures, latest_scores, points_of
from evaluations.models import Budget, Indicator, Score, ScoreSource
from evaluations.scoring import (
    Explanation,
    PanelRow,
    SchemeParameters,
    ScoredDossier,
    ScoredIndicator,
    ScoredPanel,
    ScoringError,
    grade_of,
    level1_of,
    score_dossier,
    score_panel,
)
from evaluations.scoring.panel import MEAN

Figure = Decimal | None
COMPUTED = "computed"
# The order of the columns; none overwrites another.
PARTIES = (ScoreSource.STATED, COMPUTED, ScoreSource.DEPARTMENT, ScoreSource.FINANCE, ScoreSource.EXPERT)


@dataclass(frozen=True)
class Cell:
    """One party's points for one row, and why."""

    points: Figure
    explanation: str = ""
    is_illustrative: bool = False


@dataclass(frozen=True)
class Column:
    """One party's points, indicator by indicator, with the form's execution row."""

    party: str
    cells: tuple[Cell, ...]
    execution: Cell
    total: Figure
    round: int = 0
    """The round in which the party scored; 0 for what the rules compute."""
    is_given: bool = True
    counts: bool = True
    """Whether the points stand; not when the unit stated anew and the party was not asked again."""

    @property
    def says_anything(self) -> bool:
        """Whether there is any figure of the party's own."""
        figures = (self.total, *(cell.points for cell in self.cells))
        return self.is_given and any(figure is not None for figure in figures)


@dataclass(frozen=True)
class Level:
    """A level 1 as the form prints it, with the places of its indicators."""

    label: str
    places: tuple[int, ...]
    weight: Figure


class ScoreSheet:
    """All scores of a dossier; ``indicators`` come with the scores that the reader may see."""

    def __init__(
        self,
        indicators: Sequence[Indicator],
        budget: Budget,
        parameters: SchemeParameters,
        stated_total: Figure = None,
        panel_rule: str = MEAN,
        skipped: Collection[str] = (),
    ) -> None:
        """``stated_total`` is the total that the unit printed, also where it printed no single scores.

        ``panel_rule`` says how the experts' points are put together. ``skipped`` are the parties
        that are not asked again in this round: what they gave last stays in sight.
        """
        self.indicators = list(indicators)
        self.budget = budget
        self.parameters = parameters
        self.stated_total = stated_total
        self.panel_rule = panel_rule
        self.skipped = skipped

    @cached_property
    def scored(self) -> ScoredDossier:
        """What the rules give."""
        figures = [indicator.figures() for indicator in self.indicators]
        return score_dossier(figures, budget_figures(self.budget), self.parameters)

    @cached_property
    def given(self) -> dict[str, dict[int, list[Score]]]:
        """The scores that people gave, by party and indicator, in the last round of each."""
        found = {party: latest_scores(self.indicators, party) for party in PARTIES if party != COMPUTED}
        return {**found, **{party: self.given_before[party] for party in self.from_before}}

    @cached_property
    def given_before(self) -> dict[str, dict[int, list[Score]]]:
        """What the skipped parties gave in their last round, whatever was stated since."""
        return {party: last_given(self.indicators, party) for party in self.skipped}

    @cached_property
    def from_before(self) -> set[str]:
        """The skipped parties whose points count no more, since the unit stated anew."""
        return {
            party
            for party in self.skipped
            if not any(latest_scores(self.indicators, party).values())
            and any(self.given_before[party].values())
        }

    @cached_property
    def panel(self) -> ScoredPanel:
        """What the experts' points come to, as far as the reader may see them."""
        given = self.given[ScoreSource.EXPERT]
        rows = [
            PanelRow(
                level1=indicator.level1,
                name=indicator.name,
                weight=indicator.weight,
                given={score.given_by_id: score.points for score in given[indicator.pk]},
            )
            for indicator in self.indicators
        ]
        return score_panel(rows, self.panel_rule, self.budget.stated_score or Decimal(0))

    @cached_property
    def experts(self) -> dict[int, str]:
        """What the experts are called whose points the reader sees."""
        given = self.given[ScoreSource.EXPERT].values()
        return {score.given_by_id: str(score.given_by) for scores in given for score in scores}

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The parties that gave any score, in order."""
        found = {party: self._computed() if party == COMPUTED else self._given(party) for party in PARTIES}
        return {party: column for party, column in found.items() if column.says_anything}

    @cached_property
    def levels(self) -> list[Level]:
        """The level 1 in the order in which the form first names it."""
        places: dict[str, list[int]] = {}
        for place, indicator in enumerate(self.indicators):
            places.setdefault(level1_of(indicator.level1), []).append(place)
        return [
            Level(self.indicators[rows[0]].level1, tuple(rows), self._weight_of(rows))
            for rows in places.values()
        ]

    @property
    def has_execution_row(self) -> bool:
        """Whether execution is scored apart from the indicators."""
        return self.scored.execution.weight is not None

    @property
    def notes(self) -> list[str]:
        """What one has to know about the computed scores, in the reader's language."""
        notes: list[Explanation | ScoringError] = [*self.scored.notes, *self.scored.faults]
        return [note.text(_) for note in notes]

    def grade_of(self, total: Figure) -> str:
        """The letter of the grade; empty without a total or for one beyond 100."""
        if total is None or not 0 <= total <= 100:
            return ""
        return grade_of(total, self.parameters)

    def _weight_of(self, places: Sequence[int]) -> Figure:
        weights = [self.scored.indicators[place].weight for place in places]
        return sum_of_known(weights)

    def _computed(self) -> Column:
        rows = self.scored.indicators
        execution = self.scored.execution
        return Column(
            party=COMPUTED,
            cells=tuple(Cell(row.points, computed_words(row)) for row in rows),
            execution=Cell(execution.points, execution.explanation.text(_)),
            total=self.scored.total,
        )

    def _given(self, party: str) -> Column:
        scores = [score for found in self.given[party].values() for score in found]
        is_printed = party == ScoreSource.STATED and self.stated_total is not None
        if party == ScoreSource.EXPERT:
            cells = tuple(self._panel_cell(place) for place in range(len(self.indicators)))
        else:
            cells = tuple(self._cell(party, indicator) for indicator in self.indicators)
        execution = Cell(self.budget.stated_score)
        return Column(
            party=party,
            cells=cells,
            execution=execution,
            total=self._total(cells, execution) if scores else self.stated_total if is_printed else None,
            round=max((score.round for score in scores), default=0),
            is_given=bool(scores) or is_printed,
            counts=party not in self.from_before,
        )

    def _cell(self, party: str, indicator: Indicator) -> Cell:
        """What the party gave; a reviewer who gave nothing left the stated points as they were."""
        scores = self.given[party][indicator.pk]
        if not scores and party in self.from_before:
            return Cell(stated_until(indicator, max(self.rounds_of(party), default=0)))
        if not scores and party in (ScoreSource.DEPARTMENT, ScoreSource.FINANCE):
            return Cell(points_of(self.given[ScoreSource.STATED][indicator.pk]))
        illustrative = any(score.is_illustrative for score in scores)
        return Cell(points_of(scores), reasons_of(scores), illustrative)

    def rounds_of(self, party: str) -> set[int]:
        """The rounds of the points that are shown of a party."""
        return {score.round for found in self.given[party].values() for score in found}

    def _panel_cell(self, place: int) -> Cell:
        """The panel's points: how they were computed, then each expert's points with the opinion."""
        figure = self.panel.rows[place]
        scores = self.given[ScoreSource.EXPERT][self.indicators[place].pk]
        if not scores:
            return Cell(None)
        words = [figure.explanation.text(_)] if len(scores) > 1 else []
        illustrative = any(score.is_illustrative for score in scores)
        return Cell(figure.points, "\n".join([*words, *map(opinion_line, scores)]), illustrative)

    def _total(self, cells: Sequence[Cell], execution: Cell) -> Figure:
        """The sum of a party's points; None while an indicator that has a weight has none."""
        for cell, indicator in zip(cells, self.indicators, strict=True):
            if cell.points is None and indicator.weight is not None:
                return None
        return sum((cell.points or Decimal(0) for cell in (*cells, execution)), Decimal(0))


def last_given(indicators: Sequence[Indicator], party: str) -> dict[int, list[Score]]:
    """A reviewer's points of the last round in which there are any, by the indicator's id."""
    rows = {row.pk: [score for score in row.scores.all() if score.source == party] for row in indicators}
    last = max((score.round for found in rows.values() for score in found), default=0)
    return {pk: [score for score in found if score.round == last] for pk, found in rows.items()}


def stated_until(indicator: Indicator, round: int) -> Figure:
    """What the unit had stated in that round."""
    stated = [
        score
        for score in indicator.scores.all()
        if score.source == ScoreSource.STATED and score.round <= round
    ]
    return max(stated, key=lambda score: score.round).points if stated else None


def sum_of_known(figures: Sequence[Figure]) -> Figure:
    """The sum of the figures that are known; None when none is."""
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None


def computed_words(row: ScoredIndicator) -> str:
    """How the points were computed; where a judgement is needed, between which points."""
    words = row.explanation.text(_)
    if row.tier is not None:
        words = " ".join([words, _("Range: %(least)s–%(most)s.") % {"least": row.least, "most": row.most}])
    return words


def reasons_of(scores: Sequence[Score]) -> str:
    """Why a reviewer gave these points."""
    return "\n".join(filter(None, (score.reason for score in scores)))


def opinion_line(score: Score) -> str:
    """An expert's points, with the opinion where there is one."""
    return f"{score.given_by} {score.points:.2f}" + (f" · {score.reason}" if score.reason else "")
