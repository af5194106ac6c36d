"""Files that are no form, or meant as none: refused with a line, in bounded memory, nothing half read."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evaluations.dossier import DossierFaults
from evaluations.exchange.form import bounds, read_form
from evaluations.exchange.form.scan import SheetScan, scan_part
from tests.evaluations.exchange.forms import content, read, remarks_at, workbook

SHEET = "xl/worksheets/sheet1.xml"
MIB = 1024 * 1024
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def refusal(file: bytes) -> str:
    """The messages with which a file is refused."""
    with pytest.raises(DossierFaults) as error:
        read_form(file)
    return "\n".join(f"{fault.path} {fault.message}".strip() for fault in error.value.faults)


def parts_of(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


def with_parts(**parts: bytes) -> bytes:
    """The form's package with parts added or replaced; "__" in a name stands for "/"."""
    names = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    return packed({**parts_of(content(workbook())), **names})


def with_sheet(change: Callable[[str], str]) -> bytes:
    """The form's package with the sheet's XML changed."""
    parts = parts_of(content(workbook()))
    return packed({**parts, SHEET: change(parts[SHEET].decode()).encode()})


def sheet_of(rows: str, dimension: str = "A1:B2") -> bytes:
    """A package whose sheet has these rows."""
    xml = (
        f'{XML}<worksheet {NAMESPACE}><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    )
    return packed({**parts_of(content(workbook())), SHEET: xml.encode()})


def peak_of(action: Callable[[], object]) -> int:
    """The most memory that an action held, in bytes."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "is no workbook"),
        (b"hello", "is no workbook"),
        ("项目名称,单位\n".encode("gb18030"), "is no workbook"),
        ("<html><table><tr><td>项目名称</td></tr></table></html>".encode(), "is no workbook"),
        (b"%PDF-1.7\n", "is no workbook"),
        (b"PK\x03\x04" + b"\x00" * 40, "damaged zip file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "old kind"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
        ),
    ],
)
def test_what_is_no_workbook_is_refused_whatever_its_name(file: bytes, words: str) -> None:
    assert words in refusal(file)


def test_a_word_document_is_refused() -> None:
    assert "is no workbook" in refusal(
        packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<d/>"})
    )


def test_a_binary_workbook_is_refused() -> None:
    assert ".xlsb" in refusal(packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x00"}))


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert "larger than 10 MB" in refusal(b"PK\x03\x04" + b"\x00" * bounds.LARGEST_FILE)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("xl__vbaProject_dot_bin", "macros"),
        ("xl__macrosheets__sheet1_dot_xml", "macros"),
        ("xl__externalLinks__externalLink1_dot_xml", "linked with other workbooks"),
        ("xl__connections_dot_xml", "fetches data"),
        ("xl__embeddings__oleObject1_dot_bin", "embedded"),
        ("xl__activeX__activeX1_dot_xml", "active controls"),
        ("xl__media__inner_dot_zip", "embedded"),
        ("xl__media__inner_dot_xlsx", "embedded"),
    ],
)
def test_parts_that_act_or_nest_are_refused(name: str, words: str) -> None:
    assert words in refusal(with_parts(**{name: b"<x/>"}))


def test_a_workbook_declared_with_macros_is_refused() -> None:
    parts = parts_of(content(workbook()))
    types = parts["[Content_Types].xml"].decode()
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert main in types
    macro = types.replace(main, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")

    assert "macros" in refusal(packed({**parts, "[Content_Types].xml": macro.encode()}))


def test_relations_to_the_outside_are_refused_but_for_hyperlinks() -> None:
    def related(kind: str) -> bytes:
        relations = (
            f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="http://example.org/{kind}" Target="http://example.org/"'
            ' TargetMode="External"/></Relationships>'
        )
        return with_parts(xl__worksheets___rels__sheet1_dot_xml_dot_rels=relations.encode())

    assert "outside of the workbook" in refusal(related("oleObject"))
    assert read_form(related("hyperlink")).dossier.project.fiscal_year == 2023


@pytest.mark.parametrize(
    "formula",
    ["'[book.xlsx]Sheet1'!A1", "[1]Sheet1!A1", "cmd|'/C calc'!A0", 'WEBSERVICE("http://example.org")'],
)
def test_formulas_that_reach_outside_are_refused(formula: str) -> None:
    assert "reaches outside" in refusal(
        content(workbook(lambda sheet: sheet.__setitem__("H13", f"={formula}")))
    )


def test_a_small_file_that_unpacks_to_a_large_one_is_refused() -> None:
    bomb = with_parts(xl__media__image1_dot_png=b"\x00" * (4 * MIB))

    assert len(bomb) < MIB
    assert "200 times its size" in refusal(bomb)
    assert peak_of(lambda: refusal(bomb)) < 4 * MIB


def test_many_parts_that_unpack_to_a_large_file_are_refused() -> None:
    bomb = with_parts(**{f"xl__media__image{number}_dot_png": b"\x00" * MIB for number in range(40)})

    assert "unpacks to more than 32 MB" in refusal(bomb)
    assert peak_of(lambda: refusal(bomb)) < 4 * MIB


def test_a_large_xml_part_is_refused() -> None:
    assert "in one part" in refusal(with_parts(xl__sharedStrings_dot_xml=b" " * (17 * MIB)))


def test_a_file_of_many_parts_is_refused() -> None:
    pictures = {f"xl__media__p{number}_dot_png": b"" for number in range(590)}

    assert "parts, and more than 500" in refusal(with_parts(**pictures))


def test_a_part_that_is_larger_than_announced_is_refused() -> None:
    file = bytearray(with_parts(docProps__extra_dot_xml=b"<a>" + b" " * 100_000 + b"</a>"))
    place = file.rindex(b"docProps/extra.xml") - 46
    assert file[place : place + 4] == b"PK\x01\x02"
    file[place + 24 : place + 28] = (50).to_bytes(4, "little")

    assert "damaged" in refusal(bytes(file))


def test_a_part_that_stands_twice_is_refused() -> None:
    file = io.BytesIO(content(workbook()))
    with zipfile.ZipFile(file, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(SHEET, b"<worksheet/>")

    assert "more than once" in refusal(file.getvalue())


def test_a_locked_part_is_refused() -> None:
    file = bytearray(content(workbook()))
    place = file.index(b"PK\x01\x02")
    file[place + 8] |= 1

    assert "locked with a password" in refusal(bytes(file))


def test_a_packing_that_workbooks_do_not_use_is_refused() -> None:
    file = packed(parts_of(content(workbook())), zipfile.ZIP_LZMA)

    assert "packed in a way" in refusal(file)


def test_a_damaged_part_is_refused() -> None:
    file = bytearray(packed(parts_of(content(workbook())), zipfile.ZIP_STORED))
    place = file.index(b"<sheetData>")
    file[place : place + 4] = b"ABCD"

    assert "damaged" in refusal(bytes(file))


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE worksheet SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE worksheet [<!ENTITY % remote SYSTEM "http://127.0.0.1/x.dtd"> %remote;]>',
    ],
)
def test_document_types_and_entities_are_refused(declaration: str) -> None:
    def change(xml: str) -> str:
        return re.sub(r"(<\?xml[^>]*\?>)?(?=<worksheet)", rf"{XML}{declaration}", xml, count=1)

    assert "document type or entities" in refusal(with_sheet(change))


@pytest.mark.parametrize("encoding", ["GBK", "utf-16", "x-unknown"])
def test_a_wrong_encoding_is_refused(encoding: str) -> None:
    def change(xml: str) -> str:
        return re.sub(
            r"(<\?xml[^>]*\?>)?(?=<worksheet)", f'<?xml version="1.0" encoding="{encoding}"?>', xml, count=1
        )

    assert "unknown encoding" in refusal(with_sheet(change))


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    parts = parts_of(content(workbook()))
    broken = parts[SHEET].replace(b"<sheetData>", b"<sheetData><!-- \xcf\xee\xc4\xbf -->")

    assert "unknown encoding" in refusal(packed({**parts, SHEET: broken}))


def test_a_hundred_thousand_rows_are_refused() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 100_001))
    file = sheet_of(rows)

    assert "more than 5000 rows" in refusal(file)
    assert peak_of(lambda: refusal(file)) < 8 * MIB


@pytest.mark.parametrize(
    ("rows", "dimension", "words"),
    [
        ("", "A1:B100000", "more than 5000 rows"),
        ("", "A1:XFD9", "more than 1024 columns"),
        ('<row r="1048576"/>', "A1:B2", "more than 5000 rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "A1:B2", "more than 1024 columns"),
        (f'<row r="1">{"<c><v>1</v></c>" * 16_000}</row>', "A1:B2", "more than 1024 columns"),
    ],
)
def test_rows_and_columns_beyond_the_bounds_are_refused_declared_or_real(
    rows: str, dimension: str, words: str
) -> None:
    assert words in refusal(sheet_of(rows, dimension))


@pytest.mark.parametrize("span", ["A1:XFD1048576", "A1:A1048576", "A1:ZZ5000"])
def test_a_merged_range_over_everything_is_refused(span: str) -> None:
    file = with_sheet(lambda xml: xml.replace('<mergeCell ref="A1:I1"', f'<mergeCell ref="{span}"'))

    assert re.search("more than|too many merged", refusal(file))
    assert peak_of(lambda: refusal(file)) < 8 * MIB


def test_more_cells_than_the_bound_are_refused() -> None:
    row = "".join("<c><v>1</v></c>" for _cell in range(1_000))
    rows = "".join(f'<row r="{number}">{row}</row>' for number in range(1, 52))

    assert "more than 50000 cells" in refusal(sheet_of(rows))


def test_a_long_text_repeated_in_many_cells_is_refused() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for row in range(400):
            sheet.write_string(row, 0, "长" * 30_000)

    assert len(file.getvalue()) < MIB
    assert "more than 8000000 characters" in refusal(file.getvalue())


def test_elements_are_counted_and_no_more_than_the_bound_are_looked_at() -> None:
    xml = f"{XML}<worksheet>{'<x/>' * 400_000}</worksheet>".encode()
    scan = SheetScan(bounds.MOST_ELEMENTS)

    with pytest.raises(DossierFaults, match="more than can be read at once"):
        scan_part(SHEET, io.BytesIO(xml), scan)

    assert scan.elements == bounds.MOST_ELEMENTS + 1


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.org","看")',
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "=A1",
        "+A1+B2",
    ],
)
def test_texts_that_begin_like_a_formula_are_refused_at_their_cell(text: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["I13"].value = text
        sheet["I13"].data_type = "s"

    with pytest.raises(DossierFaults) as error:
        read(change)

    assert [fault.path for fault in error.value.faults] == ["自评表!I13"]


@pytest.mark.parametrize("address", ["C3", "G4", "B11", "D13", "I13"])
def test_a_live_formula_where_a_text_belongs_is_refused_at_its_cell(address: str) -> None:
    with pytest.raises(DossierFaults) as error:
        read(lambda sheet: sheet.__setitem__(address, '=HYPERLINK("http://example.org","看")'))

    assert f"自评表!{address}" in [fault.path for fault in error.value.faults]


@pytest.mark.parametrize(
    "text", ["- 按期完成", "-5%", "=14条", "+3.2个百分点", "-", "—", "@负责同志", "=达标"]
)
def test_texts_that_only_begin_with_a_sign_are_read(text: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["I13"].value = text
        sheet["I13"].data_type = "s"

    reason = read(change).dossier.indicators[0].deviation_reason

    assert reason == (None if text in "-—" else text)


def test_a_text_marked_as_text_is_read_as_it_stands() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["I13"].value = "=1+1"
        sheet["I13"].data_type = "s"
        sheet["I13"].quotePrefix = True

    understanding = read(change)

    assert understanding.dossier.indicators[0].deviation_reason == "=1+1"
    assert len(remarks_at(understanding, "自评表!I13")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "+" + "123." * 7_000,
        "复核" * 15_000,
        "a" + "\n" * 29_000 + "，",
        "1" * 29_999 + "(",
        "(" + " " * 29_000 + "1",
    ],
)
def test_a_long_text_is_not_pondered_over(text: str) -> None:
    """Each of these took a pattern minutes before patterns were kept to the beginning of a text."""
    understanding = read(indicators=[("产出指标", "数量指标", text, "28个", text, 100, 100, None)])

    assert len(understanding.dossier.indicators) == 1


def test_a_form_within_the_bounds_costs_little_memory() -> None:
    file = content(workbook())
    read_form(file)

    assert peak_of(lambda: read_form(file)) < 8 * MIB


def test_a_workbook_with_nothing_on_it_is_refused() -> None:
    assert "holds no form" in refusal(content(Workbook()))
