"""What a check found: which figures do not agree, at which place, stated beside expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaluations.strict_json import gettext_noop

Severity = Literal["error", "warning", "note"]
ERROR: Severity = "error"
WARNING: Severity = "warning"
NOTE: Severity = "note"
SEVERITIES: tuple[Severity, ...] = (ERROR, WARNING, NOTE)

SEVERITY_WORDS: Mapping[Severity, str] = {
    ERROR: gettext_noop("Error"),
    WARNING: gettext_noop("Warning"),
    NOTE: gettext_noop("Note"),
}


@dataclass(frozen=True)
class Subject:
    """What a finding speaks of.

    ``text`` is a name out of the dossier (an indicator, a line, a group), or, when
    ``term``, a message id of the form's own words ("Total"). ``indicator`` is the
    place of the indicator in the dossier, ``field`` the field of the form to put right.
    """

    text: str
    term: bool = False
    indicator: int | None = None
    field: str = ""

    @property
    def key(self) -> tuple[str, int | None]:
        """What makes two findings of one code the same."""
        return (self.text if self.indicator is None else "", self.indicator)


@dataclass(frozen=True)
class Finding:
    """One doubt about a dossier.

    ``words`` is a message id with named placeholders that ``values`` fills, always
    with texts; ``stated`` and ``expected`` are texts as a person would write them,
    empty where nothing was stated or nothing definite is expected. The registry
    fills in ``code``, and ``severity`` unless the check chose one.
    """

    subject: Subject
    words: str
    values: Mapping[str, str] = field(default_factory=dict)
    stated: str = ""
    expected: str = ""
    severity: Severity | None = None
    code: str = ""

    def signed(self, code: str, severity: Severity) -> Finding:
        """The finding in a check's name; a severity of its own goes first."""
        # What dataclasses.replace gives, without asking every field again.
        signed = object.__new__(Finding)
        signed.__dict__.update(self.__dict__, code=code, severity=self.severity or severity)
        return signed

    def message(self, translate: Callable[[str], str] = str) -> str:
        """The message in the language that ``translate`` gives."""
        return translate(self.words) % self.values

    def subject_text(self, translate: Callable[[str], str] = str) -> str:
        """The subject's name in the language that ``translate`` gives."""
        return translate(self.subject.text) if self.subject.term else self.subject.text
