from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.independence import HANDING_IN, require_independence
from approvals.actions.item_shape import CARRYING_OUT, require_item_independence
from approvals.actions.shape import locked, require_right, require_text
from approvals.audiences import OFFICES, SIDE_OF_PLACE, auditors_of, readers_of, require_may_write
from approvals.models import Audience, Consultation, Decision, RectificationItem
from audit_log.errors import InvalidInput, NotAllowed
from audit_log.record import chain_of, record
from evaluations.models import Evaluation, Evidence, Score, ScoreSource
from notices import messages
from notices.jobs import announce

# Whoever acts with these puts content before others and decides nothing: separation of duties is not asked.
FILLING_IN = (Right.FILL_SELF_ASSESSMENT, Right.CARRY_OUT_RECTIFICATION)
LONGEST = 2000


@dataclass(frozen=True)
class StepInHand:
    """An open step that the asker may act at: the right that it asks for, and where.

    ``item`` is the rectification item that it is about, if any. An expert's seat asks
    for no right.
    """

    right: str
    organization_id: int | None
    item: RectificationItem | None = None

    @property
    def fills_in(self) -> bool:
        return self.right in FILLING_IN


@transaction.atomic
def consult(
    *,
    evaluation: Evaluation,
    actor: User,
    step: StepInHand,
    colleague: User,
    question: str,
    is_demonstration: bool = False,
) -> Consultation:
    """Ask a colleague for an opinion; the decision stays with the asker.

    The caller has checked that the step is open and the actor's. Raises NotFound,
    NotAllowed without the step's right (and for experts, who score on their own),
    ConflictOfInterest for who may not decide here, InvalidInput at "colleague" or
    "question".
    """
    evaluation = locked(evaluation.pk)
    require_may_act(evaluation, actor, step)
    require_may_write(actor, evaluation)
    question = require_text(question, "question", _("Write what you want to know."), most=LONGEST)
    if colleague.pk not in colleagues_for(evaluation, actor, step):
        raise InvalidInput.at("colleague", _("This person cannot be asked here. Choose from the list."))
    subject = step.item or evaluation
    asked = Consultation(
        evaluation=evaluation,
        item=step.item,
        stage=subject.stage,
        round=subject.round,
        side=side_of(evaluation, step),
        asked_by=actor,
        colleague=colleague,
        question=question,
        is_demonstration=is_demonstration,
    )
    require_not_waiting(asked)
    asked.save(force_insert=True)
    record(
        chain=chain_of(evaluation.pk),
        verb="consult",
        actor=actor,
        object=asked,
        data={
            "stage": asked.stage,
            "round": asked.round,
            "item": asked.item_id,
            "side": Audience(asked.side).value,
            "colleague": colleague.pk,
            "question": question,
        },
    )
    announce(
        message=messages.CONSULTED,
        values={"person": str(actor), "project": evaluation.project.name},
        path=f"/consultations/{asked.pk}/",
        source=f"consultation:{asked.pk}",
        owner_id=colleague.pk,
    )
    return asked


def require_may_act(evaluation: Evaluation, actor: User, step: StepInHand) -> None:
    """The asker holds the step's right and may decide there. Raises NotAllowed, ConflictOfInterest."""
    if not step.right:
        raise NotAllowed(_("Experts score on their own: no opinions are asked for."))
    require_right(actor, step.right, step.organization_id)
    if step.item and not step.fills_in:
        step.item.evaluation = evaluation
        require_item_independence(step.item, actor)
    elif not step.fills_in:
        require_independence(evaluation, actor)


def require_not_waiting(asked: Consultation) -> None:
    """Nobody is asked twice while the first question still waits. Raises InvalidInput."""
    same = Consultation.objects.filter(
        evaluation=asked.evaluation,
        item=asked.item,
        stage=asked.stage,
        round=asked.round,
        asked_by=asked.asked_by,
        colleague=asked.colleague,
        answered_at=None,
        withdrawn_at=None,
    )
    if same.exists():
        raise InvalidInput.at("colleague", _("You have asked this person already, and the answer is open."))


def place_of_step(evaluation: Evaluation, step: StepInHand) -> str:
    """The office at which the asker acts: the widest that it is, an item's other unit counts as the unit."""
    for office in reversed(OFFICES):
        if getattr(evaluation, f"{office}_id") == step.organization_id:
            return office
    return "unit"


def side_of(evaluation: Evaluation, step: StepInHand) -> Audience:
    """Who will read question and answer."""
    return SIDE_OF_PLACE[place_of_step(evaluation, step)]


def colleagues_for(evaluation: Evaluation, actor: User, step: StepInHand) -> dict[int, User]:
    """Who may be asked at a step: people of the offices who see the evaluation.

    Not oneself, not an auditor, not an expert with a seat, nor one who gave it up or was
    recused (the panel speaks by its scores). Above the unit neither anybody of the
    evaluated unit nor whoever had a hand in the content: the opinion stays closed to the
    unit, and must not be its own.
    """
    readers = readers_of(evaluation)
    people = readers.at(OFFICES)
    closed = {actor.pk, *auditors_of(evaluation), *evaluation.seats.values_list("expert", flat=True)}
    if place_of_step(evaluation, step) != "unit":
        closed |= readers.at(["unit"]).keys()
    if not step.fills_in:
        closed |= had_a_hand_in(evaluation, step.item)
    return {pk: person for pk, person in people.items() if pk not in closed}


def had_a_hand_in(evaluation: Evaluation, item: RectificationItem | None) -> set[int]:
    """Who led, filled in, handed in, brought files, or carried the item out."""
    acted = Q(item=None, verb__in=HANDING_IN)
    if item:
        acted |= Q(item=item, verb__in=CARRYING_OUT)
    decided = Decision.objects.filter(acted, evaluation=evaluation).order_by().values_list("actor")
    brought = Evidence.objects.filter(evaluation=evaluation).order_by().values_list("uploaded_by")
    stated = Score.objects.filter(indicator__evaluation=evaluation, source=ScoreSource.STATED)
    found = decided.union(brought, stated.order_by().values_list("given_by"))
    people = {pk for (pk,) in found} | {evaluation.project.lead_id}
    return {pk for pk in {*people, item.responsible_person_id if item else None} if pk is not None}
