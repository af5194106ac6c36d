"""What a framework's document may say, and the weights that it gives."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.frameworks import FOLDER
from evaluations.frameworks.content import FrameworkContent
from evaluations.strict_json import DocumentFaults

COMMON = json.loads((FOLDER / "common.json").read_text("utf-8"))


def item(name: str, level1: str = "产出", **values: Any) -> dict[str, Any]:
    return {"level1": level1, "level2": "", "name": name, **values}


def framework(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    document = {**COMMON, "level_weights": {"产出": "60", "效益": "40"}, "items": list(items)}
    return {**document, **changes}


def paths_of(document: dict[str, Any]) -> list[str]:
    with pytest.raises(DocumentFaults) as refusal:
        FrameworkContent.from_json(document)
    return [fault.path for fault in refusal.value.faults]


def test_the_common_framework_has_four_levels_seventeen_indicators_and_100_points():
    content = FrameworkContent.from_json(COMMON)
    assert dict(content.level_weights) == {"决策": 10, "过程": 20, "产出": 40, "效益": 30}
    assert len(content.items) == 17
    assert sum(content.weights()) == 100
    assert FrameworkContent.from_json(content.to_json()) == content


def test_what_has_no_weight_of_its_own_shares_what_its_level_has_left():
    content = FrameworkContent.from_json(
        framework(item("a", weight="20"), item("b"), item("c"), item("d"), item("e", "效益"))
    )
    assert content.weights() == [20, Decimal("13.33"), Decimal("13.33"), Decimal("13.34"), 40]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (framework(), "items"),
        (
            framework(item("a"), item("b", "效益"), level_weights={"产出": "60", "效益": "41"}),
            "level_weights",
        ),
        (framework(item("a"), item("b", "效益"), item("c", "决策")), "items[2].level1"),
        (framework(item("a"), item("a"), item("b", "效益")), "items[1].name"),
        (framework(item("a", weight="-1"), item("b", "效益"), item("c")), "items[0].weight"),
        (framework(item("a", weight="61"), item("b", "效益")), "level_weights.产出"),
        (framework(item("a", weight="59"), item("b", "效益")), "level_weights.产出"),
        (framework(item("a")), "level_weights.效益"),
        (framework(item("a", colour="red"), item("b", "效益")), "items[0].colour"),
    ],
)
def test_a_faulty_framework_is_refused_at_its_place(document, path):
    assert path in paths_of(document)


@given(st.integers(1, 40), st.integers(1, 40))
def test_shares_always_add_up_and_none_is_negative(outputs, effects):
    rows = [item(f"o{place}") for place in range(outputs)]
    rows += [item(f"e{place}", "效益") for place in range(effects)]
    weights = FrameworkContent.from_json(framework(*rows)).weights()
    assert sum(weights) == 100
    assert min(weights) > 0
