"""Percentages in the text: does any pair of figures give them."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
