"""The indicators with target and actual, grouped by level 1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluations.models import Indicator
from evaluations.scoring import level1_of
from workflow.presentation.figures import actual_of, target_of


def indicator_rows(indicators: Iterable[Indicator]) -> list[dict[str, Any]]:
    """Level 1 by level 1, in the order in which the form first names each."""
    levels: dict[str, dict[str, Any]] = {}
    for indicator in indicators:
        level = levels.setdefault(level1_of(indicator.level1), {"label": indicator.level1, "rows": []})
        level["rows"].append(
            {"indicator": indicator, "target": target_of(indicator), "actual": actual_of(indicator)}
        )
    return list(levels.values())
