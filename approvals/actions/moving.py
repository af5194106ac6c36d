"""Leaving a step: onwards, back, or to the end; with the ballots of a step that asks several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.access import holders_of
from accounts.models import User
from accounts.roles import Right
from approvals.actions.entering import Entry
from approvals.actions.finishing import finish, tell_of_the_end
from approvals.actions.independence import involved
from approvals.actions.shape import decide
from approvals.actions.telling import tell_next
from approvals.actions.voices import in_turn
from approvals.course import Onward, onward, rank
from approvals.models import Ballot, Decision, Verb
from approvals.procedure import Position, Step, step_at
from evaluations.models import Evaluation, Kind


def pass_on(
    entry: Entry, actor: User, verb: Verb, *, has_error: bool | None = None, **details: Any
) -> Decision:
    """Pass the present step, or give one ballot of it; go where the policy says.

    ``has_error``: whether what is handed in with it has a finding of severity error.
    ``details`` are ``leave``'s. Raises InvalidInput when it ends the procedure while an
    item's due date has passed.
    """
    if entry.ballot is not None:
        failed = settle(entry, agrees=True)
        if failed is None:
            return stay(entry, actor, verb, **details)
        if failed:
            return go_back(entry, actor, verb, **failed, **details)
    return leave(entry, actor, verb, onward(entry.evaluation, has_error=has_error), **details)


def settle(entry: Entry, *, agrees: bool) -> dict[str, Any] | None:
    """What the count says with this ballot: None to wait, {} when it is passed, else where it goes back."""
    assert entry.ballot is not None
    others = [ballot for ballot in entry.ballots if ballot.pk != entry.ballot.pk]
    against = [] if agrees else [entry.ballot]
    return count(entry.evaluation, entry.step, others, agreed=int(agrees), against=against)


def count(
    evaluation: Evaluation,
    step: Step,
    ballots: Sequence[Ballot],
    *,
    agreed: int = 0,
    against: Sequence[Ballot] = (),
) -> dict[str, Any] | None:
    """What these ballots come to, with those that are being given at this moment.

    A veto fails the step at once. Without one everybody who is asked is heard, unless enough agree.
    """
    assert step.policy is not None
    asked = [ballot for ballot in ballots if ballot.excused_at is None]
    refused = [*against, *(ballot for ballot in asked if ballot.wish)]
    agreeing = agreed + sum(bool(ballot.decision_id and not ballot.wish) for ballot in asked)
    if refused and step.policy.veto:
        return earliest(evaluation, refused)
    if has_vacant_seat(evaluation, step):
        return None
    if agreeing >= needed(step, len(asked) + agreed + len(against)):
        return {}
    if any(ballot.is_open for ballot in asked):
        return None
    return earliest(evaluation, refused)


def has_vacant_seat(evaluation: Evaluation, step: Step) -> bool:
    """Whether the panel still waits for somebody in a recused expert's place."""
    return step.asks_seats and evaluation.seats.vacant().exists()


def needed(step: Step, asked: int) -> int:
    """How many have to agree, of so many that are asked."""
    assert step.policy is not None
    if step.policy.who == "n_of_m" and step.policy.needed is not None:
        return max(1, min(step.policy.needed, asked))
    return asked


def earliest(evaluation: Evaluation, against: Sequence[Ballot]) -> dict[str, Any]:
    """Where a failed vote goes back to: the earliest place that anybody asked for."""
    wishes = [ballot.wish for ballot in against]
    first = min(wishes, key=lambda wish: rank(evaluation, (wish["stage"], wish["step"])))
    straight = all(wish.get("straight_back") for wish in wishes)
    return {"position": (first["stage"], first["step"]), "straight_back": straight}


def stay(entry: Entry, actor: User, verb: Verb, **details: Any) -> Decision:
    """One ballot is given; the step goes on waiting for the others."""
    evaluation = entry.evaluation
    evaluation.save_as(actor, verb.value)
    decision = written(entry, actor, verb, (evaluation.stage, evaluation.step), evaluation.round, **details)
    if entry.step.policy is not None and entry.step.policy.who == "sequence":
        tell_next(evaluation, decision, in_turn(entry.step, entry.ballots))
    return decision


def go_back(
    entry: Entry, actor: User, verb: Verb, *, position: Position, straight_back: bool, **details: Any
) -> Decision:
    """Back to a completed step, in a new round; the straight way leads back here afterwards."""
    evaluation = entry.evaluation
    detours: list[dict[str, Any]] = []
    if straight_back:
        person = None if entry.step.is_joint else entry.on_behalf_of_id or actor.pk
        here = {"stage": str(evaluation.stage), "step": evaluation.step, "person": person}
        detours = [*evaluation.detours, here]
    back = Onward(position, detours=tuple(detours))
    return leave(entry, actor, verb, back, new_round=True, straight_back=straight_back, **details)


