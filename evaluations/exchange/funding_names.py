"""The rows of the form's funding table by name, as printed here and there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "total": "年度资金总额",
    "appropriation": "当年财政拨款",
    "carried_over": "上年结转资金",
    "other": "其他资金",
}
TELLING: Mapping[str, tuple[str, ...]] = {
    "total": ("年度资金总额", "资金总额", "年度资金总计", "合计"),
    "appropriation": ("当年财政拨款", "财政拨款", "本年财政拨款", "当年财政资金"),
    "carried_over": ("上年结转资金", "上年结转", "上年结余", "结转资金"),
    "other": ("其他资金", "其它资金", "自有资金", "自筹资金", "单位自筹"),
}


def funding_code_of(name: str) -> str | None:
    """Which row of the funding table a printed name stands for; None when it is none of them."""
    plain = (
        re.sub(r"[\s:：]|^其中", "", unicodedata.normalize("NFKC", name)).removeprefix("其中").strip(":：")
    )
    return next((code for code, names in TELLING.items() if plain in names), None)
