"""Zip files of many dossiers: what is taken, what is refused, and that a bomb costs nothing."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest

from evaluations.dossier import DossierFaults
from evaluations.exchange import archive
from evaluations.exchange.archive import MIB, members_of
from evaluations.exchange.reading import how_many, read_all
from tests.evaluations.exchange.test_check_dossier import SHAOXING


def packed(*files, method=zipfile.ZIP_DEFLATED):
    """A .zip of (name, content)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in files:
            made.writestr(name, content)
    return buffer.getvalue()


def faults(content):
    """What is wrong with the archive as a whole."""
    with pytest.raises(DossierFaults) as refused:
        list(members_of(content))
    return [fault.message for fault in refused.value.faults]


def words_of(content):
    """Each member with what is wrong with it."""
    return {member.name: [fault.message for fault in member.faults] for member in members_of(content)}


def test_every_file_is_read_in_the_archives_order_and_folders_do_not_matter():
    content = SHAOXING.read_bytes()
    found = list(
        read_all("all.zip", packed(("2019/b.json", content), ("../../etc/a.json", content), ("2019/", b"")))
    )
    assert [read.name for read in found] == ["b.json", "a.json"]
    assert all(read.understanding for read in found)
    assert how_many(packed(("a.json", content), ("b.json", content))) == 2


def test_what_archivers_leave_behind_is_no_file():
    content = packed(
        ("__MACOSX/._a.json", b"x"), ("a/.DS_Store", b"x"), ("a.json", b"{}"), ("Thumbs.db", b"")
    )
    assert list(words_of(content)) == ["a.json"]


def in_gbk(name):
    """An archive whose member's name is written in GBK and not marked, as Chinese archivers do."""
    raw = name.encode("gbk")
    content = packed(("x" * len(raw), b"{}"))
    return content.replace(b"x" * len(raw), raw)


def test_names_in_gbk_are_read():
    assert list(words_of(in_gbk("单位自评表.json"))) == ["单位自评表.json"]


def test_names_marked_as_utf8_are_read():
    assert list(words_of(packed(("自评表/单位.json", b"{}")))) == ["单位.json"]


def test_a_name_holds_no_control_characters_and_is_not_long():
    (name,) = words_of(packed(("a\x1b[2J" + "长" * 500 + ".json", b"{}")))
    assert "\x1b" not in name
    assert len(name) == 200


def test_an_archive_inside_an_archive_is_refused_and_stops_no_other():
    inner = packed(("a.json", b"{}"))
    found = list(read_all("all.zip", packed(("inner.zip", inner), ("b.json", SHAOXING.read_bytes()))))
    assert [fault.message for fault in found[0].faults] == ["is a zip file of several files, not a dossier"]
    assert found[1].understanding is not None


def test_a_member_that_is_locked_is_refused():
    content = bytearray(packed(("a.json", b"{}")))
    content[6] |= 1
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert words_of(bytes(content)) == {"a.json": ["is locked with a password"]}


def test_a_member_that_is_damaged_is_refused():
    content = bytearray(packed(("a.json", b"some words that are packed"), method=zipfile.ZIP_STORED))
    content[content.index(b"some")] ^= 0xFF
    assert words_of(bytes(content)) == {"a.json": ["cannot be unpacked: it is damaged"]}


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_member_packed_in_an_unusual_way_is_refused_damaged_or_not(method):
    whole = packed(("a.json", b"some words that are packed " * 20), method=method)
    data = whole.index(b"a.json") + len(b"a.json")
    damaged = bytearray(whole)
    for place in range(data, data + 20):
        damaged[place] ^= 0xFF
    words = "is packed in an unusual way: pack the files as an ordinary .zip"
    assert words_of(whole) == words_of(bytes(damaged)) == {"a.json": [words]}


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = packed(("bomb.json", b"0" * (19 * MIB)), ("large.json", b"0" * (21 * MIB)))
    tracemalloc.start()
    try:
        found = words_of(content)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == {
        "bomb.json": ["unpacks to more than 200 times its size"],
        "large.json": ["is larger than 20 MB"],
    }
    assert most < 2 * MIB


def test_a_member_that_holds_more_than_it_announces_is_refused():
    content = bytearray(packed(("a.json", b"0" * 5000)))
    directory = content.rindex(b"PK\x01\x02")
    for place in (22, directory + 24):
        content[place : place + 4] = struct.pack("<L", 10)
    assert words_of(bytes(content)) == {"a.json": ["cannot be unpacked: it is damaged"]}


def test_too_many_files_are_refused():
    files = [(f"{place}.json", b"{}") for place in range(archive.MOST_MEMBERS + 1)]
    assert faults(packed(*files)) == ["holds 501 files, and more than 500 are not taken at once"]


def test_too_much_in_all_is_refused():
    files = [(f"{place}.json", b"0" * (19 * MIB)) for place in range(11)]
    assert faults(packed(*files)) == ["unpacks to more than 200 MB"]


def test_a_directory_that_is_too_large_is_refused_unread():
    files = [(f"{'long' * 50}{place}.json", b"") for place in range(5000)]
    assert faults(packed(*files)) == ["is a zip file whose directory is too large"]


@pytest.mark.parametrize("cut", [4, 30, 60, -1, -22])
def test_half_a_file_is_damaged(cut):
    assert faults(packed(("a.json", b"{}"))[:cut]) == ["is a damaged zip file"]


def test_an_empty_archive_is_refused():
    assert faults(packed()) == ["is a zip file with nothing in it"]
