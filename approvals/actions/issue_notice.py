"""Preparing the notice of a conclusion, and issuing what was raised after it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.issuing import MOST_CHARACTERS, in_preparation, issue_proposed, usual_notice
from approvals.actions.item_shape import tell_issued
from approvals.actions.shape import locked, standing_of
from approvals.models import ItemStage, RectificationItem, RectificationNotice
from audit_log import clock
from audit_log.errors import InvalidInput, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Evaluation, Stage


@transaction.atomic
def prepare_notice(
    *,
    evaluation: Evaluation,
    actor: User,
    copies: str = "",
    basis: str = "",
    report_due: date | None = None,
    contact: str = "",
    telephone: str = "",
) -> RectificationNotice:
    """Write the particulars of the notice that goes out with the conclusion, or with further items.

    Whoever runs the evaluation does it. Raises NotAllowed, WrongStage for a closed evaluation,
    and InvalidInput for a day that has passed or a line that is too long.
    """
    evaluation = locked(evaluation.pk)
    on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
    if evaluation.stage == Stage.CLOSED:
        raise WrongStage(_("This evaluation is closed: no further notice goes out."), found=evaluation.stage)
    if report_due is not None and report_due < clock.today():
        raise InvalidInput.at("report_due", _("Set a day that has not passed."))
    lines = {"copies": copies.strip(), "contact": contact.strip(), "telephone": telephone.strip()}
    for field, line in lines.items():
        if len(line) > MOST_CHARACTERS[field]:
            raise InvalidInput.at(
                field, _("At most %(number)s characters.") % {"number": MOST_CHARACTERS[field]}
            )
    notice = in_preparation(evaluation) or usual_notice(evaluation, actor)
    for field, line in lines.items():
        setattr(notice, field, line)
    notice.basis = basis.strip()
    notice.report_due = report_due
    notice.save_as(actor, "prepare notice")
    record(
        chain=chain_of(evaluation.pk),
        verb="prepare_notice",
        actor=actor,
        object=notice,
        data={
            "copies": notice.copies,
            "basis": notice.basis,
            "report_due": report_due,
            "contact": notice.contact,
            "telephone": notice.telephone,
            "on_behalf_of": on_behalf_of,
        },
    )
    return notice


@transaction.atomic
def issue_notice(
    *, evaluation: Evaluation, actor: User, is_demonstration: bool = False
) -> list[RectificationItem]:
    """Issue the items that were raised after the conclusion, with a notice of their own.

    Raises NotAllowed, WrongStage outside rectification, and InvalidInput without any proposed
    item or for a due date, or a day for the report, that has passed. Returns the items issued.
    """
    evaluation = locked(evaluation.pk)
    on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
    if evaluation.stage != Stage.RECTIFICATION:
        raise WrongStage(
            _("Further items are issued while the evaluation is in rectification."), found=evaluation.stage
        )
    if not evaluation.items.filter(stage=ItemStage.DRAFT).exists():
        raise InvalidInput(_("Propose the items first, then issue them."))
    items = issue_proposed(evaluation, actor, is_demonstration=is_demonstration, on_behalf_of=on_behalf_of)
    tell_issued(evaluation, items)
    return items
