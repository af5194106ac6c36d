"""What a result is used for: recorded with the conclusion, beside what the table names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.models import Decision, ResultUse, UseOfResult
from approvals.uses import rectification_of, table_of
from audit_log import clock
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.models import Evaluation
from evaluations.policies.consequences import Consequence, RectificationState, percent_fits
from notices import messages
from notices.jobs import announce


@dataclass(frozen=True)
class RequiredUse:
    """A use of a result that may be recorded, with what the table names and why it departs from that."""

    chosen: Consequence
    named: Consequence
    grade: str
    rectification: RectificationState
    reason: str


def require_use(
    evaluation: Evaluation, grade: str, *, use: str = "", percent: Decimal | None = None, reason: str = ""
) -> RequiredUse:
    """The use as given, the table's when none is. The caller holds the evaluation's lock.

    ``percent`` is of the annual budget. Raises InvalidInput for an unknown use, a cut
    without a percentage above 0 and up to 100, a percentage without a cut, and for a
    departure from the table without a reason.
    """
    state = rectification_of(evaluation)
    named = table_of(evaluation).named(grade, state)
    chosen = given(use, percent) or named
    if chosen != named and not reason.strip():
        raise InvalidInput.at("use_reason", _("Say why the use of the result departs from the table."))
    return RequiredUse(chosen, named, grade, state, reason.strip())


def given(use: str, percent: Decimal | None) -> Consequence | None:
    """What was chosen; None when it is left to the table. Raises InvalidInput."""
    if not use:
        if percent is not None:
            raise InvalidInput.at("percent", _("Choose a use of the result to go with the percentage."))
        return None
    if use not in UseOfResult.values:
        raise InvalidInput.at("use", _("There is no such use of a result."))
    if use != UseOfResult.CUT:
        if percent is not None:
            raise InvalidInput.at("percent", _("Only a cut has a percentage."))
        return Consequence(use)  # type: ignore[arg-type]
    if percent is None or not percent_fits(percent):
        raise InvalidInput.at(
            "percent", _("A cut is by more than 0 and at most 100 percent, with at most two decimals.")
        )
    return Consequence("cut", percent)


def keep_use(
    evaluation: Evaluation,
    actor: User,
    decision: Decision,
    *,
    use: str = "",
    percent: Decimal | None = None,
    reason: str = "",
) -> ResultUse:
    """Record the use with the conclusion, in its transaction and under its lock.

    Call it when the items are assigned and the grade is concluded; a later conclusion
    of the same evaluation replaces the use, the earlier one stays in the history.
    Raises InvalidInput as ``require_use`` does.
    """
    required = require_use(evaluation, evaluation.concluded_grade, use=use, percent=percent, reason=reason)
    kept = ResultUse.objects.filter(evaluation=evaluation).first() or ResultUse(evaluation=evaluation)
    kept.is_demonstration = decision.is_demonstration
    write(kept, required, actor, "record_use", decision=decision.pk)
    return kept


def write(kept: ResultUse, required: RequiredUse, actor: User, verb: str, **data: Any) -> int:
    """Save the use in the actor's name with its event; returns the event's id."""
    kept.use, kept.percent = required.chosen.use, required.chosen.percent
    kept.table_use, kept.table_percent = required.named.use, required.named.percent
    kept.grade, kept.rectification = required.grade, required.rectification
    kept.reason = required.reason
    kept.decided_by = actor
    kept.decided_at = clock.now()
    kept.save_as(actor, verb)
    return record(
        chain=chain_of(kept.evaluation_id),
        verb=verb,
        actor=actor,
        object=kept,
        data={**facts_of(kept), **data},
    )


def facts_of(kept: ResultUse) -> dict[str, Any]:
    """What the event says of a use; percentages as texts, two decimals."""
    return {
        "use": kept.use,
        "percent": percent_text(kept.percent),
        "table_use": kept.table_use,
        "table_percent": percent_text(kept.table_percent),
        "grade": kept.grade,
        "rectification": kept.rectification,
        "reason": kept.reason,
    }


def percent_text(percent: Decimal | None) -> str | None:
    return None if percent is None else f"{percent:.2f}"


def review_use(evaluation: Evaluation) -> None:
    """Tell whoever concludes that the table names another use, now that the items stand otherwise.

    Call it where items are closed or reopened, under the evaluation's lock. The use
    on record stays until somebody changes it.
    """
    kept = ResultUse.objects.filter(evaluation=evaluation).first()
    if kept is None:
        return
    named = table_of(evaluation).named(kept.grade, rectification_of(evaluation))
    if named in (kept.by_table, kept.chosen):
        return
    announce(
        message=messages.USE_BY_TABLE,
        values={"project": evaluation.project.name, "percent": shown_percent(named.percent)},
        stage=UseOfResult(named.use).label,
        path=f"/evaluations/{evaluation.pk}/use/change/",
        source=f"use:{evaluation.pk}:{clock.now().isoformat()}",
        right=Right.CONCLUDE.value,
        organization_id=evaluation.evaluator_id,
    )


def shown_percent(percent: Decimal | None) -> str:
    """What stands behind the word of a cut: " 20%"; nothing otherwise."""
    return "" if percent is None else f" {percent.normalize():f}%"
