"""The rules that a scheme or an indicator can name, by type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from evaluations.scoring.rules.base import Rule
from evaluations.scoring.rules.graded import Bands, Linear
from evaluations.scoring.rules.judged import Checklist, Panel, QualitativeTiers
from evaluations.scoring.rules.proportional import Proportional
from evaluations.scoring.rules.thresholds import AllOrNothing, Deduction
from evaluations.strict_json import DocumentFaults, Fault, gettext_noop, read

RULES: Mapping[str, type[Any]] = {
    "proportional": Proportional,
    "linear": Linear,
    "bands": Bands,
    "deduction": Deduction,
    "all_or_nothing": AllOrNothing,
    "checklist": Checklist,
    "tiers": QualitativeTiers,
    "panel": Panel,
}

__all__ = ["RULES", "Rule", "parse_rule"]


def parse_rule(document: object, path: str = "rule") -> Rule:
    """Read a rule such as {"type": "linear", "zero_below": "80", "full_at": "95"}.

    Raises DocumentFaults with every fault: an unknown type, an unknown or missing
    key, a figure that is no figure, ends in the wrong order.
    """
    name = document.get("type") if isinstance(document, Mapping) else None
    if not isinstance(name, str) or name not in RULES:
        words = gettext_noop("must be one of %(choices)s")
        raise DocumentFaults([Fault(f"{path}.type", words, {"choices": ", ".join(RULES)})])
    rule = cast(Rule, read(RULES[name], document, path))
    if faults := rule.faults():
        raise DocumentFaults(Fault(f"{path}.{fault.path}", fault.words, fault.values) for fault in faults)
    return rule
