"""Weights: do they add up, do they follow the scheme, does one weigh too much."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
