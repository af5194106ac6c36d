"""A workbook's package looked at before it is read: small, whole, and nothing in it that acts.

The package is a zip file of XML parts (ECMA-376). Every refusal is a DossierFaults with one
line for each fault; the work for any file is bounded by ``bounds``.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping

from evaluations.dossier import DossierFaults
from evaluations.exchange.archive import is_zip, open_archive
from evaluations.exchange.form import bounds
from evaluations.exchange.form.scan import SheetScan, scan_part
from evaluations.strict_json import Fault, gettext_noop

CONTENT_TYPES = "[Content_Types].xml"
MAIN_PART = "xl/workbook.xml"
SHEETS = "xl/worksheets/"
STRINGS = "xl/sharedStrings.xml"
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED_MEMBER = 0x1
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)

FORBIDDEN_PARTS: Mapping[str, str] = {
    "vbaproject": gettext_noop("holds macros (%(part)s): save it as .xlsx without macros"),
    "macrosheets/": gettext_noop("holds macros (%(part)s): save it as .xlsx without macros"),
    "xl/externallinks/": gettext_noop(
        "is linked with other workbooks (%(part)s): replace the links by their values"
    ),
    "xl/connections.xml": gettext_noop("fetches data from elsewhere (%(part)s): replace it by its values"),
    "xl/querytables/": gettext_noop("fetches data from elsewhere (%(part)s): replace it by its values"),
    "xl/embeddings/": gettext_noop("has another file embedded (%(part)s): take it out"),
    "xl/activex/": gettext_noop("holds active controls (%(part)s): take them out"),
}
NESTED = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".rar", ".7z", ".gz")


def looked_at(content: bytes) -> Mapping[str, SheetScan]:
    """What a first look at every sheet found, by the sheet's part. Raises DossierFaults."""
    _require_workbook(content)
    with open_archive(content) as archive:
        if faults := list(_faults_of_members(archive.infolist())):
            raise DossierFaults(faults)
        if faults := list(_faults_of_parts(archive.namelist())):
            raise DossierFaults(faults)
        return _scanned(archive)


def _require_workbook(content: bytes) -> None:
    if len(content) > bounds.LARGEST_FILE:
        raise refused(gettext_noop("is larger than %(most)s MB"), most=str(bounds.LARGEST_FILE // bounds.MIB))
    if content.startswith(COMPOUND):
        if ENCRYPTED_PACKAGE in content:
            raise refused(gettext_noop("is locked with a password: save it without one"))
        raise refused(gettext_noop("is a workbook of the old kind (.xls): save it as .xlsx"))
    if not is_zip(content):
        raise refused(gettext_noop("is no workbook (.xlsx), whatever its name says"))


def _faults_of_members(entries: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    """Faults of the zip file itself, from its directory alone."""
    if len(entries) > bounds.MOST_PARTS:
        words = gettext_noop("has %(found)s parts, and more than %(most)s are not taken")
        yield Fault("", words, {"found": str(len(entries)), "most": str(bounds.MOST_PARTS)})
        return
    if sum(entry.file_size for entry in entries) > bounds.LARGEST_UNPACKED:
        words = gettext_noop("unpacks to more than %(most)s MB")
        yield Fault("", words, {"most": str(bounds.LARGEST_UNPACKED // bounds.MIB)})
    for name, times in Counter(entry.filename.lower() for entry in entries).items():
        if times > 1:
            yield Fault("", gettext_noop("holds the part %(part)s more than once"), {"part": name[:80]})
    for entry in entries:
        yield from _faults_of_member(entry)


def _faults_of_member(entry: zipfile.ZipInfo) -> Iterator[Fault]:
    part = {"part": entry.filename[:80]}
    if entry.flag_bits & ENCRYPTED_MEMBER:
        yield Fault("", gettext_noop("is locked with a password: save it without one"))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield Fault("", gettext_noop("is packed in a way that workbooks are not (%(part)s)"), part)
    if is_xml(entry.filename) and entry.file_size > bounds.LARGEST_XML_PART:
        words = gettext_noop("unpacks to more than %(most)s MB in one part (%(part)s)")
        yield Fault("", words, {**part, "most": str(bounds.LARGEST_XML_PART // bounds.MIB)})
    if entry.file_size > bounds.FREE_OF_RATIO and entry.file_size > entry.compress_size * bounds.MOST_RATIO:
        words = gettext_noop("unpacks to more than %(most)s times its size (%(part)s)")
        yield Fault("", words, {**part, "most": str(bounds.MOST_RATIO)})


def _faults_of_parts(names: list[str]) -> Iterator[Fault]:
    """Faults of what the workbook is made of, from the names of its parts."""
    lower = {name.lower(): name for name in names}
    for start, words in FORBIDDEN_PARTS.items():
        if found := next((lower[name] for name in lower if start in name), None):
            yield Fault("", words, {"part": found[:80]})
            return
    if nested := next((lower[name] for name in lower if name.endswith(NESTED)), None):
        words = gettext_noop("has another file embedded (%(part)s): take it out")
        yield Fault("", words, {"part": nested[:80]})
    elif "xl/workbook.bin" in lower:
        yield Fault("", gettext_noop("is a binary workbook (.xlsb): save it as .xlsx"))
    elif CONTENT_TYPES not in names or MAIN_PART not in lower:
        yield Fault("", gettext_noop("is no workbook (.xlsx), whatever its name says"))


def _scanned(archive: zipfile.ZipFile) -> Mapping[str, SheetScan]:
    """Every XML part read once without keeping it: broken, foreign or oversized ones are refused."""
    scans: dict[str, SheetScan] = {}
    left = bounds.MOST_ELEMENTS
    for entry in archive.infolist():
        if not is_xml(entry.filename):
            continue
        is_large = entry.filename.startswith(SHEETS) or entry.filename == STRINGS
        scan = SheetScan(left if is_large else bounds.MOST_ELEMENTS_OF_A_PART)
        try:
            with archive.open(entry) as file:
                scan_part(entry.filename, file, scan)
        except DossierFaults:
            raise
        except DAMAGED:
            raise refused(gettext_noop("cannot be unpacked: it is damaged")) from None
        if is_large:
            left -= scan.elements
        if entry.filename.startswith(SHEETS) and "/_rels/" not in entry.filename:
            scans[entry.filename] = scan
    if len(scans) > bounds.MOST_SHEETS:
        words = gettext_noop("has %(found)s sheets, and more than %(most)s are not taken")
        raise refused(words, found=str(len(scans)), most=str(bounds.MOST_SHEETS))
    if sum(scan.cells for scan in scans.values()) > bounds.MOST_CELLS:
        raise refused(gettext_noop("has more than %(most)s cells"), most=str(bounds.MOST_CELLS))
    return scans


def is_xml(name: str) -> bool:
    """Whether a part is parsed by whoever reads the workbook."""
    return name.lower().endswith((".xml", ".rels", ".vml"))


def refused(words: str, **values: str) -> DossierFaults:
    """A refusal of the whole file."""
    return DossierFaults([Fault("", words, values)])
