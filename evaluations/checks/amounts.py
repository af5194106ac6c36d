"""Amounts: money indicators, lines and sentences that contradict each other."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
