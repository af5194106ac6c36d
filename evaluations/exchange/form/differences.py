"""What the sheets of a workbook do not say as the dossier does, and how it finds its way back.

An export is read again before it is handed out. Whatever comes out otherwise (a stated total
where a formula stands, a figure of thirty digits, the kind of an indicator) is written on the
sheet 其他信息: its path, its exact content, and what the sheets alone say at that place. On the
way in the exact content counts only where the sheets still say the same: who changes a cell of
the form changes the dossier.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluations.exchange.form.labels import label_of
from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Sheet
from evaluations.strict_json import gettext_noop

SHEET = "其他信息"
HEADINGS = ("内容", "键", "准确内容", "写法", "对应名称", "表内读数")
CONTINUED = "（续）"
PLAIN, AS_JSON = "原文", "JSON"
LONGEST_PLAIN = 30_000
LONGEST_PIECE = 15_000
LONGEST_READING = 200
DIGEST = "sha256:"
STEP = re.compile(r"([a-z0-9_]+)(?:\[(\d+)\])?")
# openpyxl drops this from every text, because Excel escapes with it.
ESCAPE = "x005F_"


@dataclass(frozen=True)
class Difference:
    """One place: its path, what stands there exactly, and what the sheets alone say.

    ``name`` is the indicator's name for a place within one, as ``reading_of`` gives it: to
    find the indicator when rows moved.
    """

    path: str
    exact: Any
    reading: str
    name: str = ""


def differences(read: Mapping[str, Any], exact: Mapping[str, Any]) -> list[Difference]:
    """Every place at which two dossier/1 documents differ."""
    found: list[Difference] = []
    for key in read:
        if key == "indicators":
            found += _of_indicators(read[key], exact[key])
        elif isinstance(read[key], dict):
            for inner in read[key]:
                found += _of_value(f"{key}.{inner}", read[key][inner], exact[key].get(inner))
        else:
            found += _of_value(key, read[key], exact.get(key, []))
    return found


def _of_indicators(read: list[Any], exact: list[Any]) -> Iterator[Difference]:
    if len(read) != len(exact):
        yield Difference("indicators", exact, reading_of(read))
        return
    for place, (found, wanted) in enumerate(zip(read, exact, strict=True)):
        for key in found:
            if isinstance(found[key], dict) and isinstance(wanted[key], dict) and key != "rule":
                pairs = [(f"{key}.{inner}", found[key][inner], wanted[key][inner]) for inner in found[key]]
            else:
                pairs = [(key, found[key], wanted[key])]
            for path, is_read, is_wanted in pairs:
                if is_read != is_wanted:
                    yield Difference(
                        f"indicators[{place}].{path}",
                        is_wanted,
                        reading_of(is_read),
                        reading_of(found["name"]),
                    )


def _of_value(path: str, read: Any, exact: Any) -> Iterator[Difference]:
    """Lists of the same length are compared row by row; what may be left out is empty."""
    if read == exact or (not read and exact is None and isinstance(read, list)):
        return
    if isinstance(read, list) and isinstance(exact, list) and len(read) == len(exact):
        for place, (found, wanted) in enumerate(zip(read, exact, strict=True)):
            if found != wanted:
                yield Difference(f"{path}[{place}]", wanted, reading_of(found))
        return
    yield Difference(path, exact, reading_of(read))


def reading_of(value: Any) -> str:
    """A value as a short text: itself as JSON, or a digest of it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(text) <= LONGEST_READING:
        return text
    return DIGEST + hashlib.sha256(text.encode()).hexdigest()


def rows_of(difference: Difference, label: str) -> Iterator[tuple[str, ...]]:
    """The sheet's rows for one difference; a long content goes on in further rows."""
    if is_plain(difference.exact):
        pieces, written = [difference.exact], PLAIN
    else:
        text = escaped(json.dumps(difference.exact, ensure_ascii=False))
        pieces = [text[start : start + LONGEST_PIECE] for start in range(0, len(text), LONGEST_PIECE)]
        written = AS_JSON
    yield label, difference.path, pieces[0], written, escaped(difference.name), escaped(difference.reading)
    for piece in pieces[1:]:
        yield CONTINUED, difference.path, piece, written, "", ""


