"""Status and reasons: what is said of a target beside its figures."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
