"""Every check with its code: pure functions from a case to what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evaluations.checks.case import Case
from evaluations.checks.finding import Finding, Severity

Look = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True)
class Check:
    """One check: its code, how grave it is, and the rule it stands on (its docstring)."""

    code: str
    severity: Severity
    look: Look

    @property
    def rule(self) -> str:
        """The rule that the check stands on."""
        return (self.look.__doc__ or "").strip()

    def findings(self, case: Case) -> list[Finding]:
        """What the check finds, at most one finding per subject."""
        found: dict[tuple[str, int | None], Finding] = {}
        for finding in self.look(case):
            if finding.subject.key not in found:
                found[finding.subject.key] = finding.signed(self.code, self.severity)
        return list(found.values())


def check(code: str, severity: Severity) -> Callable[[Look], Check]:
    """Make a function a check: ``@check("weights-total", ERROR)``."""

    def make(look: Look) -> Check:
        return Check(code, severity, look)

    return make
