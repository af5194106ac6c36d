"""The official form as a Word document: one table, A4, merged cells, Chinese fonts by name."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from evaluations.dossier import Dossier, FundingRowFacts
from evaluations.exchange.form.layout import (
    FOOT,
    FUNDING_HEADINGS,
    INDICATOR_HEADINGS,
    NO_POINTS,
    SEAL,
    TITLE,
    date_line,
    funding_label,
    funding_name,
    funding_rows,
    grade_line,
    is_blank,
    level1_runs,
    level2_runs,
    printed_level,
    year_line,
)
from evaluations.scoring.exact import exact, printed, printed_percent

FONT, HEADING_FONT, LATIN_FONT = "宋体", "黑体", "Times New Roman"
WIDTHS = (1.3, 1.5, 1.8, 3.2, 2.0, 2.0, 1.4, 1.5, 3.1)  # in centimetres, as wide as the page in all
# The library's template is from 2013; a document says nothing of when it was written.
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the file's format knows no time zone
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def form_docx(dossier: Dossier) -> bytes:
    """The dossier as the official form in a .docx file, as it is printed and signed.

    It shows what the form shows: stated figures as stated, no formulas. What the form has
    no place for is not in it (``form_xlsx`` carries everything).
    """
    document = _document()
    _heading(document, TITLE, HEADING_FONT, 16)
    _heading(document, year_line(dossier), FONT, 11)
    funds, indicators = funding_rows(dossier), dossier.indicators
    table = document.add_table(rows=len(funds) + len(indicators) + 7, cols=len(WIDTHS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    form = FormTable(table)
    _write_head(form, dossier)
    _write_funds(form, dossier, funds)
    _write_goal(form, dossier, 3 + len(funds))
    _write_indicators(form, dossier, 5 + len(funds))
    _write_total(form, dossier, 6 + len(funds) + len(indicators))
    for line in ("　　".join(FOOT), f"{date_line(dossier)}　　　　{SEAL}"):
        _write(document.add_paragraph(), line, FONT, 10.5)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class FormTable:
    """The table, written cell by cell; its cells are looked up once, because python-docx counts them anew."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = [list(row.cells) for row in table.rows]
        for column, width in zip(table.columns, WIDTHS, strict=True):
            column.width = Cm(width)
        for row in self.rows:
            for cell, width in zip(row, WIDTHS, strict=True):
                cell.width = Cm(width)

    def put(
        self, row: int, column: int, text: str | None, *, centred: bool = False, bold: bool = False
    ) -> None:
        """A text; every line of it in the same paragraph."""
        paragraph = self.rows[row][column].paragraphs[0]
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(paragraph, text or "", FONT, 9, bold=bold)

    def label(self, row: int, column: int, text: str) -> None:
        self.put(row, column, text, centred=True, bold=True)

    def across(self, row: int, first: int, last: int) -> None:
        """Merge cells of one row."""
        self.rows[row][first].merge(self.rows[row][last])

    def down(self, first: int, last: int, column: int) -> None:
        """Merge cells of one column."""
        if last > first:
            self.rows[first][column].merge(self.rows[last][column])

    def repeat(self, row: int) -> None:
        """Let a heading row stand on every page."""
        self.table.rows[row]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _document() -> WordDocument:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.6)
    section.top_margin = section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN_FONT, Pt(10.5)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    properties = document.core_properties
    properties.title, properties.author = TITLE, ""
    properties.created = properties.modified = CREATED
    return document


def _heading(document: WordDocument, text: str, font: str, size: float) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(2)
    _write(paragraph, text, font, size, bold=font == HEADING_FONT)


def _write(paragraph: Paragraph, text: str, font: str, size: float, *, bold: bool = False) -> None:
    run = paragraph.add_run(UNWRITABLE.sub("\ufffd", text))
    run.font.name, run.font.size, run.bold = LATIN_FONT, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _write_head(form: FormTable, dossier: Dossier) -> None:
    project = dossier.project
    form.label(0, 0, "项目名称")
    form.put(0, 2, project.name)
    form.label(1, 0, "主管部门")
    form.put(1, 2, project.department)
    form.label(1, 5, "实施单位")
    form.put(1, 6, project.unit)
    for row, first, last in ((0, 2, 8), (0, 0, 1), (1, 6, 8), (1, 2, 4), (1, 0, 1)):
        form.across(row, first, last)


def _write_funds(form: FormTable, dossier: Dossier, rows: Sequence[FundingRowFacts]) -> None:
    form.label(2, 0, funding_label(dossier))
    for column, heading in enumerate(FUNDING_HEADINGS, start=3):
        form.label(2, column, heading)
    for place, row in enumerate(rows):
        at = 3 + place
        form.put(at, 1, funding_name(row, place))
        points = (row.weight, row.rate or _rate(row), row.score)
        for column, value in enumerate((row.initial, row.annual, row.paid, *points), start=3):
            has_none = value is None and place > 0 and column in (6, 8)
            form.put(at, column, NO_POINTS if has_none or is_blank(row) else _shown(value), centred=True)
    for at in range(2, 3 + len(rows)):
        form.across(at, 1, 2)
    form.down(2, 2 + len(rows), 0)


def _write_goal(form: FormTable, dossier: Dossier, at: int) -> None:
    form.label(at, 0, "年度总体目标")
    form.label(at, 1, "预期目标")
    form.label(at, 5, "实际完成情况")
    form.put(at + 1, 1, dossier.goal.expected)
    form.put(at + 1, 5, dossier.goal.achieved)
    for row in (at, at + 1):
        form.across(row, 5, 8)
        form.across(row, 1, 4)
    form.down(at, at + 1, 0)


def _write_indicators(form: FormTable, dossier: Dossier, heading: int) -> None:
    rows = dossier.indicators
    form.label(heading, 0, "绩效指标")
    for column, text in enumerate(INDICATOR_HEADINGS, start=1):
        form.label(heading, column, text)
    form.repeat(heading)
    for column, runs in ((1, level1_runs(rows)), (2, level2_runs(rows))):
        for run in runs:
            form.put(heading + 1 + run.first, column, printed_level(run.label), centred=True)
            form.down(heading + 1 + run.first, heading + 1 + run.last, column)
    for at, row in enumerate(rows, start=heading + 1):
        form.put(at, 3, row.name)
        figures = (row.target.text, row.actual.text, _shown(row.weight), _shown(row.stated.score))
        for column, text_shown in enumerate(figures, start=4):
            form.put(at, column, text_shown, centred=True)
        form.put(at, 8, row.deviation_reason)
    form.down(heading, heading + len(rows), 0)


def _write_total(form: FormTable, dossier: Dossier, at: int) -> None:
    """The weights' sum, and the total as stated; neither with zeros behind the point."""
    weights = [funding_rows(dossier)[0].weight, *(row.weight for row in dossier.indicators)]
    known = [weight for weight in weights if weight is not None]
    form.label(at, 0, "总分")
    form.put(at, 6, printed(sum(known, Decimal(0))) if known else "", centred=True)
    total = dossier.stated.total
    form.put(at, 7, "" if total is None else printed(total), centred=True)
    form.put(at, 8, grade_line(dossier), centred=True)
    form.across(at, 0, 5)


def _rate(row: FundingRowFacts) -> str:
    if not row.annual or row.paid is None:
        return ""
    return printed_percent(exact(row.paid) / exact(row.annual))


def _shown(value: Decimal | str | None) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value or ""
