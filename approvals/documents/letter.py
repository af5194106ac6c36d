"""A notice in words: one list of paragraphs and tables, from which both PDF and Word are written.

The order is that of official documents (党政机关公文格式, GB/T 9704): office and number above the
line, title, addressee, text, annexes, signature with the place of the seal, note, copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from approvals.documents.blocks import Letter, Paragraph, Table, clean, sheet_of
from approvals.documents.notice import NoticeContents, NoticeItem, NoticeReceipt
from approvals.documents.report import Text
from approvals.templatetags.documents import NOTHING, amount, points
from approvals.words import enumerated

CHINESE = "零一二三四五六七八九"
MOST_IN_CHINESE = 99


def letter_of(contents: NoticeContents) -> Letter:
    """The document in the language that is active."""
    sheets = [sheet_of(front(contents))]
    annexes = annex_titles(contents)
    if contents.items:
        title = (label_of(len(annexes) - 1), Paragraph("annex-title", annexes[-2]))
        sheets.append(sheet_of((*title, ledger(contents.items)), is_landscape=True))
    sheets.append(sheet_of((label_of(len(annexes)), *receipt_sheet(contents, annexes[-1]))))
    return Letter(
        title=clean(title_of(contents)),
        number=clean(contents.document_number),
        author=clean(contents.issuer),
        sheets=tuple(sheets),
        is_demonstration=contents.is_demonstration,
    )


def title_of(contents: NoticeContents) -> str:
    """What the document is about."""
    return notice_title(contents.project_name, asks_for_rectification=bool(contents.items))


def notice_title(project_name: str, *, asks_for_rectification: bool) -> str:
    """What a notice, or a letter of feedback, is called in the language that is active.

    In Chinese a project that is called one already is not called it twice.
    """
    name = project_name.strip()
    name = (name.removesuffix("项目") or name) if is_chinese() else name
    words = (
        _("Notice on the evaluation result of the project “%(project)s” and on its rectification")
        if asks_for_rectification
        else _("Letter on the evaluation result of the project “%(project)s”")
    )
    return words % {"project": name}


def front(contents: NoticeContents) -> Iterator[Paragraph]:
    """The letter itself."""
    if contents.is_demonstration:
        words = (_("demonstration"), contents.demonstration_note)
        yield Paragraph("banner", _(": ").join(word for word in words if word))
    yield Paragraph("issuer", contents.issuer)
    yield Paragraph("number", contents.document_number)
    yield Paragraph("title", title_of(contents))
    yield Paragraph("addressee", _("To %(addressee)s:") % {"addressee": contents.addressee})
    yield Paragraph("body", opening(contents))
    for place, (heading, paragraphs) in enumerate(sections(contents), start=1):
        yield Paragraph("heading", _("%(place)s. %(text)s") % {"place": counted(place), "text": heading})
        yield from (Paragraph("body", text) for text in paragraphs)
    yield from closing(contents)


def opening(contents: NoticeContents) -> str:
    """What was evaluated, and what follows."""
    values = {
        "project": contents.project_name,
        "year": contents.fiscal_year,
        "number": contents.evaluation_number,
    }
    if contents.total is None:
        text = _("The self-assessment of “%(project)s” for fiscal year %(year)s (%(number)s) was reviewed.")
    else:
        text = _("The evaluation of “%(project)s” for fiscal year %(year)s (%(number)s) is complete.")
    follows = (
        _("What was found and what has to be put right is set out below; please see that it is done.")
        if contents.items
        else _("Its result is set out below.")
    )
    return _("%(first)s %(second)s") % {"first": text % values, "second": follows}


def sections(contents: NoticeContents) -> Iterator[tuple[str, list[str]]]:
    """The numbered sections that have something to say."""
    if basis := lines(contents.basis):
        yield _("Basis"), basis
    if contents.total is not None:
        yield _("Result of the evaluation"), [result(contents), *lines(contents.conclusion)]
    if contents.problems:
        yield _("Problems found"), listed(contents.problems)
    if contents.items:
        yield _("Requirements"), list(requirements(contents.items))
        yield _("Terms"), list(terms(contents))


def result(contents: NoticeContents) -> str:
    values = {"total": points(contents.total), "grade": str(contents.grade)}
    return _("The total score is %(total)s out of 100, the grade “%(grade)s”.") % values


def requirements(items: Sequence[NoticeItem]) -> Iterator[str]:
    """Item by item: what has to be done, then who, how much and by when."""
    for text, item in zip(listed([one.requirement for one in items]), items, strict=True):
        yield text
        yield _("%(text)s.") % {"text": _("; ").join(particulars(item))}


def particulars(item: NoticeItem) -> Iterator[str]:
    yield said(_("Responsible unit"), item.responsible_unit)
    if item.assisting:
        yield said(_("Assisting units"), enumerated(item.assisting))
    if item.amount is not None:
        yield said(_("Amount involved"), _("%(amount)s × 10,000 yuan") % {"amount": amount(item.amount)})
    yield said(_("To be done by"), day(item.due))
    yield said(_("Item number"), item.number)


def terms(contents: NoticeContents) -> Iterator[str]:
    """Until when what has to be handed in."""
    yield _("Please sign the receipt (annex) as soon as this notice has come to you.")
    if contents.measures_days is not None:
        yield _(
            "Hand in the measures, each with who carries it out and by when, within %(days)s calendar days"
            " of signing the receipt; a term that ends on a rest day ends on the next working day."
        ) % {"days": contents.measures_days}
    if contents.report_due is not None:
        yield _("Report the result of the rectification with its proof by %(day)s.") % {
            "day": day(contents.report_due)
        }


def closing(contents: NoticeContents) -> Iterator[Paragraph]:
    """Everything below the text."""
    for place, title in enumerate(annex_titles(contents), start=1):
        numbered = f"{place}. {title}"
        yield Paragraph("annexes", said(_("Annexes"), numbered) if place == 1 else numbered)
    yield Paragraph("signature", contents.issuer)
    yield Paragraph("signature", day(contents.issued_on))
    yield Paragraph("seal", _("(place of the seal)"))
    if note := contact(contents):
        yield Paragraph("note", note)
    if contents.copies:
        yield Paragraph("copies", said(_("Copies to"), contents.copies))
    printed = _("%(office)s, issued on %(day)s") % {"office": contents.issuer, "day": day(contents.issued_on)}
    yield Paragraph("imprint", printed)


def contact(contents: NoticeContents) -> str:
    """Whom to ask, in brackets; "" where nobody is named."""
    named = [(_("Contact"), contents.contact), (_("Telephone"), contents.telephone)]
    found = [said(label, value) for label, value in named if value]
    return _("(%(text)s)") % {"text": _("; ").join(found)} if found else ""


def annex_titles(contents: NoticeContents) -> list[str]:
    """The annexes in their order; the report is a volume of its own."""
    report = _("“%(title)s” (%(number)s), bound separately") % {
        "title": contents.report_title,
        "number": contents.evaluation_number,
    }
    ledger_title = [_("Ledger of rectification items")] if contents.items else []
    return [report, *ledger_title, _("Receipt")]


def label_of(place: int) -> Paragraph:
    return Paragraph("annex-label", _("Annex %(place)s") % {"place": place})


def ledger(items: Sequence[NoticeItem]) -> Table:
    """The items in a table, with the day that the notice sets."""
    return Table(
        headings=(
            _("Item number"),
            _("Problem"),
            _("Requirement"),
            _("Kind of item"),
            _("Amount involved (10,000 yuan)"),
            _("Responsible unit"),
            _("Assisting units"),
            _("Due date"),
        ),
        rows=tuple(ledger_row(item) for item in items),
        widths=(14, 17, 20, 8, 9, 12, 10, 10),
    )


def ledger_row(item: NoticeItem) -> tuple[str, ...]:
    return (
        item.number,
        str(item.problem) or NOTHING,
        item.requirement,
        str(item.kind),
        NOTHING if item.amount is None else amount(item.amount),
        item.responsible_unit,
        enumerated(item.assisting) or NOTHING,
        item.due.isoformat(),
    )


def receipt_sheet(contents: NoticeContents, title: str) -> Iterator[Paragraph | Table]:
    """One form for each unit, filled in where it has signed."""
    for receipt in contents.receipts:
        yield Paragraph("annex-title", title)
        yield Table(rows=receipt_rows(contents, receipt), widths=(26, 74))


def receipt_rows(contents: NoticeContents, receipt: NoticeReceipt) -> tuple[tuple[str, str], ...]:
    signed_at = date_format(receipt.signed_at, "DATETIME_FORMAT") if receipt.signed_at else ""
    return (
        (_("Document number"), contents.document_number),
        (_("Title"), title_of(contents)),
        (_("Sent by"), contents.issuer),
        (_("Receiving unit (seal)"), receipt.unit),
        (_("Signed by"), receipt.signed_by),
        (_("Signed at"), signed_at),
    )


def listed(texts: Sequence[Text]) -> list[str]:
    """Texts with their numbers, one level below the sections."""
    return [
        _("(%(place)s) %(text)s") % {"place": counted(place), "text": text}
        for place, text in enumerate(texts, start=1)
    ]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def said(label: str, value: str) -> str:
    return f"{label}{_(': ')}{value}"


def day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def counted(place: int) -> str:
    """The number in Chinese numerals where the language has them: 一, 十二, 二十."""
    if not is_chinese() or place > MOST_IN_CHINESE:
        return str(place)
    tens, ones = divmod(place, 10)
    ten = ("" if tens == 1 else CHINESE[tens]) + "十" if tens else ""
    return ten + (CHINESE[ones] if ones else "")
