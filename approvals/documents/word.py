"""A letter as a Word document: A4, the margins and type of official documents, fonts by name."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from approvals.documents.blocks import Letter, Sheet, Table

LATIN_FONT = "Times New Roman"
# What word processors know these families as, where the office has put no fonts of its own into the folder.
USUAL_FONTS = {
    "Office Title": "方正小标宋简体",
    "Office Body": "仿宋",
    "Office Heading": "黑体",
    "Office Subheading": "楷体",
}
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
RED = RGBColor(0xC0, 0, 0)
# The library's template is from 2013; a document says nothing of when it was written.
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the file's format knows no time zone
CELL = 10.5


@dataclass(frozen=True)
class Style:
    """How a kind of paragraph stands on the page; sizes in points, ``indent`` in characters."""

    family: str = "Office Body"
    size: float = 16
    alignment: WD_ALIGN_PARAGRAPH = JUSTIFIED
    indent: int = 2
    before: float = 0
    after: float = 0
    bold: bool = False
    color: RGBColor | None = None
    level: int | None = None
    """As which heading a reader of the screen hears it."""


STYLES = {
    "banner": Style(size=10.5, indent=0, after=6, color=RED),
    "issuer": Style("Office Title", 30, CENTRE, 0, color=RED),
    "number": Style(alignment=CENTRE, indent=0, after=18),
    "title": Style("Office Title", 22, CENTRE, 0, after=18, level=0),
    "addressee": Style(alignment=LEFT, indent=0),
    "body": Style(),
    "heading": Style("Office Heading", level=1),
    "annexes": Style(alignment=LEFT, before=6),
    "signature": Style(alignment=RIGHT, indent=0, before=12),
    "seal": Style(size=12, alignment=RIGHT, indent=0),
    "note": Style(before=12),
    "copies": Style(size=14, alignment=LEFT, indent=0, before=18),
    "imprint": Style(size=14, alignment=LEFT, indent=0),
    "annex-label": Style("Office Heading", alignment=LEFT, indent=0),
    "annex-title": Style("Office Title", 20, CENTRE, 0, before=10, after=10, level=1),
}


def letter_docx(letter: Letter, fonts: Mapping[str, str] | None = None) -> bytes:
    """The letter in a .docx file; ``fonts`` names the font for a family where it is not the usual one."""
    writer = Writer(letter, {**USUAL_FONTS, **(fonts or {})})
    for place, sheet in enumerate(letter.sheets):
        writer.sheet(sheet, is_first=place == 0)
    file = io.BytesIO()
    writer.document.save(file)
    return file.getvalue()


class Writer:
    """Writes sheet after sheet into one document."""

    def __init__(self, letter: Letter, fonts: Mapping[str, str]) -> None:
        self.letter, self.fonts = letter, fonts
        self.document: WordDocument = Document()
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = LATIN_FONT, Pt(16)
        normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), fonts["Office Body"])
        properties = self.document.core_properties
        properties.title, properties.author = letter.title[:255], letter.author[:255]
        properties.created = properties.modified = CREATED

    def sheet(self, sheet: Sheet, *, is_first: bool) -> None:
        """A page of its own, upright or on its side."""
        sections = self.document.sections
        section = sections[0] if is_first else self.document.add_section(WD_SECTION.NEW_PAGE)
        lay(section, is_landscape=sheet.is_landscape)
        if is_first:
            self.edges(section)
        for block in sheet.blocks:
            if isinstance(block, Table):
                self.table(block, section)
            else:
                self.paragraph(self.document.add_paragraph(), block.text, STYLES[block.style])

    def edges(self, section: Section) -> None:
        """The mark of a demonstration at every page's head, its number at the foot."""
        if self.letter.is_demonstration:
            mark = Style(size=9, alignment=RIGHT, indent=0, color=RED)
            self.paragraph(section.header.paragraphs[0], f"{self.letter.number}　{_('demonstration')}", mark)
        foot = section.footer.paragraphs[0]
        foot.alignment = CENTRE
        foot.add_run("— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        foot._p.append(field)
        foot.add_run(" —")

    def paragraph(self, paragraph: WordParagraph, text: str, style: Style) -> None:
        shape = paragraph.paragraph_format
        paragraph.alignment = style.alignment
        shape.space_before, shape.space_after = Pt(style.before), Pt(style.after)
        shape.line_spacing = 1.5
        shape.first_line_indent = Pt(style.size * style.indent)
        shape.keep_with_next = style.level is not None
        if style.level is not None:
            outline = OxmlElement("w:outlineLvl")
            outline.set(qn("w:val"), str(style.level))
            paragraph._p.get_or_add_pPr().append(outline)
        self.write(paragraph, text, style)

    def write(self, paragraph: WordParagraph, text: str, style: Style) -> None:
        run = paragraph.add_run(text)
        run.font.name, run.font.size, run.bold = LATIN_FONT, Pt(style.size), style.bold
        if style.color is not None:
            run.font.color.rgb = style.color
        fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), self.fonts[style.family])

    def table(self, block: Table, section: Section) -> None:
        """Rows with lines around them; headings stand on every page again."""
        rows = [block.headings, *block.rows] if block.headings else list(block.rows)
        table = self.document.add_table(rows=len(rows), cols=len(block.widths))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        widths = [Emu(width * share // 100) for share in block.widths]
        for place, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
            is_heading = bool(block.headings) and place == 0
            style = Style("Office Heading" if is_heading else "Office Body", CELL)
            for cell, text, wide in zip(row.cells, texts, widths, strict=True):
                cell.width = wide
                self.write(cell.paragraphs[0], text, style)
        if block.headings:
            table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def lay(section: Section, *, is_landscape: bool) -> None:
    """Size and margins of the paper (GB/T 9704)."""
    long, short = Cm(29.7), Cm(21)
    section.orientation = WD_ORIENTATION.LANDSCAPE if is_landscape else WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = (long, short) if is_landscape else (short, long)
    top, right, bottom, left = (2.8, 2.6, 2.6, 2.6) if is_landscape else (3.7, 2.6, 3.5, 2.8)
    section.top_margin, section.bottom_margin = Cm(top), Cm(bottom)
    section.left_margin, section.right_margin = Cm(left), Cm(right)
