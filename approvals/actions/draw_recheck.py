from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.roles import Right
from approvals.actions.shape import decide, standing_of
from approvals.actions.telling import tell_next
from approvals.models import Decision, RecheckCandidate, RecheckDraw, Verb
from approvals.rechecks import Considered, considered, recheck_position, stopped_at_department
from audit_log import clock
from audit_log.errors import InvalidInput, NotAllowed
from audit_log.record import record
from evaluations.drawing import new_seed
from evaluations.models import Campaign, Evaluation, Stage
from evaluations.sampling import HUNDRED, USUAL_WEIGHTS, RecheckWeights, in_order_of_lots, size_of
from notices import messages
from notices.jobs import announce

NO_SIZE = _("Say how many are drawn, or which percentage: one of the two.")


@transaction.atomic
def draw_recheck(
    *,
    bureau: Organization,
    actor: User,
    fiscal_year: int,
    campaign: Campaign | None = None,
    number: int | None = None,
    percent: Decimal | None = None,
    weights: RecheckWeights = USUAL_WEIGHTS,
) -> RecheckDraw:
    """Finance draws self-assessments that stopped at the department, to re-check them.

    ``number`` of the year's (or the campaign's) that were never drawn before, or ``percent``
    of them. The seed is made here. Each that is drawn waits for finance again, in the round
    in which it stopped: nothing of the dossier has changed, so that whoever decided on it
    there does not re-check it. Raises NotAllowed, and InvalidInput for weights below zero, a
    size that cannot be drawn, or where nothing can.
    """
    on_behalf_of = require_bureau(bureau, actor)
    require_weights(weights)
    # Two draws at once would draw the same: the second waits here, and finds what the first left.
    Organization.objects.select_for_update(no_key=True).get(pk=bureau.pk)
    waiting = stopped_at_department(bureau.pk, fiscal_year, campaign).select_related("policy", "project")
    candidates = considered(waiting.select_for_update(of=("self",)), weights)
    size = require_size(number, percent, len(candidates))
    draw = RecheckDraw(
        bureau=bureau,
        fiscal_year=fiscal_year,
        campaign=campaign,
        number=size,
        percent=percent,
        weights=weights.as_json(),
        seed=new_seed(),
        drawn_by=actor,
        on_behalf_of_id=on_behalf_of,
        drawn_at=clock.now(),
    )
    draw.save(force_insert=True)
    keep_outcome(draw, candidates)
    return draw


def require_bureau(bureau: Organization, actor: User) -> int | None:
    """For whom the actor draws: None for themself. Raises NotAllowed."""
    if bureau.parent_id is not None:
        raise NotAllowed(_("The finance bureau draws for re-checks."))
    return standing_of(actor, Right.RUN_EVALUATION, bureau.pk)


def require_weights(weights: RecheckWeights) -> None:
    """Raises InvalidInput at each weight below zero: whatever is known of a project, it stays in the draw."""
    below = [name for name, value in vars(weights).items() if value < 0]
    if below:
        words = _("A weight cannot be below zero.")
        raise InvalidInput(words, fields={name: [words] for name in below})


def require_size(number: int | None, percent: Decimal | None, candidates: int) -> int:
    """How many are drawn. Raises InvalidInput."""
    if (number is None) == (percent is None):
        raise InvalidInput.at("number", NO_SIZE)
    if not candidates:
        raise InvalidInput(_("No self-assessment that stopped at the department is left to be drawn."))
    if percent is not None:
        if not 0 < percent <= HUNDRED:
            raise InvalidInput.at("percent", _("Give a percentage above 0, up to 100."))
        return size_of(percent, candidates)
    assert number is not None
    if not 0 < number <= candidates:
        message = _("From 1 to %(candidates)s can be drawn.") % {"candidates": candidates}
        raise InvalidInput.at("number", message, found=number, expected=candidates)
    return number


def keep_outcome(draw: RecheckDraw, candidates: Sequence[Considered]) -> None:
    """Draw, bring what was drawn before finance, and keep every candidate with its weight and place."""
    by_id = {each.evaluation.pk: each for each in candidates}
    order = in_order_of_lots({pk: each.weight for pk, each in by_id.items()}, draw.seed)
    rows = []
    for place, pk in enumerate(order, start=1):
        each = by_id[pk]
        decision = brought_to_finance(each, draw) if place <= draw.number else None
        rows.append(candidate_row(draw, each, place, decision))
    RecheckCandidate.objects.bulk_create(rows)
    record(
        chain=f"rechecks:{draw.bureau_id}",
        verb="draw_recheck",
        actor=draw.drawn_by,
        object=draw,
        data=content_of(draw, rows),
    )


def candidate_row(
    draw: RecheckDraw, each: Considered, place: int, decision: Decision | None
) -> RecheckCandidate:
    """A candidate with what was known of it."""
    return RecheckCandidate(
        draw=draw,
        evaluation=each.evaluation,
        place=place,
        annual=each.facts.annual,
        paid=each.facts.paid,
        errors=each.facts.errors,
        warnings=each.facts.warnings,
        weight=each.weight,
        decision=decision,
    )


def content_of(draw: RecheckDraw, rows: Sequence[RecheckCandidate]) -> dict[str, Any]:
    """The draw as its event keeps it: with the candidates and weights in the order of their lots."""
    return {
        "fiscal_year": draw.fiscal_year,
        "campaign": draw.campaign_id,
        "number": draw.number,
        "percent": draw.percent,
        "weights": draw.weights,
        "seed": draw.seed,
        "on_behalf_of": draw.on_behalf_of_id,
        "candidates": [[row.evaluation_id, f"{row.weight:.4f}"] for row in rows],
    }


def brought_to_finance(each: Considered, draw: RecheckDraw) -> Decision:
    """The drawn dossier waits for finance's re-check; finance and the unit are told."""
    evaluation = each.evaluation
    position = recheck_position(evaluation)
    assert position is not None
    evaluation.stage, evaluation.step = position
    evaluation.closed_at = None
    evaluation.drawn_at = draw.drawn_at
    evaluation.save_as(draw.drawn_by, Verb.DRAW.value)
    drawn = Decision(
        evaluation=evaluation,
        actor=draw.drawn_by,
        verb=Verb.DRAW,
        stage=Stage.CLOSED,
        next_stage=evaluation.stage,
        next_step=evaluation.step,
        organization_id=draw.bureau_id,
        on_behalf_of_id=draw.on_behalf_of_id,
    )
    decision = decide(drawn, {"draw": draw.pk, "weight": f"{each.weight:.4f}"})
    tell_next(evaluation, decision)
    tell_unit(evaluation, decision)
    return decision


def tell_unit(evaluation: Evaluation, decision: Decision) -> None:
    """The unit learns that its self-assessment is looked at again; it has nothing to do."""
    announce(
        message=messages.DRAWN,
        values={"project": evaluation.project.name},
        path=f"/evaluations/{evaluation.pk}/",
        source=f"drawn:{decision.pk}",
        right=Right.VIEW_EVALUATIONS.value,
        organization_id=evaluation.unit_id,
    )
