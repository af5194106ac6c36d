"""A document is recognised by its content; a crafted package is refused cheaply, never with an error."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from evaluations import file_types
from evaluations.file_types import type_by_content

END_RECORD = b"PK\x05\x06"
DIRECTORY_ENTRY = b"PK\x01\x02"


def package(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for name in names:
            written.writestr(name, "")
    return content.getvalue()


WORD = package("word/document.xml", "[Content_Types].xml")
OFD = package("OFD.xml")


def patched(content: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """The package with ``value`` written at ``offset`` behind the last ``mark``."""
    place = content.rindex(mark) + offset
    return content[:place] + value + content[place + len(value) :]


def with_zip64_directory() -> bytes:
    """A modest end record, and before it a ZIP64 one that Python's reader would follow instead."""
    place = WORD.rindex(END_RECORD)
    return WORD[:place] + struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1) + WORD[place:]


@pytest.mark.parametrize(("suffix", "content"), [(".docx", WORD), (".ofd", OFD)])
def test_a_sound_package_is_recognised(suffix, content):
    assert type_by_content(io.BytesIO(content), suffix) == file_types.MEDIA_TYPES[suffix]


def test_a_sound_package_with_a_comment_is_recognised():
    commented = patched(WORD, END_RECORD, 20, struct.pack("<H", 300)) + b"-" * 300
    assert type_by_content(io.BytesIO(commented), ".docx") is not None


@pytest.mark.parametrize("suffix", [".docx", ".ofd"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: patched(content, DIRECTORY_ENTRY, 6, struct.pack("<H", 99)),
        lambda content: patched(patched(content, DIRECTORY_ENTRY, 46, b"\xff"), DIRECTORY_ENTRY, 9, b"\x08"),
        lambda content: patched(content, END_RECORD, 12, struct.pack("<I", 1_000_000)),
        lambda content: content[:-9],
        lambda content: b"PK",
        lambda content: b"",
    ],
    ids=[
        "a version to come",
        "a name that is no UTF-8",
        "a directory beyond the file",
        "cut",
        "two bytes",
        "empty",
    ],
)
def test_a_damaged_package_is_refused_without_an_error(suffix, damage):
    whole = WORD if suffix == ".docx" else OFD
    assert type_by_content(io.BytesIO(damage(whole)), suffix) is None


@pytest.mark.parametrize(
    "crafted",
    [
        patched(WORD, END_RECORD, 10, struct.pack("<H", 5_001)),
        patched(WORD, END_RECORD, 12, struct.pack("<I", 2 * 1024**2 + 1)),
        with_zip64_directory(),
    ],
    ids=["too many parts", "too large a directory", "a second directory"],
)
def test_a_package_with_a_huge_directory_is_refused_before_it_is_read(crafted, monkeypatch):
    def read(*args, **kwargs):
        raise AssertionError("the directory was read")

    monkeypatch.setattr(file_types.zipfile, "ZipFile", read)
    assert type_by_content(io.BytesIO(crafted), ".docx") is None
