"""A notice of rectification as it is read: in the words of its documents, with who signed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.documents.letter import Paragraph, front, result
from approvals.documents.notice import NoticeContents, document_number
from approvals.documents.notice_builder import ground_of, notice_contents, notice_item
from approvals.documents.wording import grade_label
from approvals.models import RectificationItem, RectificationNotice
from approvals.procedure import steps_of
from audit_log import clock
from evaluations.models import Evaluation, Stage
from evaluations.policies.chosen import policy_of
from workflow.presentation.item_course import by
from workflow.presentation.notice_documents import notice_documents

NO_NUMBER = "…"


def letter_of(notice: RectificationNotice) -> dict[str, Any]:
    """An issued notice, for _notice_letter.html. Raises NotFound for one that has not been issued."""
    return {"paragraphs": list(front(notice_contents(notice.pk))), "is_issued": True}


def preview_of(notice: RectificationNotice, items: Sequence[RectificationItem]) -> dict[str, Any]:
    """What will go out: the number is open, and the result until it is concluded."""
    return {"paragraphs": list(previewed(notice, items)), "is_issued": False}


def previewed(notice: RectificationNotice, items: Sequence[RectificationItem]) -> Iterator[Paragraph]:
    """The paragraphs of a notice that has not been issued."""
    contents = contents_of(notice, items)
    waits = contents.total is None and will_be_concluded(notice.evaluation)
    if waits:
        contents = replace(contents, total=Decimal(0))
    for paragraph in front(contents):
        if paragraph.style == "number":
            yield replace(paragraph, text=f"{contents.issuer}〔{contents.year}〕{NO_NUMBER}号")
        elif waits and paragraph.text == result(contents):
            yield replace(paragraph, text=_("Score and grade stand here once they are concluded."))
        else:
            yield paragraph


def will_be_concluded(evaluation: Evaluation) -> bool:
    """Whether the evaluation still comes to a score and a grade."""
    to_come = any(step.stage == Stage.CONCLUSION for step in steps_of(evaluation))
    return evaluation.concluded_total is None and to_come


def contents_of(notice: RectificationNotice, items: Sequence[RectificationItem]) -> NoticeContents:
    """What the notice would say if it was issued today with these items."""
    evaluation = notice.evaluation
    concluded = evaluation.is_concluded
    return NoticeContents(
        issuer=notice.issuer.name,
        year=clock.today().year,
        number=0,
        issued_on=clock.today(),
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
        problems=tuple(dict.fromkeys(problems_of(evaluation, items))),
        items=tuple(notice_item(item) for item in items),
        measures_days=policy_of(evaluation).rectification.measures_days if items else None,
        report_due=(notice.report_due or max(item.due for item in items)) if items else None,
        contact=notice.contact,
        telephone=notice.telephone,
        is_demonstration=any(item.is_demonstration for item in items),
    )


def problems_of(evaluation: Evaluation, items: Sequence[RectificationItem]) -> Iterator[Any]:
    """The dossier's problems in its first notice, and what else the items rest on."""
    if not evaluation.rectification_notices.exclude(issued_at=None).exists():
        yield from (problem.text for problem in evaluation.problems.all())
    yield from (ground for item in items if (ground := ground_of(item)))


def issued_row(notice: RectificationNotice, reader: Any) -> dict[str, Any]:
    """An issued notice with its receipts: which unit signed, who, when; and who has not yet."""
    signed = {receipt.unit_id: receipt for receipt in notice.receipts.all()}
    units = {item.responsible_unit_id: item.responsible_unit for item in notice.items.all()}
    return {
        "notice": notice,
        "number": document_number(notice.issuer.name, notice.year, notice.number),
        "issued_at": notice.issued_at and timezone.localtime(notice.issued_at),
        "receipts": [receipt_row(unit, signed.get(pk)) for pk, unit in units.items()],
        "letter": letter_of(notice),
        "anchor": f"notice-{notice.pk}",
        "documents": notice_documents(notice, reader)["documents"],
    }


def receipt_row(unit: Any, receipt: Any) -> dict[str, Any]:
    """One unit's signature, or that it is still awaited."""
    if receipt is None:
        return {"unit": unit, "by": "", "at": None}
    return {"unit": unit, "by": by(receipt), "at": timezone.localtime(receipt.signed_at)}
