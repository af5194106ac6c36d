"""The review policies that come with the product."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from evaluations.policies.document import PolicyContent

FOLDER = Path(__file__).resolve().parent / "shipped"
DEFAULT = {"self": "self-default", "department": "department-default", "finance": "finance-default"}


@cache
def shipped_policies() -> Mapping[str, PolicyContent]:
    """Every policy that comes with the product, by code."""
    found = [
        PolicyContent.from_json(json.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.json"))
    ]
    return {policy.code: policy for policy in found}


def default_policy(kind: str) -> PolicyContent:
    """The procedure that an evaluation of this kind has when nothing else was chosen."""
    return shipped_policies()[DEFAULT[kind]]
