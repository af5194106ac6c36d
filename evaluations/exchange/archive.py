"""Zip files within bounds: what is opened is small, flat, readable and not a bomb.

Memory and time are bounded before anything is unpacked: the directory of the file by
its own size, the members by their number, each by its size and by how much it shrank.
"""

from __future__ import annotations

import hashlib
import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from evaluations.dossier import DossierFaults
from evaluations.strict_json import Fault, gettext_noop

MIB = 1024 * 1024
MOST_MEMBERS = 500
MOST_BYTES = 20 * MIB
MOST_UNPACKED_BYTES = 200 * MIB
MOST_RATIO = 200
# Small files shrink a lot by nature: only what unpacks to more is measured by its ratio.
FREE_OF_RATIO = MIB
MOST_DIRECTORY_BYTES = MIB

SIGNATURE = b"PK\x03\x04"
EMPTY_SIGNATURE = b"PK\x05\x06"
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
ZIP64_LOCATOR = b"PK\x06\x07"
ZIP64_LOCATOR_LENGTH = 20
LONGEST_COMMENT = 65_535
UTF8_NAME = 0x800
ENCRYPTED = 0x1
# What archivers write by default; the rarer methods bound neither their memory nor their errors.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What archivers leave behind, and nobody means to hand in.
LEFT_BEHIND = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """One file of an archive: its name without folders, and its content or why there is none."""

    name: str
    content: bytes = b""
    faults: tuple[Fault, ...] = ()


def sha256_of(content: bytes) -> str:
    """The fingerprint of a file's content."""
    return hashlib.sha256(content).hexdigest()


def is_zip(content: bytes) -> bool:
    """Whether the content begins like a zip file."""
    return content.startswith((SIGNATURE, EMPTY_SIGNATURE))


def open_archive(content: bytes) -> zipfile.ZipFile:
    """The zip file, its directory read within bounds. Raises DossierFaults."""
    _require_small_directory(content)
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise _refused(gettext_noop("is a damaged zip file")) from None


def members_of(content: bytes) -> Iterator[Member]:
    """The files of an archive one by one, in its order; folders are ignored.

    Raises DossierFaults for an archive that is damaged, empty or beyond the bounds;
    what is wrong with one member is that member's fault alone.
    """
    with open_archive(content) as archive:
        for entry in _entries_of(archive):
            yield _member(archive, entry)


def count_of(content: bytes) -> int:
    """How many files an archive holds. Raises DossierFaults."""
    with open_archive(content) as archive:
        return len(_entries_of(archive))


def name_of(entry: zipfile.ZipInfo) -> str:
    """The file's own name, folders dropped.

    Chinese archivers write names in GBK without saying so; Python then reads them as
    code page 437, from which the bytes come back without loss.
    """
    name = entry.filename
    if not entry.flag_bits & UTF8_NAME:
        name = _decoded(entry.orig_filename)
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if unicodedata.category(letter) != "Cc")[:200]


def _entries_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not _is_ignored(entry)]
    if not entries:
        raise _refused(gettext_noop("is a zip file with nothing in it"))
    if len(entries) > MOST_MEMBERS:
        words = gettext_noop("holds %(found)s files, and more than %(most)s are not taken at once")
        raise _refused(words, found=str(len(entries)), most=str(MOST_MEMBERS))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        words = gettext_noop("unpacks to more than %(most)s MB")
        raise _refused(words, most=str(MOST_UNPACKED_BYTES // MIB))
    return entries


def _decoded(name: str) -> str:
    raw = name.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    name = name_of(entry)
    if entry.flag_bits & ENCRYPTED:
        return _faulty(name, gettext_noop("is locked with a password"))
    if entry.compress_type not in METHODS:
        return _faulty(name, gettext_noop("is packed in an unusual way: pack the files as an ordinary .zip"))
    if entry.file_size > MOST_BYTES:
        return _faulty(name, gettext_noop("is larger than %(most)s MB"), most=str(MOST_BYTES // MIB))
    if entry.file_size > FREE_OF_RATIO and entry.file_size > entry.compress_size * MOST_RATIO:
        words = gettext_noop("unpacks to more than %(most)s times its size")
        return _faulty(name, words, most=str(MOST_RATIO))
    try:
        with archive.open(entry) as file:
            content = file.read(entry.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return _faulty(name, gettext_noop("cannot be unpacked: it is damaged"))
    return Member(name, content)


def _faulty(name: str, words: str, **values: str) -> Member:
    return Member(name, faults=(Fault("", words, values),))


def _is_ignored(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    return entry.is_dir() or not parts or parts[0] in LEFT_BEHIND or parts[-1] in LEFT_BEHIND


def _require_small_directory(content: bytes) -> None:
    """A directory is read whole by whoever opens the file: so its size is asked first."""
    tail_starts = max(0, len(content) - LONGEST_COMMENT - END_OF_DIRECTORY.size)
    place = content.rfind(EMPTY_SIGNATURE, tail_starts)
    if place < 0 or place + END_OF_DIRECTORY.size > len(content):
        raise _refused(gettext_noop("is a damaged zip file"))
    size = END_OF_DIRECTORY.unpack_from(content, place)[5]
    locator = place - ZIP64_LOCATOR_LENGTH
    is_zip64 = locator >= 0 and content[locator : locator + 4] == ZIP64_LOCATOR
    if is_zip64 or size > MOST_DIRECTORY_BYTES:
        raise _refused(gettext_noop("is a zip file whose directory is too large"))


def _refused(words: str, **values: str) -> DossierFaults:
    return DossierFaults([Fault("", words, values)])
