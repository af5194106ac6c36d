"""Execution of the budget: the rate, its points, its reasons."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
