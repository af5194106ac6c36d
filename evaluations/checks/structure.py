"""The dossier's make-up: dimensions, duplicates, chapters, who evaluated, files."""

from __future__ import annotations

from evaluations.checks.registry import Check

CHECKS: tuple[Check, ...] = ()
