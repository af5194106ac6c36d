"""``manage.py check_dossier``: as a person or a program starts it, on a machine without anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest

from evaluations.dossier import read_dossier
from evaluations.exchange.form import form_xlsx

PROJECT_FOLDER = Path(__file__).resolve().parents[3]
CASES = PROJECT_FOLDER / "workflow" / "demo" / "cases"
SHAOXING = CASES / "shaoxing-2019.json"


def check(*arguments, cwd=PROJECT_FOLDER):
    """Run the command with nothing in the environment but the way to programs."""
    return subprocess.run(
        [sys.executable, str(PROJECT_FOLDER / "manage.py"), "check_dossier", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"]},
        cwd=cwd,
        timeout=60,
    )


def answer(path, *arguments):
    result = check(path, "--format", "json", *arguments)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def changed(tmp_path, **changes):
    """The Shaoxing case with some of its parts replaced, in a file of its own."""
    document = {**json.loads(SHAOXING.read_text("utf-8")), **changes}
    path = tmp_path / "dossier.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return path


def test_json_holds_exactly_what_is_promised():
    document = answer(SHAOXING)
    assert list(document) == ["total", "grade", "execution_rate", "indicators", "findings"]
    assert (document["total"], document["grade"], document["execution_rate"]) == ("99.29", "优", "96.64%")
    first = document["indicators"][0]
    assert list(first) == ["name", "weight", "stated", "computed", "explanation"]
    assert (first["weight"], first["stated"], first["computed"]) == ("10", "8", "9.29")
    assert first["explanation"].endswith("10 × 26 ÷ 28 = 9.29")
    assert len(document["indicators"]) == 8
    for finding in document["findings"]:
        assert list(finding) == ["code", "severity", "subject", "message", "stated", "expected"]
        assert finding["severity"] in ("error", "warning", "note")


def test_a_total_that_is_open_is_null_and_its_range_stands_in_the_text():
    path = CASES / "guangzhou-2023.json"
    document = answer(path)
    assert (document["total"], document["grade"]) == (None, None)
    assert "80.00–100.00" in check(path).stdout


def test_weights_that_nobody_published_are_those_that_were_used():
    document = answer(CASES / "kashgar-2019.json", "--language", "en")
    assert (document["total"], document["indicators"][0]["weight"]) == ("97.72", "3.13")
    assert document["indicators"][0]["explanation"] == (
        "The target is not met: weight × actual ÷ target. 3.13 × 16 ÷ 18 = 2.78"
    )


def test_the_columns_of_the_text_stand_below_each_other_in_a_terminal():
    lines = check(SHAOXING).stdout.splitlines()
    rule = next(place for place, line in enumerate(lines) if line.startswith("─"))
    table = [lines[rule - 1], *lines[rule + 1 : rule + 14 : 2]]
    widths = {
        len(line) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in line) for line in table
    }
    assert len(widths) == 1


def test_the_text_shows_the_execution_row_with_its_points():
    lines = check(CASES / "kashgar-2019.json", "--language", "en").stdout.splitlines()
    row = next(place for place, line in enumerate(lines) if line.startswith("Budget execution"))
    assert lines[row].split()[-1] == "8.07"
    assert "10 × 476.9512 ÷ 591.299 = 8.07" in lines[row + 1]


def test_nothing_is_written_and_no_database_is_started(tmp_path):
    for name in ("config", "evaluations", "locale"):
        shutil.copytree(
            PROJECT_FOLDER / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.po")
        )
    shutil.copy(PROJECT_FOLDER / "manage.py", tmp_path)
    before = {path for path in tmp_path.rglob("*") if "__pycache__" not in path.parts}
    result = subprocess.run(
        [sys.executable, "manage.py", "check_dossier", str(SHAOXING)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://nowhere.invalid/none"},
        capture_output=True,
        timeout=60,
    )
    after = {path for path in tmp_path.rglob("*") if "__pycache__" not in path.parts}
    assert (result.returncode, after - before) == (0, set())


def test_an_unknown_scheme_is_told_and_the_ministrys_is_used(tmp_path):
    evaluation = {**json.loads(SHAOXING.read_text("utf-8"))["evaluation"], "scheme": "moon-2020"}
    result = check(changed(tmp_path, evaluation=evaluation), "--format", "json", "--language", "en")
    assert result.returncode == 0
    assert json.loads(result.stdout)["total"] == "99.29"
    assert result.stderr.splitlines() == [
        "The scheme “moon-2020” is not known: scored by “项目支出绩效自评办法（2020年，不设成本指标）”."
    ]


def test_every_fault_has_its_own_line_with_the_file_and_the_place(tmp_path):
    path = changed(tmp_path, colour="red", goal={"expected": 7})
    result = check(path, "--language", "en")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"{path}: goal.expected: must be a text, not 7",
        f"{path}: colour: unknown key “colour”",
    ]


def zip_of(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def folder(tmp_path):
    return tmp_path


def missing(tmp_path):
    return tmp_path / "missing.json"


def empty(tmp_path):
    (tmp_path / "empty.json").write_bytes(b"")
    return tmp_path / "empty.json"


def in_gbk(tmp_path):
    (tmp_path / "gbk.json").write_bytes(SHAOXING.read_text("utf-8").encode("gb18030"))
    return tmp_path / "gbk.json"


def not_json(tmp_path):
    (tmp_path / "words.txt").write_text("绩效自评表\n", "utf-8")
    return tmp_path / "words.txt"


def nested_deeply(tmp_path):
    (tmp_path / "deep.json").write_text("[" * 200_000, "utf-8")
    return tmp_path / "deep.json"


def huge(tmp_path):
    with open(tmp_path / "huge.json", "wb") as file:
        file.truncate(3 * 1024**3)
    return tmp_path / "huge.json"


def long_json(tmp_path):
    (tmp_path / "long.json").write_text("[" + "0," * 4_500_000 + "0]", "utf-8")
    return tmp_path / "long.json"


def device(tmp_path):
    return "/dev/zero"


def bomb(tmp_path):
    return zip_of(tmp_path / "bomb.zip", {"a.json": b"0" * 30_000_000})


def archive_of_many(tmp_path):
    return zip_of(tmp_path / "many.zip", {"a.json": SHAOXING.read_bytes(), "b.json": SHAOXING.read_bytes()})


def damaged_zip(tmp_path):
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04" + b"\x00" * 200)
    return tmp_path / "damaged.zip"


def word_document(tmp_path):
    return zip_of(tmp_path / "form.docx", {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})


def old_workbook(tmp_path):
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512)
    return tmp_path / "old.xls"


def a_list(tmp_path):
    (tmp_path / "list.json").write_text("[]", "utf-8")
    return tmp_path / "list.json"


def too_many_indicators(tmp_path):
    row = json.loads(SHAOXING.read_text("utf-8"))["indicators"][0]
    return changed(tmp_path, indicators=[row] * 501)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (folder, "is a folder"),
        (missing, "there is no such file"),
        (device, "is no file"),
        (empty, "is empty"),
        (in_gbk, "is not text in UTF-8"),
        (not_json, "is not JSON: line 1, column 1"),
        (nested_deeply, "is not JSON: line 1, column 1"),
        (huge, "is larger than 20 MB"),
        (long_json, "is larger than 8 MB"),
        (bomb, "is a zip file of several files, not a dossier"),
        (archive_of_many, "is a zip file of several files, not a dossier"),
        (damaged_zip, "is a damaged zip file"),
        (word_document, "is a Word document: hand in the form as an Excel workbook (.xlsx)"),
        (old_workbook, "is an old or password-protected Office file: save it as .xlsx without a password"),
        (a_list, "must be an object"),
        (too_many_indicators, "indicators: has 501 rows, and more than 500 are not taken"),
    ],
)
def test_what_is_no_dossier_ends_with_status_2_and_one_line(make, fault, tmp_path):
    path = make(tmp_path)
    result = check(path, "--language", "en", "--format", "json")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [f"{path}: {fault}"]


def test_a_file_that_is_wrong_everywhere_is_told_in_bounded_time(tmp_path):
    path = tmp_path / "wrong.json"
    path.write_text('{"problems": [' + "0," * 3_000_000 + "0]}", "utf-8")
    result = check(path)
    assert (result.returncode, result.stdout) == (2, "")
    assert 1000 <= len(result.stderr.splitlines()) < 1010


def test_very_many_repeated_keys_are_told_in_bounded_time(tmp_path):
    path = tmp_path / "repeated.json"
    path.write_text("{" + ",".join(f'"{place % 300_000}":0' for place in range(600_000)) + "}", "utf-8")
    result = check(path)
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1000)


def test_what_a_file_holds_cannot_command_the_terminal(tmp_path):
    path = changed(tmp_path, **{"\x1b[2Jcleared\nsecond line": 1})
    result = check(path)
    assert "\x1b" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_reader_that_leaves_early_is_no_error():
    command = f"{sys.executable} manage.py check_dossier {CASES / 'kashgar-2019.json'} | head -1"
    shell = ["bash", "-o", "pipefail", "-c", command]
    result = subprocess.run(
        shell, capture_output=True, cwd=PROJECT_FOLDER, env={"PATH": os.environ["PATH"]}, timeout=60
    )
    assert (result.returncode, result.stderr) == (0, b"")


def test_the_help_says_what_the_answer_holds_and_what_the_status_means():
    result = check("--help")
    assert result.returncode == 0
    assert "execution_rate  a percentage" in result.stdout
    assert "Exit status" in result.stdout


@pytest.mark.parametrize("arguments", [[], ["a.json", "--format", "xml"]])
def test_a_wrong_command_line_ends_with_status_2(arguments):
    result = check(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_the_official_form_is_judged_as_the_data_file_is(tmp_path):
    dossier = read_dossier(SHAOXING.read_bytes())
    path = tmp_path / "form.json"  # what it is, its content says
    path.write_bytes(form_xlsx(dossier))
    assert answer(path) == answer(SHAOXING)
