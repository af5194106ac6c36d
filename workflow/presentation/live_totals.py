"""Scores while people type: what the unit states beside what the rules give for the same figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from evaluations.computed import budget_figures
from evaluations.models import Evaluation
from evaluations.scoring import SchemeParameters, ScoredDossier, agrees, grade_of, score_dossier
from workflow.forms.dossier import DossierForm, filled
from workflow.presentation.score_sheet import computed_words, sum_of_known
from workflow.presentation.words import grade_label

FULL = Decimal(100)


def totals_as_typed(dossier: DossierForm) -> dict[str, Any]:
    """The panel of totals for a dossier's form, stored or as typed."""
    parameters = dossier.evaluation.scheme.as_parameters()
    rows = dossier.indicator_forms()
    budget = dossier.typed_budget()
    indicators = [form.as_typed() for form in rows]
    scored = score_dossier([row.figures() for row in indicators], budget_figures(budget), parameters)
    stated = dossier.stated_total()
    weights = [row.weight for row in indicators] + [budget.weight]
    return {
        "rows": [
            {
                "name": indicator.name or _("new indicator"),
                "anchor": form.prefix,
                "stated": filled(form).get("score"),
                "weight": result.weight,
                "computed": result.points,
                "explanation": computed_words(result),
                "differs": differs(filled(form).get("score"), result.points, parameters),
            }
            for form, indicator, result in zip(rows, indicators, scored.indicators, strict=True)
        ],
        "execution": execution_of(scored, budget.stated_score),
        "stated": stated if stated is not None else dossier.evaluation.stated_total,
        "is_published": stated is None and dossier.evaluation.stated_total is not None,
        **grades(stated if stated is not None else dossier.evaluation.stated_total, scored, parameters),
        "computed": scored.total,
        "computed_words": scored.explanation.text(_),
        "weights": sum_of_known(weights),
        "weights_add_up": weights_add_up(weights),
        "notes": [note.text(_) for note in scored.notes],
        "faults": [fault.text(_) for fault in scored.faults],
    }


def differs(stated: Decimal | None, computed: Decimal | None, parameters: SchemeParameters) -> bool:
    """Whether the unit's points depart from the rule's by more than the scheme tolerates."""
    return stated is not None and computed is not None and not agrees(stated, computed, parameters)


def execution_of(scored: ScoredDossier, stated: Decimal | None) -> dict[str, Any]:
    """The execution rate, with its points where the form scores it apart."""
    execution = scored.execution
    return {
        "rate": execution.rate,
        "weight": execution.weight,
        "stated": stated,
        "computed": execution.points,
        "explanation": execution.explanation.text(_),
    }


def grades(stated: Decimal | None, scored: ScoredDossier, parameters: SchemeParameters) -> dict[str, str]:
    """Both grades in letters and words."""
    letter = grade_of(stated, parameters) if stated is not None and 0 <= stated <= FULL else ""
    return {
        "stated_grade": letter,
        "stated_grade_label": grade_label(letter),
        "computed_grade": scored.grade or "",
        "computed_grade_label": grade_label(scored.grade or ""),
    }


def weights_add_up(weights: list[Decimal | None]) -> bool:
    """Whether the weights come to 100; where none is published nothing has to."""
    known = [weight for weight in weights if weight is not None]
    return not known or sum(known, Decimal(0)) == FULL


def grade_letter(evaluation: Evaluation, total: Decimal | None) -> str:
    """The letter of the grade for a total as typed; empty without one or beyond 100."""
    if total is None or not 0 <= total <= FULL:
        return ""
    return grade_of(total, evaluation.scheme.as_parameters())
