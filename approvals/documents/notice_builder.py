"""From the rows of an issued notice to the plain contents that its documents are written from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy

from approvals.documents.notice import NoticeContents, NoticeItem, NoticeReceipt
from approvals.documents.report import Text
from approvals.documents.wording import grade_label
from approvals.models import (
    ItemKind,
    ItemStage,
    Receipt,
    RecordedFinding,
    RectificationItem,
    RectificationNotice,
)
from approvals.models.decisions import in_the_name_of
from audit_log.errors import NotFound
from evaluations.models import Evaluation
from evaluations.policies.chosen import policy_of

ONE_ROW = ("issuer", "addressee", "evaluation__project", "evaluation__policy")


def notice_contents(notice_id: int) -> NoticeContents:
    """Read an issued notice, in a fixed number of queries.

    It reads the same whenever it is printed, but for the receipts that were signed since.
    Raises NotFound for a notice that has not been issued.
    """
    notice = RectificationNotice.objects.select_related(*ONE_ROW).filter(pk=notice_id).first()
    if notice is None or notice.issued_at is None or notice.year is None or notice.number is None:
        raise NotFound()
    evaluation = notice.evaluation
    items = list(items_of(notice))
    concluded = evaluation.is_concluded and not went_out_before_the_recheck(notice)
    note = evaluation.demonstration_note
    return NoticeContents(
        issuer=notice.issuer.name,
        year=notice.year,
        number=notice.number,
        issued_on=timezone.localdate(notice.issued_at),
        addressee=notice.addressee.name,
        project_name=evaluation.project.name,
        fiscal_year=evaluation.fiscal_year,
        evaluation_number=evaluation.number,
        report_title=evaluation.title,
        copies=notice.copies,
        basis=notice.basis,
        total=evaluation.concluded_total if concluded else None,
        grade=grade_label(evaluation.concluded_grade if concluded else ""),
        conclusion=evaluation.conclusion if concluded else "",
        problems=tuple(dict.fromkeys(problems(notice, evaluation, items))),
        items=tuple(as_issued(items)),
        measures_days=policy_of(evaluation).rectification.measures_days if items else None,
        report_due=notice.report_due if items else None,
        contact=notice.contact,
        telephone=notice.telephone,
        receipts=tuple(receipts(notice, items)),
        is_demonstration=notice.is_demonstration or bool(note) or any(one.is_demonstration for one in items),
        demonstration_note=note,
    )


def items_of(notice: RectificationNotice) -> QuerySet[RectificationItem]:
    """The items that went out with the notice, with what a document says of them."""
    rows = notice.items.select_related("responsible_unit", "problem", "finding")
    return rows.prefetch_related("assisting__unit").order_by("number")


def problems(
    notice: RectificationNotice, evaluation: Evaluation, items: Sequence[RectificationItem]
) -> Iterator[Text]:
    """The dossier's problems, and what else the items rest on; a later notice names only its items'."""
    if not evaluation.rectification_notices.filter(issued_at__lt=notice.issued_at).exists():
        yield from (problem.text for problem in evaluation.problems.all())
    for item in items:
        if ground := ground_of(item):
            yield ground


def ground_of(item: RectificationItem) -> Text:
    """The problem or the finding that the item rests on; "" where it rests on neither."""
    if item.problem is not None:
        return item.problem.text
    return spoken_finding(item.finding) if item.finding is not None else ""


def message_of(finding: RecordedFinding) -> str:
    return finding.message


spoken_finding = lazy(message_of, str)


def went_out_before_the_recheck(notice: RectificationNotice) -> bool:
    """Whether nothing had been concluded yet: the department's review was the end until finance drew it."""
    drawn_at, issued_at = notice.evaluation.drawn_at, notice.issued_at
    return drawn_at is not None and issued_at is not None and issued_at < drawn_at


def as_issued(items: Sequence[RectificationItem]) -> Iterator[NoticeItem]:
    """The items with requirement and amount as they were issued: an objection may have changed both since."""
    history = RectificationItem.history.filter(id__in=[item.pk for item in items], stage=ItemStage.ISSUED)
    rows = history.order_by("id", "history_id").distinct("id").values("id", "requirement", "amount")
    first = {row.pop("id"): row for row in rows}
    for item in items:
        yield replace(notice_item(item), **first.get(item.pk, {}))


def notice_item(item: RectificationItem) -> NoticeItem:
    """What a notice says of an item; its requirement and its amount are the present ones."""
    return NoticeItem(
        number=item.number,
        requirement=item.requirement,
        kind=ItemKind(item.kind).label,
        responsible_unit=item.responsible_unit.name,
        due=item.original_due,
        assisting=tuple(helper.unit.name for helper in item.assisting.all()),
        problem=ground_of(item),
        amount=item.amount,
    )


def receipts(notice: RectificationNotice, items: Sequence[RectificationItem]) -> Iterator[NoticeReceipt]:
    """One for each unit that has to sign, the addressee's where no item asks any."""
    signed = {row.unit_id: row for row in notice.receipts.select_related("actor", "on_behalf_of")}
    units = {item.responsible_unit_id: item.responsible_unit.name for item in items}
    for unit, name in (units or {notice.addressee_id: notice.addressee.name}).items():
        yield receipt(name, signed.get(unit))


def receipt(unit: str, row: Receipt | None) -> NoticeReceipt:
    if row is None:
        return NoticeReceipt(unit=unit)
    principal = str(row.on_behalf_of) if row.on_behalf_of else ""
    return NoticeReceipt(
        unit=unit,
        signed_by=in_the_name_of(str(row.actor), principal),
        signed_at=timezone.localtime(row.signed_at),
    )
