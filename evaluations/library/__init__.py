"""The indicators of the library that come with the product, by sector.

Put together in our own words after the way in which 财预〔2021〕101号 sets core
indicators; an entry without a usual figure leaves the target to the project.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parent / "shipped.json"


def shipped_indicators() -> list[dict[str, Any]]:
    """The columns of each shipped indicator; figures as Decimal."""
    rows: list[dict[str, Any]] = json.loads(SHIPPED.read_text("utf-8"))
    return [
        {**row, "usual_value": Decimal(row["usual_value"])} if "usual_value" in row else row for row in rows
    ]
