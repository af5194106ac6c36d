"""Files in: what a file is, told by its content, and the dossier that it holds.

Every way in (command, upload, archive) reads through ``read_any``; whatever it cannot
take is a DossierFaults with a line for each fault, never another error.
"""

from __future__ import annotations

import codecs
import os
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from evaluations.dossier import Dossier, DossierFaults, read_dossier
from evaluations.exchange.archive import MIB, MOST_BYTES, count_of, is_zip, members_of, open_archive
from evaluations.exchange.understanding import Understanding
from evaluations.strict_json import Fault, gettext_noop

MOST_JSON_BYTES = 8 * MIB
# A form on screen holds as many; a dossier with more could not be corrected by anybody.
MOST_ROWS = 500

JSON = "json"
WORKBOOK = "workbook"
ARCHIVE = "archive"
WORKBOOK_NAMES = (".xlsx", ".xls")


@dataclass(frozen=True)
class Read:
    """One file that was handed in: what was understood of it, or every fault."""

    name: str
    content: bytes
    understanding: Understanding | None = None
    faults: tuple[Fault, ...] = ()


def read_any(name: str, content: bytes) -> Understanding:
    """Read one dossier from a file's content: dossier/1 JSON or the official form as .xlsx.

    ``name`` is only for messages: what a file is, its content says. Raises
    DossierFaults for everything that is no dossier.
    """
    kind = kind_of(content)
    if kind == ARCHIVE:
        raise _refused(gettext_noop("is a zip file of several files, not a dossier"))
    if kind == JSON and name.lower().endswith(WORKBOOK_NAMES) and not _begins_as_json(content):
        # Web pages and lists of values are often saved under a workbook's name.
        words = gettext_noop(
            "is no Excel workbook, whatever its name says: open it in a spreadsheet and save it as .xlsx"
        )
        raise _refused(words)
    understanding = READERS[kind](content)
    if faults := _too_many_rows(understanding.dossier):
        raise DossierFaults(faults)
    return understanding


def _begins_as_json(content: bytes) -> bool:
    return content[:MIB].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def read_all(name: str, content: bytes) -> Iterator[Read]:
    """Read every dossier that a file holds, one by one: itself, or the members of an archive.

    Raises DossierFaults only for a file that cannot be opened; a member's faults stand
    beside it and leave the others alone. Archives inside archives are refused.
    """
    if kind_of(content) != ARCHIVE:
        yield _read_one(name, content)
        return
    for member in members_of(content):
        if member.faults:
            yield Read(member.name, b"", faults=member.faults)
        else:
            yield _read_one(member.name, member.content)


def how_many(content: bytes) -> int:
    """How many files ``read_all`` will read. Raises DossierFaults."""
    return count_of(content) if kind_of(content) == ARCHIVE else 1


def kind_of(content: bytes) -> str:
    """JSON, WORKBOOK or ARCHIVE. Raises DossierFaults for a file that is recognised as something else."""
    for signature, words in OTHER_FILES.items():
        if content.startswith(signature):
            raise _refused(words)
    if not content.strip():
        raise _refused(gettext_noop("is empty"))
    if not is_zip(content):
        return JSON
    with open_archive(content) as archive:
        return _kind_of_zip(archive)


def read_file(path: Path) -> bytes:
    """The content of a file on this machine, within bounds. Raises DossierFaults."""
    try:
        mode = os.stat(path).st_mode
        content = _beginning_of(path) if stat.S_ISREG(mode) else b""
    except FileNotFoundError:
        raise _refused(gettext_noop("there is no such file")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(gettext_noop("cannot be read: %(reason)s"), reason=reason) from None
    if not stat.S_ISREG(mode):
        raise _refused(gettext_noop("is a folder") if stat.S_ISDIR(mode) else gettext_noop("is no file"))
    return require_size(content, MOST_BYTES)


def require_size(content: bytes, most: int) -> bytes:
    """The content, when it is not larger. Raises DossierFaults."""
    if len(content) > most:
        raise _refused(gettext_noop("is larger than %(most)s MB"), most=str(most // MIB))
    return content


def _beginning_of(path: Path) -> bytes:
    """The content; of a file that is too large one byte more than is taken."""
    with open(path, "rb") as file:
        return file.read(MOST_BYTES + 1)


def _read_one(name: str, content: bytes) -> Read:
    try:
        return Read(name, content, read_any(name, content))
    except DossierFaults as error:
        return Read(name, content, faults=error.faults)


def _read_json(content: bytes) -> Understanding:
    return Understanding(read_dossier(require_size(content, MOST_JSON_BYTES)))


def _read_workbook(content: bytes) -> Understanding:
    # Only a workbook needs what reads workbooks, and that takes longer to load than all the rest.
    reader: Callable[[bytes], Understanding] = import_module("evaluations.exchange.form").read_form
    return reader(content)


def _kind_of_zip(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names:
        return ARCHIVE
    if any(name.startswith("xl/") for name in names):
        return WORKBOOK
    if any(name.startswith("word/") for name in names):
        raise _refused(gettext_noop("is a Word document: hand in the form as an Excel workbook (.xlsx)"))
    return ARCHIVE


def _too_many_rows(dossier: Dossier) -> list[Fault]:
    tables = {
        "indicators": dossier.indicators,
        "budget.rows": dossier.budget.rows,
        "budget.lines": dossier.budget.lines,
        "budget.stated_totals": dossier.budget.stated_totals,
        "problems": dossier.problems,
        "recommendations": dossier.recommendations,
        "team": dossier.team,
        "report": dossier.report,
    }
    words = gettext_noop("has %(found)s rows, and more than %(most)s are not taken")
    return [
        Fault(path, words, {"found": str(len(rows)), "most": str(MOST_ROWS)})
        for path, rows in tables.items()
        if len(rows) > MOST_ROWS
    ]


def _refused(words: str, **values: str) -> DossierFaults:
    return DossierFaults([Fault("", words, values)])


READERS: Mapping[str, Callable[[bytes], Understanding]] = {JSON: _read_json, WORKBOOK: _read_workbook}
OTHER_FILES: Mapping[bytes, str] = {
    b"\xd0\xcf\x11\xe0": gettext_noop(
        "is an old or password-protected Office file: save it as .xlsx without a password"
    ),
    b"%PDF": gettext_noop("is a PDF: hand in the form as an Excel workbook (.xlsx) or as dossier/1"),
    b"Rar!": gettext_noop("is a RAR archive: pack the files as .zip"),
    b"7z\xbc\xaf": gettext_noop("is a 7-Zip archive: pack the files as .zip"),
}
