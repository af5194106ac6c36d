"""Draws for re-checks on a page: candidates with their chances, results, and points side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from approvals.models import RecheckCandidate, RecheckDraw, RecheckResult
from evaluations.computed import latest_scores, points_of
from evaluations.models import Evaluation, Score, ScoreSource
from evaluations.sampling import RiskFacts
from workflow.presentation.words import stage_label
from workflow.rechecking import Outlook

Row = dict[str, Any]


def outlook_rows(outlook: Outlook) -> list[Row]:
    """Each candidate with what its weight comes from, and how likely it is."""
    return [
        {
            "evaluation": each.evaluation,
            "weight": each.weight,
            "chance": f"{chance * 100:.1f}%",
            **facts_shown(each.facts),
        }
        for each, chance in outlook.rows
    ]


def facts_shown(facts: RiskFacts) -> Row:
    """The money and the doubts of a candidate."""
    rate = facts.paid / facts.annual * 100 if facts.paid is not None and facts.annual else None
    return {
        "annual": facts.annual,
        "errors": facts.errors,
        "warnings": facts.warnings,
        "rate": "" if rate is None else f"{rate:.2f}%",
        "is_low": facts.low_execution,
    }


def weights_shown(draw: RecheckDraw) -> list[Row]:
    """By which weights was drawn, as label and value."""
    used = draw.used_weights
    labels = {
        "amount": _("For each 1 million yuan of annual budget"),
        "error": _("For each error handed in with a reason"),
        "warning": _("For each warning"),
        "low_execution": _("For an execution rate below 80%"),
    }
    return [{"label": label, "value": f"{getattr(used, name):f}"} for name, label in labels.items()]


def drawn_row(candidate: RecheckCandidate, results: Mapping[int, RecheckResult]) -> Row:
    """One that was drawn, with what the re-check came to so far."""
    result = results.get(candidate.evaluation_id)
    return {
        "candidate": candidate,
        "evaluation": candidate.evaluation,
        "result": result,
        "stage": stage_label(candidate.evaluation.stage),
        **state_of(result),
    }


def state_of(result: RecheckResult | None) -> Row:
    """How far the re-check is, in words and as a colour."""
    if result is None:
        return {"state": _("not re-checked yet"), "tone": "blue"}
    if result.exceeds:
        return {"state": _("above the threshold"), "tone": "red"}
    return {"state": _("within the threshold"), "tone": "green"}


def progress(draw: Any, above: int) -> list[Row]:
    """The figures that answer first."""
    return [
        {"value": draw.considered, "label": pgettext("re-check", "Candidates")},
        {"value": draw.number, "label": _("Drawn")},
        {"value": draw.rechecked, "label": _("Re-checked")},
        {"value": above, "label": _("Above the threshold"), "tone": "red" if above else ""},
    ]


def compared_rows(evaluation: Evaluation) -> list[Row]:
    """Indicator by indicator: stated, by the department, by finance, and how far finance is from stated."""
    indicators = list(evaluation.indicators.order_by("position", "pk").prefetch_related("scores"))
    sources = (ScoreSource.STATED, ScoreSource.DEPARTMENT, ScoreSource.FINANCE)
    given = {source: latest_scores(indicators, source) for source in sources}
    return [
        compared_row(indicator, {source: given[source][indicator.pk] for source in sources})
        for indicator in indicators
    ]


def compared_row(indicator: Any, given: Mapping[str, Sequence[Score]]) -> Row:
    """One indicator's points; whoever gave none left it as it was stated."""
    stated = points_of(given[ScoreSource.STATED])
    finance = points_of(given[ScoreSource.FINANCE])
    return {
        "indicator": indicator,
        "stated": stated,
        "department": points_of(given[ScoreSource.DEPARTMENT]),
        "finance": finance,
        "difference": difference(finance, stated),
        "reason": " ".join(score.reason for score in given[ScoreSource.FINANCE]),
    }


def difference(finance: Decimal | None, stated: Decimal | None) -> str:
    """Finance's points less the stated ones, with their sign; empty where they agree."""
    if finance is None or stated is None or finance == stated:
        return ""
    return f"{finance - stated:+.2f}".replace("-", "−")
