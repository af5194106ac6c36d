"""Totals: what adds up to what, and which grade it earns."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
