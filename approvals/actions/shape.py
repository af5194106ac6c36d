"""The shape that every action has: lock, check, change, record, tell.

An action is called inside the transaction of its caller, or opens its own. It
takes the evaluation's row first, so that two verbs on one dossier queue up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.utils.translation import gettext_lazy as _

from accounts import standing
from accounts.access import Rights, rights_of
from accounts.models import User
from approvals.actions.independence import involved
from approvals.models import Decision, Verb
from approvals.models.rectification import AMOUNT
from approvals.procedure import Step, step_at
from audit_log.errors import InvalidInput, NotAllowed, NotFound, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Evaluation


def locked(evaluation_id: int) -> Evaluation:
    """The evaluation under its row lock. Raises NotFound."""
    try:
        return (
            Evaluation.objects.select_for_update(of=("self",))
            .select_related("project", "policy")
            .get(pk=evaluation_id)
        )
    except Evaluation.DoesNotExist:
        raise NotFound() from None


def require_step(evaluation: Evaluation, verb: Verb) -> Step:
    """The present step, when it offers ``verb``. Raises WrongStage."""
    step = step_at(evaluation)
    if step is None or verb not in step.verbs:
        raise WrongStage(
            _("This cannot be done now: the evaluation is at the stage “%(stage)s”.")
            % {"stage": evaluation.get_stage_display()},
            verb=verb.value,
            found=evaluation.stage,
        )
    return step


def require_right(actor: User, right: str, organization_id: int | None) -> Rights:
    """The actor's rights, read afresh. Raises NotAllowed without this one."""
    rights = rights_of(actor)
    if not rights.holds(right, organization_id):
        raise NotAllowed(_("You do not hold the right that this step asks for."), right=right)
    return rights


def standing_of(
    actor: User,
    right: str,
    organization_id: int | None,
    on_behalf_of: int | None = None,
    evaluation: Evaluation | None = None,
    words: Any = None,
) -> int | None:
    """For whom the actor acts by this right: None for themself, else the id of whoever delegated it.

    Of several who delegated it the first who may decide on ``evaluation``; the rest as
    ``accounts.standing``. Raises NotAllowed, in these ``words``, without the right.
    """
    choose = partial(first_of, evaluation=evaluation)
    return standing.standing_of(actor, right, organization_id, on_behalf_of, choose=choose, words=words)


def first_of(delegators: Collection[int], evaluation: Evaluation | None) -> int | None:
    """The first of the delegators, of several the first who had no hand in the evaluation."""
    if len(delegators) < 2 or evaluation is None:
        return standing.first_by_id(delegators)
    free = set(delegators) - involved(evaluation, delegators)
    return min(free or delegators)


def require_text(text: str, field: str, message: Any, *, most: int | None = None) -> str:
    """The text without surrounding space. Raises InvalidInput without any, and above ``most`` characters."""
    text = text.strip()
    if not text:
        raise InvalidInput.at(field, message)
    if most is not None and len(text) > most:
        raise InvalidInput.at(field, _("At most %(number)s characters.") % {"number": most})
    return text


def require_storable(amount: Decimal, field: str) -> None:
    """An amount in 万元 is kept as it was entered, never rounded. Raises InvalidInput beyond six decimals."""
    try:
        DecimalValidator(**AMOUNT)(amount)
    except ValidationError as error:
        raise InvalidInput.at(field, error.messages[0]) from error


# What the event of a decision keeps of its row, by the names of the row's fields.
KEPT = {
    "stage": "stage",
    "step": "step",
    "next_stage": "next_stage",
    "next_step": "next_step",
    "next_person": "next_person_id",
    "straight_back": "straight_back",
    "on_behalf_of": "on_behalf_of_id",
    "round": "round",
    "item": "item_id",
    "opinion": "opinion",
    "total": "total",
    "content": "content_digest",
}


def decide(decision: Decision, data: Mapping[str, Any] | None = None) -> Decision:
    """Write the decision, on the content as it stands, and its audit event with ``data`` beside the row's."""
    evaluation = decision.evaluation
    decision.round = decision.round or (decision.item or evaluation).round
    decision.content_digest = evaluation.content_digest
    decision.save(force_insert=True)
    kept = {name: getattr(decision, field) for name, field in KEPT.items()}
    record(
        chain=chain_of(evaluation.pk),
        verb=Verb(decision.verb).value,
        actor=decision.actor,
        object=decision,
        data={**(data or {}), **kept},
    )
    return decision
