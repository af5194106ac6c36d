"""Funding and payments: tables, lines and dates that must agree."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
