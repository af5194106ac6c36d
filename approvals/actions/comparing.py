"""Comparing what finance found in a re-check that was drawn with what the unit had stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.findings import fingerprint_of
from approvals.models import Decision, RecheckResult, RecordedFinding
from audit_log.errors import InvalidInput
from evaluations.checks import ERROR
from evaluations.computed import total_from, two_places
from evaluations.models import Evaluation, ScoreSource
from evaluations.policies.chosen import policy_of
from evaluations.strict_json import gettext_noop

CODE = "recheck-difference"
"""The code of the finding; no check of the dossier has it, for only people find it."""
TOTAL = gettext_noop("Total")
WORDS = gettext_noop(
    "The re-check comes to %(found)s points, the unit stated %(stated)s: a difference of %(difference)s, "
    "above the %(threshold)s points that the review policy allows."
)


def compared(evaluation: Evaluation, total: Decimal | None) -> RecheckResult:
    """The re-check's total beside the stated one; not saved yet.

    Finance's points replace the stated ones where it gave any. The stated total is the one
    that the unit printed, else what its points come to. Raises InvalidInput while points
    are missing.
    """
    stated = evaluation.stated_total
    if stated is None:
        indicators = list(evaluation.indicators.prefetch_related("scores"))
        stated = total_from(evaluation, indicators, ScoreSource.STATED)
    if total is None or stated is None:
        raise InvalidInput(_("Give points to every indicator for which the unit stated none."))
    threshold = two_places(policy_of(evaluation).recheck_threshold)
    return RecheckResult(evaluation=evaluation, stated=stated, found=total, threshold=threshold)


def ends_with(evaluation: Evaluation, result: RecheckResult) -> bool:
    """Whether the re-check ends the matter: what was stated stands, and nobody concluded or waits for it."""
    return not result.exceeds and evaluation.concluded_at is None and not evaluation.detours


def finding_of(result: RecheckResult) -> RecordedFinding | None:
    """The finding that a difference above the threshold is; None for any other."""
    if not result.exceeds:
        return None
    values = {
        "found": f"{result.found:.2f}",
        "stated": f"{result.stated:.2f}",
        "difference": f"{result.difference:.2f}",
        "threshold": f"{result.threshold:.2f}",
    }
    stated, expected = values["stated"], values["found"]
    return RecordedFinding(
        evaluation=result.evaluation,
        position=0,
        code=CODE,
        severity=ERROR,
        subject=TOTAL,
        subject_is_term=True,
        subject_field="total",
        words=WORDS,
        values=values,
        stated=stated,
        expected=expected,
        fingerprint=fingerprint_of(f"{CODE}:{TOTAL}", ERROR, WORDS, values, stated, expected),
    )


def for_the_event(result: RecheckResult, finding: RecordedFinding | None) -> dict[str, Any]:
    """The comparison as the event of the re-check keeps it."""
    data: dict[str, Any] = {
        "stated": f"{result.stated:.2f}",
        "difference": f"{result.difference:.2f}",
        "threshold": f"{result.threshold:.2f}",
    }
    if finding is not None:
        data["findings"] = [{"code": finding.code, "fingerprint": finding.fingerprint, "reason": ""}]
    return data


def keep(result: RecheckResult, finding: RecordedFinding | None, decision: Decision) -> None:
    """Write down what was compared, and what was found, with the decision."""
    result.decision = decision
    result.save(force_insert=True)
    if finding is not None:
        finding.decision, finding.round = decision, decision.round
        finding.save(force_insert=True)
