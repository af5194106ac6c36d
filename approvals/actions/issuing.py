"""The notice by which proposed items go out, with its number; the caller holds the evaluation's lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, RoleHolding, User
from approvals.models import ItemStage, NoticeKind, RaisedBy, RectificationItem, RectificationNotice
from audit_log import clock
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.calendar import calendar_as_stored
from evaluations.models import Evaluation, Kind

# Of a notice's particulars that stand in one line.
MOST_CHARACTERS = {"copies": 300, "contact": 60, "telephone": 40}


def issue_proposed(
    evaluation: Evaluation, actor: User, *, is_demonstration: bool = False, on_behalf_of: int | None = None
) -> list[RectificationItem]:
    """Issue the proposed items with their notice; without any, and concluded, a letter of feedback.

    Raises InvalidInput for an item whose due date has passed, and for a prepared notice that asks
    for the report by a day that has. Returns the items issued.
    """
    items = list(evaluation.items.filter(stage=ItemStage.DRAFT).order_by("pk"))
    if not items and evaluation.concluded_total is None:
        return []
    if items:
        require_time_left(items, in_preparation(evaluation))
    notice = issued(evaluation, actor, items, is_demonstration, on_behalf_of)
    for item in items:
        item.evaluation = evaluation
        item.notice = notice
        item.stage = ItemStage.ISSUED
        item.assigned_at = notice.issued_at
        item.save_as(actor, "assign")
        record(chain=chain_of(evaluation.pk), verb="assign_item", actor=actor, object=item)
    return items


def require_time_left(
    items: Sequence[RectificationItem], prepared: RectificationNotice | None = None
) -> None:
    """Raises InvalidInput for each due date, and the day for the report, that is over in working days."""
    overdue = calendar_as_stored().last_overdue(clock.today())
    late: dict[str, list[Any]] = {
        f"item-{item.pk}": [
            _("The due date of “%(item)s” has passed: set a later one.") % {"item": item.requirement[:40]}
        ]
        for item in items
        if item.due <= overdue
    }
    if prepared is not None and prepared.report_due is not None and prepared.report_due <= overdue:
        late["report_due"] = [
            _("The notice that was prepared wants the report by %(day)s, which has passed: set a later day.")
            % {"day": prepared.report_due}
        ]
    if late:
        raise InvalidInput(_("A day that the notice names has passed."), fields=late)


def issued(
    evaluation: Evaluation,
    actor: User,
    items: Sequence[RectificationItem],
    is_demonstration: bool,
    on_behalf_of: int | None = None,
) -> RectificationNotice:
    """The notice that was prepared, or a usual one, with its number, from now on unchangeable."""
    notice = in_preparation(evaluation) or usual_notice(evaluation, actor, items)
    notice.issuer = issuer_of(evaluation, items)  # only now is it known who raised what is issued
    notice.kind = NoticeKind.RECTIFICATION if items else NoticeKind.FEEDBACK
    notice.issued_at, notice.issued_by = clock.now(), actor
    notice.is_demonstration = is_demonstration
    notice.year = clock.today().year
    notice.number = next_number(notice.issuer_id, notice.year)
    if not items:
        notice.report_due = None  # a letter of feedback asks for no report
    elif notice.report_due is None:
        notice.report_due = max(item.due for item in items)
    notice.save_as(actor, "issue")
    record(
        chain=chain_of(evaluation.pk),
        verb="issue_notice",
        actor=actor,
        object=notice,
        data={
            "kind": str(notice.kind),
            "year": notice.year,
            "number": notice.number,
            "items": [item.pk for item in items],
            "addressee": notice.addressee_id,
            "copies": notice.copies,
            "basis": notice.basis,
            "report_due": notice.report_due,
        },
        on_behalf_of=on_behalf_of,
    )
    return notice


def in_preparation(evaluation: Evaluation) -> RectificationNotice | None:
    """The notice whose particulars were written beforehand; None while nobody has."""
    return evaluation.rectification_notices.filter(issued_at=None).first()


def usual_notice(
    evaluation: Evaluation, actor: User, items: Sequence[RectificationItem] = ()
) -> RectificationNotice:
    """A notice with the usual particulars, not stored yet; ``actor`` is whoever issues it."""
    issuer = issuer_of(evaluation, items)
    copies = "" if issuer == evaluation.department else str(evaluation.department)
    return RectificationNotice(
        evaluation=evaluation,
        issuer=issuer,
        addressee=evaluation.unit,
        copies=copies,
        contact=str(handling_officer(items, issuer) or actor)[: MOST_CHARACTERS["contact"]],
    )


def handling_officer(items: Sequence[RectificationItem], issuer: Organization) -> User | None:
    """Whom a unit best asks: who raised most of the items for the office, of as many each the first.

    None where nobody who is still of the office raised any. A leader who only signs knows the items less.
    """
    raised = Counter(item.raised_by_person_id for item in items)
    held = RoleHolding.objects.filter(organization=issuer, ended_at=None)
    holding = held.filter(user__in=raised, user__is_active=True)
    of_office = {each.user_id: each.user for each in holding.select_related("user")}
    return next((of_office[pk] for pk, _number in raised.most_common() if pk in of_office), None)


def issuer_of(evaluation: Evaluation, items: Sequence[RectificationItem] = ()) -> Organization:
    """The office in whose name it goes out: the evaluator, or who reviewed a self-assessment last."""
    by_finance = any(item.raised_by == RaisedBy.FINANCE for item in items)
    if evaluation.kind == Kind.SELF and evaluation.concluded_total is None and items and not by_finance:
        return evaluation.department
    return evaluation.department if evaluation.kind == Kind.DEPARTMENT else evaluation.bureau


def next_number(issuer_id: int, year: int) -> int:
    """The next free number of the office in the year; a number is never given twice."""
    with connection.cursor() as cursor:  # two notices at once would read the same last number
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"notice:{issuer_id}:{year}"])
    last = RectificationNotice.objects.filter(issuer=issuer_id, year=year).aggregate(last=Max("number"))[
        "last"
    ]
    return (last or 0) + 1
