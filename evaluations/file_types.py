"""Which files are accepted as evidence, recognised by their content."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from typing import IO, Any

import filetype

OFFICE_PARTS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": OFFICE + "wordprocessingml.document",
    ".xlsx": OFFICE + "spreadsheetml.sheet",
    ".pptx": OFFICE + "presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ofd": "application/ofd",
    ".zip": "application/zip",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
BROKEN_PACKAGE = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError, struct.error)
END_RECORD = b"PK\x05\x06"
END_FIELDS = struct.Struct("<10xHI")  # up to the number of parts and the directory's size in bytes
ZIP64_LOCATOR = b"PK\x06\x07"  # 20 bytes, right before the record
LONGEST_TAIL = 20 + 22 + 65535  # both, and the longest comment that may follow
MOST_PARTS = 5_000
LARGEST_DIRECTORY = 2 * 1024 * 1024
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # the container of .doc and .xls


def accepted_types() -> list[str]:
    """The accepted endings."""
    return list(MEDIA_TYPES)


def type_by_content(file: IO[bytes] | Any, suffix: str) -> str | None:
    """The media type of ``suffix`` when the content bears it out, else None."""
    file.seek(0)
    try:
        recognised = RECOGNISERS.get(suffix, recognised_by_magic)(file, suffix)
    finally:
        file.seek(0)
    return MEDIA_TYPES.get(suffix) if recognised else None


def recognised_by_magic(file: IO[bytes], suffix: str) -> bool:
    kind = filetype.guess(file.read(8192))
    return kind is not None and kind.mime == MEDIA_TYPES.get(suffix)


def is_office_package(file: IO[bytes], suffix: str) -> bool:
    """A zip with the part that this kind of document has, and without macros."""
    names = names_in_package(file)
    has_part = any(name.startswith(OFFICE_PARTS[suffix]) for name in names)
    return has_part and not any(name.endswith("vbaProject.bin") for name in names)


def is_ofd(file: IO[bytes], suffix: str) -> bool:
    """The national format for fixed-layout documents (GB/T 33190): a zip with OFD.xml."""
    return "OFD.xml" in names_in_package(file)


def names_in_package(file: IO[bytes]) -> list[str]:
    """The names of a zip's parts; none for what is no zip, or no reasonable one.

    What the end-of-central-directory record announces is looked at first: a
    document has neither thousands of parts nor a directory of megabytes, and
    reading one that does would cost a request's time and memory.
    """
    try:
        if not has_modest_directory(file):
            return []
        with zipfile.ZipFile(file) as package:
            return package.namelist()
    except BROKEN_PACKAGE:
        return []


def has_modest_directory(file: IO[bytes]) -> bool:
    """Whether the zip announces a directory of at most 5,000 parts and 2 MB (APPNOTE.TXT 4.3.16).

    A file may hold more than one record that looks like the last: all of them
    have to be modest. ZIP64 is for what is beyond these limits: refused.
    """
    file.seek(0, 2)
    file.seek(max(0, file.tell() - LONGEST_TAIL))
    tail = file.read(LONGEST_TAIL)
    file.seek(0)
    place, found = tail.find(END_RECORD), False
    while place >= 0 and place + END_FIELDS.size <= len(tail):
        entries, size = END_FIELDS.unpack_from(tail, place)
        is_zip64 = tail[max(0, place - 20) : place].startswith(ZIP64_LOCATOR)
        if is_zip64 or entries > MOST_PARTS or size > LARGEST_DIRECTORY:
            return False
        found = True
        place = tail.find(END_RECORD, place + 1)
    return found


def is_compound(file: IO[bytes], suffix: str) -> bool:
    return file.read(8) == COMPOUND


def is_text(file: IO[bytes], suffix: str) -> bool:
    """Readable as UTF-8 or GB 18030, without control characters."""
    sample = file.read(65536)
    if b"\x00" in sample:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = sample.decode(encoding, errors="strict")
        except UnicodeDecodeError as fault:
            # A character cut at the end of the sample is not a fault of the file.
            if len(sample) == 65536 and fault.start > len(sample) - 4:
                text = sample[: fault.start].decode(encoding)
            else:
                continue
        return all(character.isprintable() or character in "\r\n\t\f" for character in text)
    return False


RECOGNISERS: dict[str, Callable[[IO[bytes], str], bool]] = {
    ".docx": is_office_package,
    ".xlsx": is_office_package,
    ".pptx": is_office_package,
    ".ofd": is_ofd,
    ".doc": is_compound,
    ".xls": is_compound,
    ".txt": is_text,
    ".csv": is_text,
}
