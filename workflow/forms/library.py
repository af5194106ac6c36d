"""The form of an entry of the indicator library, and the search for entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit_log.errors import InvalidInput
from evaluations.models import Comparator, Direction, IndicatorKind, LibraryIndicator
from workflow.forms.figures import figure
from workflow.forms.indicators import LEVELS
from workflow.forms.rows import choice_field, label, text_field
from workflow.forms.rules import OFFERED, RuleFields, initial_of_rule
from workflow.presentation.rules import RULE_LABELS


class OptionalRule(RuleFields):
    """A rule of the entry's own, or none."""

    type = forms.ChoiceField(
        label=_("Rule"),
        required=False,
        choices=[("", _("as the scheme says")), *((name, RULE_LABELS[name]) for name in OFFERED)],
    )

    def rule_or_none(self) -> dict[str, Any] | None:
        return self.rule() if self.cleaned_data["type"] else None


class EntryForm(forms.Form):
    """An indicator of the library."""

    sector = text_field(LibraryIndicator, "sector", required=True)
    level1 = choice_field(LibraryIndicator, "level1", list(LEVELS.items()), required=True)
    level2 = text_field(LibraryIndicator, "level2")
    name = text_field(LibraryIndicator, "name", required=True)
    kind = choice_field(LibraryIndicator, "kind", IndicatorKind.choices, required=True)
    direction = choice_field(LibraryIndicator, "direction", [("", "—"), *Direction.choices])
    comparator = choice_field(LibraryIndicator, "comparator", [("", "—"), *Comparator.choices])
    usual_value = figure(LibraryIndicator, "usual_value")
    unit_of_measure = text_field(LibraryIndicator, "unit_of_measure")
    usual_text = text_field(LibraryIndicator, "usual_text")
    explanation = text_field(LibraryIndicator, "explanation", rows=3)
    source = text_field(LibraryIndicator, "source")


class LibraryForm:
    """An entry with its rule, bound to ``data`` or showing what is stored."""

    def __init__(self, entry: LibraryIndicator | None, data: Any = None) -> None:
        initial = {name: getattr(entry, name) for name in EntryForm.base_fields} if entry else {}
        rule = initial_of_rule(entry.rule) if entry and entry.rule else {"type": ""}
        self.entry = EntryForm(data, initial=initial)
        self.rule = OptionalRule(data, prefix="rule", initial=rule)

    @property
    def forms(self) -> tuple[forms.Form, OptionalRule]:
        return self.entry, self.rule

    def is_valid(self) -> bool:
        faulty = [form for form in self.forms if not form.is_valid()]
        return not faulty

    def values(self) -> dict[str, Any]:
        return {**self.entry.cleaned_data, "rule": self.rule.rule_or_none()}

    def place(self, error: InvalidInput) -> None:
        """Put each message at its field; those of the rule at the rule's."""
        for key, messages in error.fields.items():
            head, _dot, field = key.partition(".")
            name = field.partition("[")[0]
            form: forms.Form = self.rule if head == "rule" else self.entry
            chosen = name if head == "rule" else head
            for message in messages:
                form.add_error(chosen if chosen in form.fields else None, str(message))


def sector_choice(sectors: Iterable[str], chosen: str) -> dict[str, Any]:
    """The sectors as filter_bar.html takes a choice."""
    options = [("", _("All sectors")), *((name, name) for name in sectors)]
    return {
        "name": "sector",
        "label": label(LibraryIndicator, "sector"),
        "options": [
            {"value": value, "label": words, "selected": value == chosen} for value, words in options
        ],
    }


def asked_for(query: Mapping[str, str]) -> dict[str, str]:
    """What a reader asks of the library: words and a sector."""
    return {"q": query.get("q", "").strip()[:100], "sector": query.get("sector", "").strip()[:50]}
