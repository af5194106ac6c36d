"""From HTML to a PDF with WeasyPrint. Imported by the printing process only."""

from __future__ import annotations

import logging
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from approvals.documents.fetching import FontFetcher
from approvals.documents.fonts import office_fonts

PROBE = "<p style=\"font-family: 'Office Body', 'Noto Serif CJK SC', serif\">绩效评价</p>"
MISSING_GLYPH = ".notdef glyph"


class NoChineseFont(RuntimeError):
    """No font on this machine has Chinese characters."""


class MissingGlyphs(logging.Handler):
    """Counts the characters that WeasyPrint printed as boxes."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += MISSING_GLYPH in str(record.msg)


def pdf_of(html: str, style: str, font_folder: Path | None = None) -> bytes:
    """The PDF of a complete HTML page.

    :raises NoChineseFont: when Chinese text would come out as boxes.
    """
    fonts = office_fonts(font_folder)
    faces = "\n".join(font.rule for font in fonts)
    fetcher = FontFetcher(font.path for font in fonts)
    if missing_glyphs(PROBE, faces, fetcher):
        raise NoChineseFont
    return write(html, faces + style, fetcher)


def missing_glyphs(html: str, style: str, fetcher: FontFetcher) -> int:
    """How many characters of the HTML no font can print."""
    counter = MissingGlyphs()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(counter)
    try:
        write(html, style, fetcher)
    finally:
        logger.removeHandler(counter)
    return counter.count


def write(html: str, style: str, fetcher: FontFetcher) -> bytes:
    """Lay out and write; every address goes through ``fetcher``."""
    fonts = FontConfiguration()
    sheet = CSS(string=style, font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=html, url_fetcher=fetcher)
    written: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts)
    return written
