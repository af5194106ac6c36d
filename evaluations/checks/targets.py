"""Targets and actuals: figures that are missing, repeated or doubtful."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
