"""Level 1 and level 2 as printed: "产出指标（50分）" is 产出 with 50 points."""

from __future__ import annotations

import re
from decimal import Decimal

from evaluations.exchange.form.words import LONGEST_LABEL, NUMBERING, half

POINTS = re.compile(r"[(\[【]?(?:共|权重|分值)?[::]?(\d+(?:\.\d+)?)(分|%)?[)\]】]?$")
CLOSED = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]$")


def level_of(text: str) -> tuple[str, Decimal | None]:
    """A level's name without 指标 and numbering, and the points that stand with it."""
    plain = NUMBERING.sub("", half(text))
    weight = None
    if len(plain) > LONGEST_LABEL:
        return plain, None
    if (found := POINTS.search(plain)) and (found[2] or CLOSED.search(plain)) and found.start() > 0:
        weight, plain = Decimal(found[1]), plain[: found.start()]
    bare = plain.removesuffix("指标")
    return bare or plain, weight


def name_and_points(text: str) -> tuple[str, Decimal | None]:
    """An indicator's name and the points in brackets behind it; only where no column holds them."""
    found = re.search(r"[(（]\s*(\d+(?:\.\d+)?)\s*分\s*[)）]\s*$", text)
    return (text[: found.start()].strip(), Decimal(found[1])) if found else (text, None)
