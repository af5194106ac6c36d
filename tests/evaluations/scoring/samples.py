"""Schemes and indicators to score in tests."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from evaluations.scoring import IndicatorFigures, SchemeParameters, ScoredIndicator, score_indicator

SCHEMES = Path(__file__).resolve().parents[3] / "evaluations" / "schemes"


def scheme_document(code: str = "ministry-2020", **changes: Any) -> dict[str, Any]:
    """A shipped scheme's document, changed here and there."""
    return json.loads((SCHEMES / f"{code}.json").read_text("utf-8")) | changes


def scheme(code: str = "ministry-2020", **changes: Any) -> SchemeParameters:
    return SchemeParameters.from_json(scheme_document(code, **changes))


MINISTRY = scheme()


def figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def indicator(
    *,
    target: str | None = None,
    actual: str | None = None,
    weight: str | None = "10",
    level1: str = "产出",
    level2: str = "数量",
    name: str = "modules delivered",
    **details: Any,
) -> IndicatorFigures:
    """An indicator with figures as texts, to be read as in a dossier."""
    return IndicatorFigures(
        level1=level1,
        level2=level2,
        name=name,
        weight=figure(weight),
        target_value=figure(target),
        actual_value=figure(actual),
        **details,
    )


def scored(scheme: SchemeParameters = MINISTRY, **details: Any) -> ScoredIndicator:
    return score_indicator(indicator(**details), scheme)


def points_of(scheme: SchemeParameters = MINISTRY, **details: Any) -> str | None:
    """The points as printed."""
    points = scored(scheme, **details).points
    return None if points is None else str(points)
