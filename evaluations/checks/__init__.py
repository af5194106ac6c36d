"""Checks: where a dossier contradicts itself, found by small pure functions.

``findings_of`` runs every check over a dossier; nothing here knows of a database, a
setting or the clock. What fires when is defined per check in its docstring.
"""

from __future__ import annotations

from evaluations.checks import (
    amounts,
    directions,
    execution,
    funding,
    judged_scores,
    payments,
    percentages,
    problems,
    spending,
    status,
    structure,
    targets,
    totals,
    weights,
)
from evaluations.checks.case import Case, ProductFacts, Row
from evaluations.checks.finding import (
    ERROR,
    NOTE,
    SEVERITIES,
    SEVERITY_WORDS,
    WARNING,
    Finding,
    Severity,
    Subject,
)
from evaluations.checks.registry import Check
from evaluations.dossier import Dossier
from evaluations.scoring import SchemeParameters, level1_of
from evaluations.scoring.shares import scheme_for
from evaluations.scoring.shipped import shipped_scheme, shipped_schemes

CHECKS: tuple[Check, ...] = (
    *weights.CHECKS,
    *totals.CHECKS,
    *execution.CHECKS,
    *spending.CHECKS,
    *funding.CHECKS,
    *payments.CHECKS,
    *judged_scores.CHECKS,
    *targets.CHECKS,
    *directions.CHECKS,
    *status.CHECKS,
    *structure.CHECKS,
    *problems.CHECKS,
    *percentages.CHECKS,
    *amounts.CHECKS,
)

__all__ = [
    "CHECKS",
    "ERROR",
    "NOTE",
    "SEVERITIES",
    "SEVERITY_WORDS",
    "WARNING",
    "Case",
    "Check",
    "Finding",
    "ProductFacts",
    "Row",
    "Severity",
    "Subject",
    "case_of",
    "findings_of",
]


def case_of(
    dossier: Dossier, scheme: SchemeParameters | None = None, product: ProductFacts | None = None
) -> Case:
    """The dossier ready for checking.

    ``scheme`` is the campaign's, if there is one. Without it the scheme that the
    dossier names is used; a dossier that names none is scored by the ministry's, and
    what stands on a named scheme is then not checked.
    """
    if scheme is None and dossier.evaluation.scheme:
        scheme = shipped_scheme(dossier.evaluation.scheme, with_cost=_prints_cost(dossier))
    if scheme is not None:
        return Case(dossier, scheme, named=True, product=product)
    assumed = shipped_schemes()[scheme_for(indicator.level1 for indicator in dossier.indicators)]
    return Case(dossier, assumed, named=False, product=product)


def findings_of(case: Case) -> tuple[Finding, ...]:
    """Everything that the checks find, in the registry's order."""
    return tuple(finding for check in CHECKS for finding in check.findings(case))


def _prints_cost(dossier: Dossier) -> bool:
    return any(level1_of(indicator.level1) == "成本" for indicator in dossier.indicators)
