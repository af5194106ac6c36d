"""One pass over an XML part: what openpyxl's lean mode does not tell, and what must be refused.

Nothing of the part is kept but what is counted here, so a part costs the time of one pass
and no memory. Document types, and with them entities, are refused by defusedxml.
"""

from __future__ import annotations

import re
from typing import IO
from xml.sax import SAXException, SAXNotRecognizedException, SAXNotSupportedException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_external_pes
from xml.sax.xmlreader import AttributesImpl, InputSource

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from evaluations.dossier import DossierFaults
from evaluations.exchange.form import bounds
from evaluations.strict_json import Fault, gettext_noop

Range = tuple[int, int, int, int]
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.IGNORECASE)
HYPERLINK = "/hyperlink"
MACROS = "macroEnabled"
# A formula that reads another workbook ('[book.xlsx]Sheet'!A1) or fetches from elsewhere.
OTHER_BOOK = re.compile(r"\[[^\[\]\n]*\][\w .\-]*'?!")
FETCHING = re.compile(r"\b(WEBSERVICE|RTD|CALL|REGISTER\.ID|DDE)\s*\(", re.IGNORECASE)
LONGEST_FORMULA = 8_192


class SheetScan(ContentHandler):
    """What one pass found: rows and columns that are hidden, merged ranges, cells with formulas."""

    def __init__(self, most_elements: int) -> None:
        super().__init__()
        self.most_elements = most_elements
        self.part = ""
        self.elements = 0
        self.cells = 0
        self.row = 0
        self.column = 0
        self.formulas: set[tuple[int, int]] = set()
        self.merged: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        # Texts with a part struck through that stand in the cell itself: what is kept, what is struck.
        self.struck: dict[tuple[int, int], tuple[str, str]] = {}
        self._formula: list[str] | None = None
        self._runs: list[tuple[bool, str]] | None = None
        self._is_struck = self._is_in_text = False

    def startElement(self, name: str, attributes: AttributesImpl) -> None:
        self.elements += 1
        if self.elements > self.most_elements:
            self.refuse(gettext_noop("holds more than can be read at once (%(part)s)"))
        if reader := READERS.get(name.rpartition(":")[2]):
            reader(self, attributes)

    def characters(self, content: str) -> None:
        if self._runs is not None and self._is_in_text:
            self._runs.append((self._is_struck, content))
        if self._formula is not None and len(self._formula) < LONGEST_FORMULA:
            self._formula.append(content)

    def endElement(self, name: str) -> None:
        element = name.rpartition(":")[2]
        if element == "t":
            self._is_in_text = False
        elif element == "is" and self._runs is not None:
            self._keep_runs(self._runs)
        elif self._formula is not None and element == "f":
            text, self._formula = "".join(self._formula), None
            if reaches_outside(text[:LONGEST_FORMULA]):
                self.refuse(
                    gettext_noop("has a formula that reaches outside of the workbook (%(place)s)"),
                    place=f"{letters_of(self.column)}{self.row}",
                )

    def _keep_runs(self, runs: list[tuple[bool, str]]) -> None:
        kept = "".join(text for is_struck, text in runs if not is_struck)
        struck = "".join(text for is_struck, text in runs if is_struck)
        if struck:
            self.struck[self.row, self.column] = (kept, struck)
        self._runs = None

    def refuse(self, words: str, **values: str) -> None:
        raise DossierFaults([Fault("", words, {"part": self.part[:80], **values})])

    def require_within(self, row: int, column: int) -> None:
        """A place beyond the bounds is refused, whether it is filled or only declared."""
        if row > bounds.MOST_ROWS:
            self.refuse(
                gettext_noop("has a sheet of more than %(most)s rows (%(part)s): delete the empty rows"),
                most=str(bounds.MOST_ROWS),
            )
        if column > bounds.MOST_COLUMNS:
            self.refuse(
                gettext_noop(
                    "has a sheet of more than %(most)s columns (%(part)s): delete the empty columns"
                ),
                most=str(bounds.MOST_COLUMNS),
            )

    def read_dimension(self, attributes: AttributesImpl) -> None:
        if found := range_of(attributes.get("ref", "")):
            self.require_within(found[2], found[3])

    def read_row(self, attributes: AttributesImpl) -> None:
        self.row = whole(attributes.get("r"), self.row + 1)
        self.column = 0
        self.require_within(self.row, 0)
        if is_true(attributes.get("hidden")):
            self.hidden_rows.add(self.row)

    def read_cell(self, attributes: AttributesImpl) -> None:
        self.cells += 1
        place = range_of(attributes.get("r", ""))
        self.column = place[1] if place else self.column + 1
        self.require_within(place[0] if place else self.row, self.column)

    def read_formula(self, attributes: AttributesImpl) -> None:
        self.formulas.add((self.row, self.column))
        self._formula = []

    def read_inline(self, attributes: AttributesImpl) -> None:
        self._runs, self._is_struck = [], False

    def read_run(self, attributes: AttributesImpl) -> None:
        self._is_struck = False

    def read_strike(self, attributes: AttributesImpl) -> None:
        self._is_struck = attributes.get("val", "1") in ("1", "true")

    def read_text(self, attributes: AttributesImpl) -> None:
        self._is_in_text = True

    def read_columns(self, attributes: AttributesImpl) -> None:
        if not is_true(attributes.get("hidden")):
            return
        first, last = whole(attributes.get("min"), 1), whole(attributes.get("max"), 1)
        self.hidden_columns.update(range(first, min(last, bounds.MOST_COLUMNS) + 1))

    def read_merged(self, attributes: AttributesImpl) -> None:
        if found := range_of(attributes.get("ref", "")):
            self.require_within(found[2], found[3])
            self.merged.append(found)
        if len(self.merged) > bounds.MOST_MERGED_RANGES:
            self.refuse(gettext_noop("has too many merged cells (%(part)s)"))

    def read_relationship(self, attributes: AttributesImpl) -> None:
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        if is_outside and not attributes.get("Type", "").endswith(HYPERLINK):
            self.refuse(gettext_noop("refers to something outside of the workbook (%(part)s)"))

    def read_content_type(self, attributes: AttributesImpl) -> None:
        if MACROS.lower() in attributes.get("ContentType", "").lower():
            self.refuse(gettext_noop("holds macros (%(part)s): save it as .xlsx without macros"))


