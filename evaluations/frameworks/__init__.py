"""Frameworks that come with the product: which indicators an evaluation starts with."""

from __future__ import annotations

import json
from collections import Counter
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from evaluations.actions import RowChange
from evaluations.models import IndicatorKind

FOLDER = Path(__file__).resolve().parent


def common_framework() -> list[RowChange]:
    """The ministry's common framework (财预〔2020〕10号 附2), to be adapted by the evaluator.

    The framework fixes no points: a level's weight is split equally over its
    indicators, the remainder on the last, so that the sum is 100.
    """
    document: dict[str, Any] = json.loads((FOLDER / "common.json").read_text("utf-8"))
    left = {level: Decimal(weight) for level, weight in document["level_weights"].items()}
    open_places = Counter(item["level1"] for item in document["items"])
    changes = []
    for position, item in enumerate(document["items"]):
        level = item["level1"]
        share = (left[level] / open_places[level]).quantize(Decimal("0.01"), ROUND_DOWN)
        weight = left[level] if open_places[level] == 1 else share
        left[level] -= weight
        open_places[level] -= 1
        values = {
            "position": position,
            "level1": level,
            "level2": item["level2"],
            "name": item["name"],
            "weight": weight,
            "kind": IndicatorKind.QUALITATIVE,
            "target_text": "；".join(item["points"]) or item["formula"] or "",
        }
        changes.append(RowChange(values=values))
    return changes
