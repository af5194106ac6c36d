"""What a reviewer types at a finding: one field, for a question or for the reason of a dismissal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from approvals.actions.turn_finding import field_of
from approvals.models import RecordedFinding


class TurnForm(forms.Form):
    """A field for each finding that can be dealt with."""

    def __init__(self, data: Any, *, findings: Iterable[RecordedFinding], typed: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(typed))
        for finding in findings:
            self.fields[field_of(finding)] = forms.CharField(
                label=_("Question or reason · %(subject)s") % {"subject": finding.subject_text},
                required=False,
                max_length=2000,
                widget=forms.Textarea({"rows": 2}),
            )

    def text(self, finding: RecordedFinding) -> str:
        """What was typed at a finding."""
        return str(self[field_of(finding)].value() or "").strip()

    @property
    def typed_at(self) -> list[str]:
        """The fields in which anything stands."""
        return [field.name for field in self if str(field.value() or "").strip()]