def leave(
    entry: Entry,
    actor: User,
    verb: Verb,
    way: Onward,
    *,
    new_round: bool = False,
    data: dict[str, Any] | None = None,
    **details: Any,
) -> Decision:
    """Move to the next position, write the decision with its event, and ask whoever is next."""
    evaluation = entry.evaluation
    left, round = (evaluation.stage, evaluation.step), evaluation.round
    assigned = []
    if way.position is None:
        assigned = finish(evaluation, actor, is_demonstration=bool(details.get("is_demonstration")))
        data = {**(data or {}), "items": [item.pk for item in assigned]}
    else:
        evaluation.stage, evaluation.step = way.position
    if len(way.detours) < len(evaluation.detours) and not new_round:
        data = {**(data or {}), "straight_way": evaluation.detours[-1]}
    evaluation.detours = list(way.detours)
    evaluation.round = round + 1 if new_round else round
    evaluation.save_as(actor, verb.value)
    if way.skipped:
        data = {**(data or {}), "skipped": list(way.skipped)}
    decision = written(entry, actor, verb, left, round, next_person_id=way.person_id, data=data, **details)
    tell_next(evaluation, decision, ask_several(evaluation, actor))
    if way.position is None:
        tell_of_the_end(evaluation, decision, assigned)
    return decision


def written(
    entry: Entry,
    actor: User,
    verb: Verb,
    left: Position,
    round: int,
    *,
    opinion: str = "",
    data: dict[str, Any] | None = None,
    **fields: Any,
) -> Decision:
    """The decision at the step that was left, with the ballot that it gave; ``fields`` are its row's."""
    evaluation = entry.evaluation
    row = Decision(
        evaluation=evaluation,
        actor=actor,
        verb=verb,
        stage=left[0],
        step=left[1],
        next_stage=evaluation.stage,
        next_step=evaluation.step,
        organization_id=entry.organization_id,
        on_behalf_of_id=entry.on_behalf_of_id,
        round=round,
        opinion=opinion.strip(),
        **fields,
    )
    decision = decide(row, data)
    if entry.ballot is not None:
        entry.ballot.decision = decision
        entry.ballot.save_as(actor, verb.value)
    return decision


# --- Asking several -----------------------------------------------------------------


def ask_several(evaluation: Evaluation, actor: User | None) -> list[Ballot]:
    """Give everybody whom the new step asks a ballot; none where it asks one. Returns whose turn it is."""
    step = step_at(evaluation)
    if step is None or not step.is_joint:
        return []
    ballots = []
    for place, asked in enumerate(whom(evaluation, step)):
        ballot = Ballot(
            evaluation=evaluation,
            stage=step.stage,
            step=step.number,
            round=evaluation.round,
            place=place,
            **asked,
        )
        ballot.save_as(actor, "ask")
        ballots.append(ballot)
    return in_turn(step, ballots)


def whom(evaluation: Evaluation, step: Step) -> list[dict[str, Any]]:
    """Whom a step that asks several asks: the seats, the addressees of a draft, or a role's holders."""
    assert step.policy is not None
    if step.policy.work == "score":
        seats = evaluation.seats.in_force().order_by("pk")
        return [{"person_id": seat.expert_id, "seat": seat} for seat in seats]
    if step.policy.work == "answer":
        return addressees(evaluation)
    organization_id = step.organization_id(evaluation)
    place = {"right": step.right, "organization_id": organization_id}
    holders = holders_of(step.right or "", organization_id or 0).order_by("pk")
    people = list(holders.values_list("pk", flat=True))
    bound = involved(evaluation, people)
    asked = [{**place, "person_id": person} for person in people if person not in bound]
    # Where there are too few, the places wait for whoever gets the role.
    least = max(1, step.policy.needed or 1)
    return asked + [place] * (least - len(asked))


def addressees(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Who answers a draft conclusion in writing: the unit, and the department unless it evaluates itself."""
    unit = {
        "person_id": evaluation.project.lead_id,
        "right": Right.FILL_SELF_ASSESSMENT.value,
        "organization_id": evaluation.unit_id,
    }
    if evaluation.kind == Kind.DEPARTMENT:
        return [unit]
    department = {"right": Right.REVIEW_DEPARTMENT.value, "organization_id": evaluation.department_id}
    return [unit, department]
