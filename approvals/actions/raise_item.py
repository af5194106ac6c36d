from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import holders_of
from accounts.models import Organization, User
from accounts.roles import Right
from approvals.actions.entering import Entry, enter_step
from approvals.actions.shape import locked, require_storable, require_text, standing_of
from approvals.actions.turn_finding import require_latest, write
from approvals.actions.voices import OWN, Capacity
from approvals.models import (
    AssistingUnit,
    Decision,
    ItemKind,
    ItemStage,
    RaisedBy,
    RecordedFinding,
    RectificationItem,
    Severity,
    TurnKind,
)
from approvals.procedure import TURNS_FINDINGS, Step, step_at
from audit_log import clock
from audit_log.errors import InvalidInput, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Evaluation, Evidence, Indicator, Kind, Problem, Stage

RAISED_AT = {
    Stage.SELF_ASSESSMENT: RaisedBy.SELF,
    Stage.UNIT_APPROVAL: RaisedBy.SELF,
    Stage.DEPARTMENT_REVIEW: RaisedBy.DEPARTMENT,
    Stage.FINANCE_REVIEW: RaisedBy.FINANCE,
}


@transaction.atomic
def raise_item(
    *,
    evaluation: Evaluation,
    actor: User,
    requirement: str,
    due: date,
    problem: Problem | None = None,
    responsible_unit: Organization | None = None,
    responsible_person: User | None = None,
    finding: RecordedFinding | None = None,
    indicator: Indicator | None = None,
    ground: Evidence | None = None,
    opinion: Decision | None = None,
    kind: str = ItemKind.OTHER,
    severity: str = Severity.GENERAL,
    amount: Decimal | None = None,
    assisting: Sequence[Organization] = (),
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> RectificationItem:
    """Propose a rectification item; the conclusion issues it, or the next notice after it.

    Whoever may act at the present step may propose, and in rectification the office that runs the
    evaluation. ``finding``, ``indicator``, ``ground`` (a file) and ``opinion`` are what the item
    rests on; ``amount`` is the money involved, in 万元. Raises WrongStage,
    NotAllowed, ConflictOfInterest, and InvalidInput without a requirement, with a
    due date in the past, for a ground of another evaluation, an amount that is not above 0 or has
    more than six decimals, or a unit or person who cannot carry it out.
    """
    entry = entered(evaluation, actor, capacity)
    evaluation = entry.evaluation
    text = require_text(requirement, "requirement", _("Say what has to be put right."))
    if due < clock.today():
        raise InvalidInput.at("due", _("Set a due date that has not passed."))
    require_own(evaluation, problem=problem, indicator=indicator, ground=ground, opinion=opinion)
    require_amount(amount)
    if finding is not None:
        require_ground(finding, evaluation)
    unit = require_unit(evaluation, responsible_unit or evaluation.unit)
    helpers = helpers_of(evaluation, unit, assisting)
    item = RectificationItem(
        number=next_number(evaluation),
        evaluation=evaluation,
        problem=problem,
        requirement=text,
        kind=ItemKind(kind),
        severity=Severity(severity),
        amount=amount,
        finding=finding,
        indicator=indicator,
        ground=ground,
        opinion=opinion,
        raised_by=raised_by(evaluation),
        raised_by_person=actor,
        responsible_unit=unit,
        responsible_person=person_for(evaluation, unit, responsible_person),
        original_due=due,
        due=due,
        is_demonstration=is_demonstration,
    )
    item.save_as(actor, "raise")
    for helper in helpers:
        AssistingUnit(item=item, unit=helper).save_as(actor, "raise")
    note_raised(entry, actor, item, finding)
    return item


def note_raised(entry: Entry, actor: User, item: RectificationItem, finding: RecordedFinding | None) -> None:
    """The event, and the turn of the finding that the item rests on."""
    evaluation, on_behalf_of = entry.evaluation, entry.on_behalf_of_id
    record(
        chain=chain_of(evaluation.pk),
        verb="raise_item",
        actor=actor,
        object=item,
        on_behalf_of=on_behalf_of,
    )
    if finding is not None:
        write(
            finding,
            evaluation,
            actor,
            TurnKind.ITEM,
            item=item,
            on_behalf_of=on_behalf_of,
            is_demonstration=item.is_demonstration,
        )


def require_ground(finding: RecordedFinding, evaluation: Evaluation) -> None:
    """The finding is one of this evaluation's, as it was handed in last. Raises InvalidInput, WrongStage."""
    if finding.evaluation_id != evaluation.pk:
        raise InvalidInput.at("finding", _("This finding belongs to another evaluation."))
    if evaluation.stage not in TURNS_FINDINGS:
        raise WrongStage(_("Findings are dealt with during a review."), found=evaluation.stage)
    require_latest(finding, evaluation)


def require_own(evaluation: Evaluation, **grounds: Any) -> None:
    """Whatever the item rests on is of this evaluation. Raises InvalidInput at what is not."""
    for field, ground in grounds.items():
        if ground is not None and ground.evaluation_id != evaluation.pk:
            raise InvalidInput.at(field, _("This belongs to another evaluation."))


def require_unit(evaluation: Evaluation, unit: Organization, field: str = "responsible_unit") -> Organization:
    """The unit, when it is one of the evaluated department. Raises InvalidInput."""
    if unit.parent_id != evaluation.department_id:
        raise InvalidInput.at(field, _("Choose a unit of the evaluated department."))
    return unit


def require_amount(amount: Decimal | None) -> None:
    """Raises InvalidInput for an amount, in 万元, that is not above 0 or has more than six decimals."""
    if amount is None:
        return
    require_storable(amount, "amount")
    if amount <= 0:
        raise InvalidInput.at("amount", _("Enter an amount above 0, or none."))


def helpers_of(
    evaluation: Evaluation, unit: Organization, assisting: Sequence[Organization]
) -> list[Organization]:
    """The assisting units, each once. Raises InvalidInput for a strange one, and for the ``unit`` itself."""
    helpers = [require_unit(evaluation, helper, "assisting") for helper in dict.fromkeys(assisting)]
    if unit in helpers:
        raise InvalidInput.at(
            "assisting", _("The responsible unit carries it out: it does not assist itself.")
        )
    return helpers


def person_for(evaluation: Evaluation, unit: Organization, person: User | None) -> User | None:
    """The responsible person: somebody who can carry it out for the unit.

    By default the project's lead; None asks whoever holds the role there. Raises
    InvalidInput for a named person without the right: the item could never move.
    """
    wanted = person or evaluation.project.lead
    holders = holders_of(Right.CARRY_OUT_RECTIFICATION, unit.pk)
    if wanted is not None and holders.filter(pk=wanted.pk).exists():
        return wanted
    if person is None:
        return None
    raise InvalidInput.at(
        "responsible_person", _("%(person)s does not carry out rectification there.") % {"person": person}
    )


def entered(evaluation: Evaluation, actor: User, capacity: Capacity) -> Entry:
    """The locked evaluation and for whom, when the actor may act at its present step."""
    evaluation = locked(evaluation.pk)
    if evaluation.stage == Stage.RECTIFICATION:
        office = Step(str(Right.RUN_EVALUATION), "evaluator", ())
        on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
        return Entry(evaluation, office, evaluation.evaluator_id, on_behalf_of_id=on_behalf_of)
    step = step_at(evaluation)
    supplies = step is not None and step.fills and evaluation.kind != Kind.SELF
    if step is None or step.asks_seats or supplies:
        raise WrongStage(_("Rectification items are proposed during a review."), found=evaluation.stage)
    return enter_step(evaluation, step, actor, capacity)


def raised_by(evaluation: Evaluation) -> str:
    """Who raises an item at the present stage."""
    if evaluation.kind == Kind.DEPARTMENT:
        return RaisedBy.DEPARTMENT
    return RAISED_AT.get(Stage(evaluation.stage), RaisedBy.FINANCE)


def next_number(evaluation: Evaluation) -> str:
    """The next number of the evaluation's items; the caller holds its lock.

    Items that were dropped count too: a number never comes back for something else.
    """
    place = RectificationItem.history.filter(evaluation=evaluation, history_type="+").count() + 1
    return f"{evaluation.number.replace('JX', 'ZG', 1)}-{place:02d}"


def require_draft(item: RectificationItem) -> None:
    """Raises WrongStage for an item that was assigned already."""
    if item.stage != ItemStage.DRAFT:
        raise WrongStage(_("This item was assigned already."), found=item.stage)
