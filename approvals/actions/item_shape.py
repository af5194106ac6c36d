"""The same shape for the verbs on a rectification item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Func, IntegerField, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.entering import for_whom
from approvals.actions.independence import require_from_elsewhere
from approvals.actions.record_use import review_use
from approvals.actions.shape import decide, locked, standing_of
from approvals.actions.telling import tell_closed
from approvals.actions.voices import OWN, Capacity
from approvals.models import (
    ENDED,
    Decision,
    ExtensionAnswer,
    ItemEvidence,
    ItemStage,
    ProgressEntry,
    RectificationItem,
    Verb,
)
from approvals.procedure import Step, item_step
from audit_log import clock
from audit_log.errors import ConflictOfInterest, NotFound, WrongStage
from audit_log.record import chain_of, record
from evaluations.calendar import term_from
from evaluations.models import Evaluation, Stage
from evaluations.policies.chosen import policy_of
from notices import messages
from notices.jobs import announce

# Several names in one text, whatever stands between them: 小赵、小钱 or 小赵/小钱.
NAMES = Func(
    OuterRef("who"),
    Value(r"\s*[、，,；;/／\s]\s*"),
    function="regexp_split_to_array",
    output_field=TextField(),
)
PLACE_AMONG = Func(
    NAMES, Cast("display_name", TextField()), function="array_position", output_field=IntegerField()
)

# Who did any of these has carried the item out, or stood up for who does.
CARRYING_OUT = (Verb.RECEIVE, Verb.PLAN, Verb.DISPUTE, Verb.REPORT)


def locked_item(item_id: int) -> RectificationItem:
    """The item, under the lock of its evaluation. Raises NotFound."""
    row = RectificationItem.objects.filter(pk=item_id).values_list("evaluation_id", flat=True).first()
    if row is None:
        raise NotFound()
    evaluation = locked(row)
    item = RectificationItem.objects.select_related("responsible_unit").get(pk=item_id)
    item.evaluation = evaluation
    return item


def require_item_step(item: RectificationItem, verb: Verb) -> Step:
    """The item's present step, when it offers ``verb``. Raises WrongStage."""
    step = item_step(item)
    if step is None or verb not in step.verbs:
        raise WrongStage(
            _("This cannot be done now: the item is at “%(stage)s”.") % {"stage": item.get_stage_display()},
            verb=verb.value,
            found=item.stage,
        )
    return step


def require_item_independence(item: RectificationItem, actor: User, on_behalf_of: int | None = None) -> None:
    """Whoever planned, reported or brought its files does not verify, nor does the project's lead.

    Nor does whoever a plan names as carrying a measure out, entered progress, objected, or asked
    for a later due date. One person verifies once a round; what is asked of the actor is asked of
    whoever delegated the role as well, and nobody of a unit that carries it out or assists stands in.
    Raises ConflictOfInterest.
    """
    people = {actor.pk} | ({on_behalf_of} if on_behalf_of else set())
    if item.evaluation.project.lead_id in people:
        raise ConflictOfInterest(_("You lead this project: somebody else has to decide."))
    doing = Q(verb__in=CARRYING_OUT)
    earlier = Q(round=item.round, verb__in=(Verb.VERIFY,)) & ~Q(stage=item.stage)
    by_them = Q(actor__in=people) | Q(on_behalf_of__in=people)
    own = Decision.objects.filter(doing | earlier, by_them, item=item)
    brought = ItemEvidence.objects.filter(item=item, evidence__uploaded_by__in=people)
    entered = ProgressEntry.objects.filter(by_them, item=item)
    asked = item.extensions.filter(by_them)
    by_name = Q(display_name=OuterRef("who")) | Q(place__isnull=False)
    named = item.plan.filter(
        Exists(User.objects.filter(pk__in=people).alias(place=PLACE_AMONG).filter(by_name))
    )
    hands = Exists(own) | Exists(brought) | Exists(entered) | Exists(asked) | Exists(named)
    if item.responsible_person_id in people or RectificationItem.objects.filter(hands, pk=item.pk).exists():
        raise ConflictOfInterest(
            _("You carried this out or verified it at an earlier step: somebody else has to prove it done.")
        )
    if on_behalf_of:
        require_from_elsewhere(actor, unit_below_item(item))


def unit_below_item(item: RectificationItem) -> frozenset[int]:
    """The organizations whose own people do not verify for those above: the units that carry it out.

    Before finance a unit that is its department itself counts as the whole department.
    """
    unit = item.responsible_unit
    units = {unit.pk, *item.assisting.values_list("unit", flat=True)}
    if unit.is_own_level and item.stage == ItemStage.FINANCE_VERIFICATION:
        units.add(item.evaluation.department_id)
    return frozenset(units)


@dataclass(frozen=True)
class ItemEntry:
    """A verb that may go on: the locked item, its step, and for whom it is done."""

    item: RectificationItem
    step: Step
    organization_id: int | None
    on_behalf_of_id: int | None = None


def enter_item(item: RectificationItem, actor: User, verb: Verb, capacity: Capacity = OWN) -> ItemEntry:
    """Lock the item's evaluation and check stage, right and separation of duties.

    Raises NotFound, WrongStage, NotAllowed, ConflictOfInterest.
    """
    item = locked_item(item.pk)
    step = require_item_step(item, verb)
    organization_id = place_of(item, step)
    assert step.right is not None
    on_behalf_of = standing_of(actor, str(step.right), organization_id, for_whom(capacity, None, actor))
    if not step.fills:
        require_item_independence(item, actor, on_behalf_of)
    return ItemEntry(item, step, organization_id, on_behalf_of)


