"""What whoever hands in says to the findings: a reason for each error, one tick for the warnings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.actions.gate import Explanations, unanswered
from approvals.findings import Found
from approvals.models import FindingTurn

LONGEST = 2000
A_REASON = re.compile(r"reason-[0-9a-f]{16}")
MOST_SET_ASIDE = 100


class ExplanationForm(forms.Form):
    """One field for each error, one for each open question, one tick for all warnings.

    ``known`` are the reasons given before, by the finding's fingerprint: the same doubt
    with the same figures need not be explained anew.
    """

    def __init__(
        self,
        data: Any,
        *,
        found: Sequence[Found],
        known: Mapping[str, str],
        questions: Iterable[FindingTurn] = (),
        typed: Mapping[str, str],
        concerns: Callable[[Found], bool] = lambda found: True,
    ) -> None:
        self.errors_found = [each for each in found if each.is_error and concerns(each)]
        self.warnings_found = [each for each in found if each.is_warning and concerns(each)]
        self.questions = list(questions)
        initial = {each.field: known.get(each.fingerprint, "") for each in self.errors_found}
        initial = {**initial, **typed}
        super().__init__(with_defaults(data, initial), initial=initial)
        for each in self.errors_found:
            subject = {"subject": each.finding.subject_text(_)}
            self.fields[each.field] = self.text(_("Why it stands: %(subject)s") % subject)
        for turn in self.questions:
            self.fields[f"answer-{turn.pk}"] = self.text(_("Answer to %(person)s") % {"person": turn.actor})
        if self.warnings_found:
            self.fields["acknowledged"] = self.tick()

    @staticmethod
    def text(label: str) -> forms.CharField:
        return forms.CharField(
            label=label, required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 2})
        )

    def tick(self) -> forms.MultipleChoiceField:
        """The tick stands for the warnings that were listed: others ask for a new one."""
        words = _("I have seen these warnings (%(number)s).") % {"number": len(self.warnings_found)}
        return forms.MultipleChoiceField(
            label=_("Warnings"),
            choices=[(self.listed, words)],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={
                "invalid_choice": gettext_lazy("The warnings have changed: look at them again, and confirm.")
            },
        )

    @property
    def listed(self) -> str:
        """Which warnings the tick stands for."""
        text = "|".join(sorted(each.fingerprint for each in self.warnings_found))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def is_asking(self) -> bool:
        """Whether anything has to be said at all."""
        return bool(self.fields)

    def set_aside(self) -> dict[str, str]:
        """Reasons typed for errors that are gone at this moment: they are there again when the error is."""
        typed = [name for name in self.data if A_REASON.fullmatch(name) and name not in self.fields]
        return {name: self.data[name][:LONGEST] for name in typed[:MOST_SET_ASIDE] if self.data[name]}

    def errors_with_fields(self) -> list[tuple[Found, forms.BoundField]]:
        """Each error with the field of its reason."""
        return [(each, self[each.field]) for each in self.errors_found]

    def questions_with_fields(self) -> list[tuple[FindingTurn, forms.BoundField]]:
        """Each open question with the field of its answer."""
        return [(turn, self[f"answer-{turn.pk}"]) for turn in self.questions]

    def explanations(self) -> Explanations:
        """What was said, and can be taken as it was typed."""
        self.is_valid()
        values = self.cleaned_data
        return Explanations(
            reasons={each.key: values.get(each.field, "") for each in self.errors_found},
            acknowledged=bool(values.get("acknowledged")),
        )

    def answers(self) -> dict[int, str]:
        """What was answered, by the question, and can be taken as it was typed."""
        return {turn.pk: self.cleaned_data.get(f"answer-{turn.pk}", "") for turn in self.questions}

    def add_what_is_missing(self) -> None:
        """Note what is not answered yet at its field, where nothing else is wrong with it."""
        missing = unanswered([*self.errors_found, *self.warnings_found], self.explanations())
        for turn, field in self.questions_with_fields():
            subject = {"subject": turn.finding.subject_text}
            if not str(field.value() or "").strip():
                missing[field.name] = [_("Answer the question about “%(subject)s”.") % subject]
        for name, messages in missing.items():
            if name not in self.errors:
                self.add_error(name, [str(message) for message in messages])

    def typed_now(self) -> dict[str, str]:
        """The texts as they were typed; a tick is not kept, for it stands for what is seen now."""
        return {name: str(self[name].value() or "") for name in self.fields if name != "acknowledged"}


def with_defaults(data: Any, initial: Mapping[str, str]) -> Any:
    """What was posted, with what is known already for fields that the page did not have yet."""
    if data is None:
        return None
    data = data.copy()
    for name, text in initial.items():
        data.setdefault(name, text)
    return data