def is_plain(value: Any) -> bool:
    """Whether a text survives in a cell as it is."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_PLAIN // 2
        and value == value.strip()
        and all(letter.isprintable() or letter == "\n" for letter in value)
        and ESCAPE not in value
        and not re.search(r"_x[0-9A-Fa-f]{4}_", value)
    )


def escaped(text: str) -> str:
    """JSON in characters that every spreadsheet keeps: no runs of spaces, nothing invisible."""
    text = re.sub(r" {2,}|^ | $", lambda found: "\\u0020" * len(found[0]), text)
    return "".join(
        letter
        if (letter.isprintable() and letter != "_")
        else json.dumps(letter)[1:-1].replace("_", "\\u005f")
        for letter in text
    )


def read_differences(sheet: Sheet) -> list[Difference] | None:
    """The differences that a sheet holds; None when it is no such sheet."""
    if sheet.name != SHEET or [cell.text for cell in sheet.row(1)] != list(HEADINGS):
        return None
    found: list[dict[str, str]] = []
    for row in sheet.rows()[1:]:
        texts = {
            cell.column: cell.value if isinstance(cell.value, str) else cell.text for cell in sheet.row(row)
        }
        label, path, content, written, name, reading = (texts.get(column, "") for column in range(1, 7))
        if label == CONTINUED and found:
            found[-1]["content"] += content
        else:
            found.append(
                {"path": path, "content": content, "written": written, "name": name, "reading": reading}
            )
    return [difference for row in found if (difference := _difference(row))]


def _difference(row: Mapping[str, str]) -> Difference | None:
    try:
        exact = row["content"] if row["written"] == PLAIN else json.loads(row["content"])
        return Difference(row["path"], exact, _reading(row["reading"]), _reading(row["name"]))
    except (ValueError, RecursionError):
        return None


def _reading(text: str) -> str:
    """A reading as it was before it was escaped for its cell."""
    return text if not text or text.startswith(DIGEST) else reading_of(json.loads(text))


def apply(notebook: Notebook, found: list[Difference]) -> None:
    """Put the exact contents in, where the sheets still say what they said when they were exported."""
    document = notebook.document
    # All places are found first: an exact name put in would hide the indicator from those after it.
    places = [(difference, _place(document, difference)) for difference in found]
    for difference, place in places:
        if place is not None and reading_of(place[0][place[1]]) == difference.reading:
            place[0][place[1]] = difference.exact
        elif not _lost_a_result(notebook, difference.path):
            words = gettext_noop("%(path)s was changed since the export: the changed content was read")
            names = [row["name"] or "" for row in document["indicators"]]
            notebook.about_sheet("understood", words, path=label_of(difference.path, names))


def _lost_a_result(notebook: Notebook, path: str) -> bool:
    """Whether a place takes its figure from a formula that was saved without its result.

    Nobody changed anything there, and the cell of the formula has a remark of its own.
    """
    if not (path.startswith(("budget.", "stated.")) or ".stated." in path):
        return False
    return any(cell.is_formula and not cell.text for cell in notebook.sheet.all())


def _place(document: dict[str, Any], difference: Difference) -> tuple[Any, Any] | None:
    """The object and the key that a path leads to; an indicator is looked for by its name."""
    target: Any = document
    steps: list[Any] = []
    for step in difference.path.split("."):
        found = STEP.fullmatch(step)
        if found is None:
            return None
        steps.append(found[1])
        if found[2] is not None:
            steps.append(int(found[2]))
    if difference.name and steps[:1] == ["indicators"]:
        steps[1] = _indicator(document["indicators"], steps[1], difference.name)
    for step in steps[:-1]:
        try:
            target = target[step]
        except (KeyError, IndexError, TypeError):
            return None
    last = steps[-1]
    is_there = last in target if isinstance(target, dict) else isinstance(last, int) and last < len(target)
    return (target, last) if is_there else None


def _indicator(indicators: list[Any], place: int, name: str) -> int:
    """Where an indicator stands now: at its place, else the only one of its name."""
    if place < len(indicators) and reading_of(indicators[place]["name"]) == name:
        return place
    same = [index for index, row in enumerate(indicators) if reading_of(row["name"]) == name]
    return same[0] if len(same) == 1 else len(indicators)