def place_of(item: RectificationItem, step: Step) -> int | None:
    """The organization where the step's right must be held, for this item."""
    subject = item if step.held_at == "responsible_unit" else item.evaluation
    found: int | None = getattr(subject, f"{step.held_at}_id")
    return found


def measures_due_from_today(evaluation: Evaluation) -> date:
    """When measures are due that are planned from today on: the policy's calendar days, on a working day.

    It is the same whatever put the item before its unit: the receipt, an answer, a return, a reopening.
    """
    return term_from(clock.today(), policy_of(evaluation).rectification.measures_days)


def leave_item(
    entry: ItemEntry,
    actor: User,
    verb: Verb,
    next_stage: str,
    *,
    opinion: str = "",
    new_round: bool = False,
    is_demonstration: bool = False,
    data: dict[str, Any] | None = None,
) -> Decision:
    """Move the item on, write the decision with its event, tell whoever is next.

    Ending the last item closes the evaluation, under the evaluation's lock.
    """
    item = entry.item
    stage, round = item.stage, item.round
    item.stage = next_stage
    item.round = round + 1 if new_round else round
    item.closed_at = clock.now() if next_stage == ItemStage.CLOSED else None
    item.cancelled_at = clock.now() if next_stage == ItemStage.CANCELLED else None
    item.save_as(actor, verb.value)
    row = Decision(
        evaluation=item.evaluation,
        item=item,
        actor=actor,
        verb=verb,
        stage=stage,
        next_stage=next_stage,
        organization_id=entry.organization_id,
        on_behalf_of_id=entry.on_behalf_of_id,
        round=round,
        opinion=opinion.strip(),
        is_demonstration=is_demonstration,
    )
    decision = decide(row, data)
    if next_stage in ENDED:
        let_extensions_lapse(item, actor)
        tell_end_of_item(item, decision)
        close_when_last(item.evaluation, actor)
    else:
        tell_next_of_item(item, decision)
    return decision


def let_extensions_lapse(item: RectificationItem, actor: User) -> None:
    """An extension that nobody has answered is needed no more once the item is at its end."""
    for extension in item.extensions.filter(answer=None):
        ExtensionAnswer.objects.create(
            extension=extension,
            outcome=ExtensionAnswer.Outcome.LAPSED,
            actor=actor,
            answered_at=clock.now(),
        )
        record(
            chain=chain_of(item.evaluation_id),
            verb="lapse_extension",
            actor=actor,
            object=extension,
            data={"item": item.pk, "due": extension.due, "ended": item.stage},
        )


def close_when_last(evaluation: Evaluation, actor: User) -> None:
    """Close the evaluation when no item of it is open any more, and none is proposed that was not issued."""
    left = evaluation.items.exclude(stage__in=ENDED)
    if evaluation.stage == Stage.RECTIFICATION and not left.exists():
        evaluation.stage = Stage.CLOSED
        evaluation.closed_at = clock.now()
        evaluation.save_as(actor, "last item closed")
        record(chain=chain_of(evaluation.pk), verb="close_evaluation", actor=actor, object=evaluation)
        tell_closed(evaluation)
        review_use(evaluation)


def tell_issued(evaluation: Evaluation, items: Sequence[RectificationItem]) -> None:
    """Tell each unit once of the notice by which its items were issued: it has to sign the receipt."""
    by_unit: dict[int, list[RectificationItem]] = defaultdict(list)
    for item in items:
        by_unit[item.responsible_unit_id].append(item)
    for unit_id, own in by_unit.items():
        announce(
            message=messages.NOTICE_ISSUED,
            values={"project": evaluation.project.name, "number": len(own)},
            path=f"/rectification/{own[0].pk}/",
            source=f"notice:{own[0].notice_id}:{unit_id}",
            right=str(Right.CARRY_OUT_RECTIFICATION),
            organization_id=unit_id,
        )


def tell_end_of_item(item: RectificationItem, decision: Decision) -> None:
    """Tell the unit that its item is closed, or was ended and why: its step is gone from the inbox."""
    is_closed = item.stage == ItemStage.CLOSED
    announce(
        message=messages.ITEM_CLOSED if is_closed else messages.ITEM_CANCELLED,
        values={"item": item.requirement[:60], "reason": decision.opinion[:200]},
        path=f"/rectification/{item.pk}/",
        source=f"decision:{decision.pk}:item:{item.pk}",
        owner_id=item.responsible_person_id,
        right=str(Right.CARRY_OUT_RECTIFICATION),
        organization_id=item.responsible_unit_id,
    )


def tell_next_of_item(item: RectificationItem, decision: Decision) -> None:
    """Put a notice for whoever the item's next step asks into the job queue."""
    step = item_step(item)
    assert step is not None
    assert step.right is not None
    sent_back = decision.verb in (Verb.SEND_BACK, Verb.REOPEN)
    announce(
        message=messages.RETURNED if sent_back else messages.NEW_TASK,
        values={"project": item.requirement[:60], "reason": decision.opinion[:200]},
        stage=ItemStage(item.stage).label,
        path=f"/rectification/{item.pk}/",
        source=f"decision:{decision.pk}:item:{item.pk}",  # a conclusion assigns several
        owner_id=item.responsible_person_id if step.fills else None,
        right=str(step.right),
        organization_id=place_of(item, step),
    )
