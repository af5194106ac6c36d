"""Telling whoever is next, and the unit at the end: rows of the job queue, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.access import holders_of
from accounts.roles import Right
from approvals.course import appointed_to
from approvals.models import Ballot, Decision, Verb
from approvals.procedure import Step, step_at
from evaluations.models import Evaluation, Stage
from notices import messages
from notices.jobs import announce


def tell_next(evaluation: Evaluation, decision: Decision, ballots: Sequence[Ballot] = ()) -> None:
    """Put a notice for whoever the next step asks, or for the unit at the end, into the job queue."""
    step = step_at(evaluation)
    if ballots:
        for ballot in ballots:
            tell_step(evaluation, decision, **asked_by_ballot(ballot))
    elif step is not None:
        tell_step(evaluation, decision, **asked_by_step(evaluation, decision, step))
    elif decision.next_stage == Stage.CLOSED:
        tell_closed(evaluation)


def asked_by_ballot(ballot: Ballot) -> dict[str, Any]:
    """Whom a ballot asks, as the notices name recipients: whoever stands in for a voter in it as well."""
    return {
        "owner_id": ballot.person_id,
        "right": ballot.right,
        "organization_id": ballot.organization_id,
    }


def asked_by_step(evaluation: Evaluation, decision: Decision, step: Step) -> dict[str, Any]:
    """Whom a step that asks one asks, as the notices name recipients."""
    if step.right is None:
        return {"owner_id": appointed_to(evaluation, step.part)}
    organization_id = step.organization_id(evaluation)
    owner_id = decision.next_person_id
    # Whoever returned it may have left since: then it comes back to the role.
    if owner_id and not holders_of(step.right, organization_id or 0).filter(pk=owner_id).exists():
        owner_id = None
    if owner_id is None and step.fills:
        owner_id = evaluation.project.lead_id
    return {"owner_id": owner_id, "right": str(step.right), "organization_id": organization_id}


def tell_step(evaluation: Evaluation, decision: Decision, **recipients: Any) -> None:
    """One notice that the decision's next stage waits."""
    sent_back = is_sent_back(evaluation, decision)
    reason = reason_of(decision) if sent_back else decision.opinion
    announce(
        message=messages.RETURNED if sent_back else messages.NEW_TASK,
        values={"project": evaluation.project.name, "reason": reason[:200]},
        stage=Stage(decision.next_stage).label,
        path=f"/evaluations/{evaluation.pk}/",
        source=f"decision:{decision.pk}",
        **recipients,
    )


def is_sent_back(evaluation: Evaluation, decision: Decision) -> bool:
    """Whether the decision opened a new round; taking one's own decision back returns nothing."""
    return evaluation.round > decision.round and decision.verb != Verb.WITHDRAW


def reason_of(decision: Decision) -> str:
    """Why it was sent back: the opinion, or those of everybody who voted against."""
    if decision.verb == Verb.RETURN:
        return decision.opinion
    against = Decision.objects.filter(
        evaluation=decision.evaluation,
        item=None,
        verb=Verb.OBJECT,
        stage=decision.stage,
        step=decision.step,
        round=decision.round,
    )
    return " / ".join(against.values_list("opinion", flat=True)) or decision.opinion


def tell_closed(evaluation: Evaluation) -> None:
    """Tell the unit, and whoever opened the evaluation, that it is closed."""
    assert evaluation.closed_at is not None
    unit = {"right": Right.VIEW_EVALUATIONS.value, "organization_id": evaluation.unit_id}
    for recipients in (unit, {"owner_id": evaluation.opened_by_id}):
        announce(
            message=messages.CLOSED,
            values={"project": evaluation.project.name},
            path=f"/evaluations/{evaluation.pk}/",
            # It may be reopened and closed again: each time is told.
            source=f"closed:{evaluation.pk}:{evaluation.closed_at.isoformat()}",
            **recipients,
        )
