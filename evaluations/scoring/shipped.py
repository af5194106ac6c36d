"""The schemes that come with the product, by code, and by the names that dossiers give them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from evaluations.scoring.parameters import SchemeParameters

FOLDER = Path(__file__).resolve().parent.parent / "schemes"
DOCUMENT = re.compile(r"(?<!\d)(?:20\d\d)?(101|10)号")
VERSION = re.compile(r"[@ ]?v?\d+$")


@cache
def shipped_schemes() -> Mapping[str, SchemeParameters]:
    """Every scheme that comes with the product, by code."""
    schemes = [
        SchemeParameters.from_json(json.loads(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob("*.json"))
    ]
    return {scheme.code: scheme for scheme in schemes}


def shipped_scheme(name: str, *, with_cost: bool) -> SchemeParameters | None:
    """The shipped scheme with this code, name or source; None when there is none.

    A source such as 财预〔2021〕101号, however it is printed, stands for two schemes:
    ``with_cost`` chooses the one with a level for cost.
    """
    schemes = shipped_schemes()
    found = schemes.get(name) or schemes.get(VERSION.sub("", name))
    if found is not None:
        return found
    wanted = _plain(name)
    exact = [
        scheme for scheme in schemes.values() if wanted and wanted in (_plain(scheme.name), _source(scheme))
    ]
    named = exact or [
        scheme for scheme in schemes.values() if _document_of(wanted) == _document_of(_source(scheme))
    ]
    named = [scheme for scheme in named if _document_of(wanted) or exact]
    fitting = (scheme for scheme in named if ("成本" in scheme.level_weights) == with_cost)
    return next(fitting, None) or next(iter(named), None)


def _source(scheme: SchemeParameters) -> str:
    """The scheme's source without brackets and spaces."""
    return _plain(scheme.source)


def _document_of(text: str) -> str:
    """The number of the ministry's document that a text names ("101号"), or its year; "" without one."""
    number = DOCUMENT.search(text)
    if number:
        return f"{number[1]}号"
    return {"2020": "10号", "2021": "101号"}.get(text.removesuffix("年"), "")


def _plain(text: str) -> str:
    return re.sub(r"[\s〔〕\[\]()（）【】《》]", "", unicodedata.normalize("NFKC", text))
