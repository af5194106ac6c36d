"""The published JSON Schema of dossier/1: current, and of one mind with the reader."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from evaluations.dossier import Dossier, DossierFaults, dossier_to_json, read_dossier
from evaluations.exchange.schema import dossier_schema, written
from tests.evaluations.exchange.strategies import dossiers

ROOT = Path(__file__).resolve().parents[3]
CASES = sorted((ROOT / "workflow" / "demo" / "cases").glob("*-20*.json"))
VALIDATOR = Draft202012Validator(dossier_schema(), format_checker=FormatChecker(["date"]))
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    12,
    1.5,
    "",
    "12",
    "12\n",
    "+12",
    "1e3",
    "１２",
    ".5",
    "1234567890123456789",
    "0.1234567890123",
    "文字",
    "\x00",
    "2023-12-31",
    "2023-02-30",
    "2023-1-1",
    "self",
    "higher",
    ">=",
    "万元",
    "x" * 100_001,
    [],
    [None],
    ["12"],
    [{}],
    {},
    {"text": "问题"},
    {"type": "proportional"},
    {"type": "linear", "zero_below": "1", "full_at": "2"},
    {"type": "none"},
    {"产出": "12"},
    {"产出": 12},
)


def is_read(document: Any) -> bool:
    """Whether the product reads the document."""
    try:
        read_dossier(json.dumps(document).encode())
    except DossierFaults:
        return False
    return True


def places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with every key of it."""
    if isinstance(document, dict):
        pairs = list(document.items())
    elif isinstance(document, list):
        pairs = list(enumerate(document))
    else:
        return
    for key, value in pairs:
        yield document, key
        yield from places(value)


@st.composite
def changed_documents(draw: st.DrawFn) -> Any:
    """A dossier's document with one place changed, removed or added to."""
    document = copy.deepcopy(dossier_to_json(draw(dossiers)))
    container, key = draw(st.sampled_from(list(places(document))))
    what = draw(st.sampled_from(["replace", "remove", "add"]))
    if what == "replace":
        container[key] = draw(st.sampled_from(ODD_VALUES))
    elif what == "remove":
        del container[key]
    elif isinstance(container, dict):
        container["unheard_of"] = draw(st.sampled_from(ODD_VALUES))
    else:
        container.append(draw(st.sampled_from(ODD_VALUES)))
    return document


def test_the_published_schema_is_what_the_dataclasses_say() -> None:
    assert (ROOT / "docs" / "dossier-1.schema.json").read_text(encoding="utf-8") == written()


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(dossier_schema())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_four_cases_are_valid(path: Path) -> None:
    assert list(VALIDATOR.iter_errors(json.loads(path.read_bytes()))) == []


@given(dossiers)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_every_dossier_is_valid(dossier: Dossier) -> None:
    assert list(VALIDATOR.iter_errors(dossier_to_json(dossier))) == []


@given(changed_documents())
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_what_the_reader_takes_the_schema_takes_and_nothing_else(document: Any) -> None:
    assert VALIDATOR.is_valid(document) == is_read(document)


def test_the_schema_leaves_the_order_of_a_rules_figures_to_the_reader() -> None:
    document = {
        "format": "dossier/1",
        "project": {"unit": "信息中心", "name": "平台升级", "fiscal_year": 2023},
        "evaluation": {"kind": "self"},
        "indicators": [
            {
                "level1": "产出",
                "name": "模块数",
                "kind": "quantitative",
                "rule": {"type": "linear", "zero_below": "95", "full_at": "80"},
            }
        ],
    }

    assert VALIDATOR.is_valid(document)
    assert not is_read(document)