READERS = {
    "dimension": SheetScan.read_dimension,
    "row": SheetScan.read_row,
    "c": SheetScan.read_cell,
    "f": SheetScan.read_formula,
    "is": SheetScan.read_inline,
    "r": SheetScan.read_run,
    "strike": SheetScan.read_strike,
    "t": SheetScan.read_text,
    "col": SheetScan.read_columns,
    "mergeCell": SheetScan.read_merged,
    "Relationship": SheetScan.read_relationship,
    "Override": SheetScan.read_content_type,
    "Default": SheetScan.read_content_type,
}


def scan_part(name: str, file: IO[bytes], scan: SheetScan) -> None:
    """Pass over a part; raises DossierFaults when it is not what a workbook may hold."""
    scan.part = name
    parser = create_parser(forbid_dtd=True)
    for feature in (feature_external_ges, feature_external_pes):
        try:
            parser.setFeature(feature, False)
        except (SAXNotRecognizedException, SAXNotSupportedException):
            continue
    parser.setContentHandler(scan)
    source = InputSource(name)
    source.setByteStream(file)
    try:
        parser.parse(source)
    except DossierFaults:
        raise
    except DefusedXmlException:
        scan.refuse(gettext_noop("holds a document type or entities (%(part)s), which no workbook needs"))
    except (SAXException, LookupError, ValueError):
        scan.refuse(gettext_noop("is damaged or in an unknown encoding (%(part)s)"))


def reaches_outside(formula: str) -> bool:
    """Whether a formula reads another workbook, asks another program (cmd|'…'!A0) or the network."""
    asks_program = -1 < formula.find("|") < formula.rfind("!")
    return asks_program or bool(OTHER_BOOK.search(formula) or FETCHING.search(formula))


def range_of(reference: str) -> Range | None:
    """First row, first column, last row, last column of "B2:D7" or "B2"; None when it is neither."""
    ends = [REFERENCE.fullmatch(end) for end in reference.split(":")]
    if not 1 <= len(ends) <= 2 or any(end is None for end in ends):
        return None
    places = [(int(end[2]), number_of(end[1])) for end in ends if end]
    (top, left), (bottom, right) = places[0], places[-1]
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def number_of(letters: str) -> int:
    """1 for "A", 27 for "AA"."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters_of(number: int) -> str:
    """ "A" for 1, "AA" for 27."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def is_true(text: str | None) -> bool:
    return text in ("1", "true")
