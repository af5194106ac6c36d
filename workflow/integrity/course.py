"""Do the position of an evaluation, its ballots and its decisions agree with its policy?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from approvals.actions.voices import in_turn
from approvals.models import Ballot
from approvals.procedure import Step, step_at, step_of
from evaluations.models import CONCLUDED_STAGES, Evaluation
from workflow.integrity.asking import Check, rows
from workflow.models import OPEN, FlowTask


def position_unlike_the_last_decision() -> Iterator[str]:
    """An evaluation stands where its last decision led."""
    sql = """
        SELECT e.number, e.stage, e.step, d.next_stage, d.next_step FROM evaluations_evaluation e
        JOIN LATERAL (SELECT next_stage, next_step FROM approvals_decision
                      WHERE evaluation_id = e.id AND item_id IS NULL ORDER BY id DESC LIMIT 1) d ON true
        WHERE e.stage <> ALL(%(at_rest)s) AND (e.stage, e.step) <> (d.next_stage, d.next_step)
    """
    at_rest = [str(stage) for stage in CONCLUDED_STAGES]
    for number, stage, step, next_stage, next_step in rows(sql, at_rest=at_rest):
        yield f"evaluation {number}: at {stage} {step}, but its last decision led to {next_stage} {next_step}"


def position_outside_the_policy() -> Iterator[str]:
    """The position, and every place that a straight way back names, is a step of the evaluation's policy."""
    for evaluation in running():
        if step_at(evaluation) is None:
            yield f"evaluation {evaluation.number}: its policy has no step at {place_of(evaluation)}"
        for detour in evaluation.detours:
            if step_of(evaluation, detour["stage"], detour["step"]) is None:
                yield f"evaluation {evaluation.number}: its policy has no step to go straight back to"


def ballots_disagree_with_tasks() -> Iterator[str]:
    """Where several are asked, every ballot whose turn it is has one open task, and no other has any."""
    ballots: dict[tuple[Any, ...], list[Ballot]] = defaultdict(list)
    for ballot in Ballot.objects.exclude(evaluation__stage__in=CONCLUDED_STAGES):
        ballots[ballot.evaluation_id, ballot.stage, ballot.step, ballot.round].append(ballot)
    asked: dict[int, list[tuple[int | None, int | None]]] = defaultdict(list)
    tasks = FlowTask.objects.filter(flow_task_type="HUMAN", status__in=OPEN, item=None)
    for evaluation_id, ballot_id, owner_id in tasks.values_list("evaluation_id", "ballot_id", "owner_id"):
        asked[evaluation_id or 0].append((ballot_id, owner_id))
    for evaluation in running():
        step = step_at(evaluation)
        if step is not None:
            own = ballots[evaluation.pk, evaluation.stage, evaluation.step, evaluation.round]
            yield from unlike(evaluation, step, own, asked[evaluation.pk])


def unlike(
    evaluation: Evaluation, step: Step, ballots: list[Ballot], asked: list[tuple[int | None, int | None]]
) -> Iterator[str]:
    """The faults of one evaluation's present step."""
    if not step.is_joint:
        if len(asked) != 1 or asked[0][0] is not None:
            yield f"evaluation {evaluation.number}: {len(asked)} open tasks at a step that asks one"
        return
    waiting = {ballot.pk: ballot.person_id for ballot in in_turn(step, ballots)}
    by_ballot = dict(asked)
    # An expert who was recused is waited for by the evaluator's office, without a ballot.
    if set(waiting) != set(by_ballot) - {None}:
        yield f"evaluation {evaluation.number}: its open ballots and its open tasks differ"
    for ballot_id, person_id in waiting.items():
        if person_id is not None and by_ballot.get(ballot_id, person_id) != person_id:
            yield f"evaluation {evaluation.number}: a ballot and its task ask different people"


def ballot_unlike_its_decision() -> Iterator[str]:
    """A ballot's decision was made at its own step and in its own round, by its person or a delegate."""
    sql = """
        SELECT e.number, b.id FROM approvals_ballot b JOIN approvals_decision d ON d.id = b.decision_id
        JOIN evaluations_evaluation e ON e.id = b.evaluation_id
        WHERE (d.evaluation_id, d.stage, d.step, d.round) <> (b.evaluation_id, b.stage, b.step, b.round)
           OR (b.person_id IS NOT NULL AND b.person_id NOT IN (d.actor_id, COALESCE(d.on_behalf_of_id, 0)))
    """
    for number, ballot in rows(sql):
        yield f"evaluation {number}: ballot {ballot} differs from its decision"


def two_votes_of_one_person() -> Iterator[str]:
    """Nobody has given two ballots at one step of one round."""
    sql = """
        SELECT e.number, b.stage, d.actor_id FROM approvals_ballot b
        JOIN approvals_decision d ON d.id = b.decision_id
        JOIN evaluations_evaluation e ON e.id = b.evaluation_id
        GROUP BY e.number, b.evaluation_id, b.stage, b.step, b.round, d.actor_id HAVING count(*) > 1
    """
    for number, stage, person in rows(sql):
        yield f"evaluation {number}: person {person} voted twice at {stage}"


def decided_for_somebody_without_delegation() -> Iterator[str]:
    """Whoever decided for another did it by a delegation that was in force."""
    sql = """
        SELECT e.number, d.id FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        WHERE d.on_behalf_of_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM accounts_delegation g
            WHERE g.delegator_id = d.on_behalf_of_id AND g.delegate_id = d.actor_id
              AND (d.decided_at AT TIME ZONE %(zone)s)::date BETWEEN g.starts AND g.ends
              AND (g.revoked_at IS NULL OR g.revoked_at >= d.decided_at))
    """
    for number, decision in rows(sql, zone=settings.TIME_ZONE):
        yield f"evaluation {number}: decision {decision} was made for somebody without a delegation in force"


def running() -> list[Evaluation]:
    """The evaluations that wait at a step."""
    return list(Evaluation.objects.exclude(stage__in=CONCLUDED_STAGES).select_related("policy"))


def place_of(evaluation: Evaluation) -> str:
    return f"{evaluation.stage} {evaluation.step}"


CHECKS: tuple[Check, ...] = (
    position_unlike_the_last_decision,
    position_outside_the_policy,
    ballots_disagree_with_tasks,
    ballot_unlike_its_decision,
    two_votes_of_one_person,
    decided_for_somebody_without_delegation,
)
