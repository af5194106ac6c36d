"""Who is appointed to which part of an evaluation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.course import appointments_of
from evaluations.models import Evaluation, Part


class AppointmentForm(forms.Form):
    """A part that is free, and somebody of the bureau's or the evaluator's people and experts."""

    part = forms.ChoiceField(label=_("Part"), error_messages={"required": _("Choose a part.")})
    person = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Person"),
        empty_label=_("choose a person"),
        error_messages={"required": _("Choose a person.")},
    )
    agency = forms.CharField(
        label=_("Agency"),
        help_text=_("The agency's name, for the parts of an agency's people."),
        required=False,
        max_length=200,
    )

    def __init__(self, data: Any, *, evaluation: Evaluation) -> None:
        super().__init__(data)
        taken = appointments_of(evaluation)
        parts = set(taken.values_list("part", flat=True))
        free = [(value, label) for value, label in Part.choices if value not in parts]
        self.fields["part"].choices = free  # type: ignore[attr-defined]
        offices = [evaluation.bureau_id, evaluation.evaluator_id]
        people = User.objects.filter(
            is_active=True, holdings__organization__in=offices, holdings__ended_at=None
        ).exclude(pk__in=taken.values("person"))
        self.fields["person"].queryset = people.distinct().order_by("pk")  # type: ignore[attr-defined]


class AppointmentEndForm(forms.Form):
    """Why an appointment ends."""

    reason = forms.CharField(label=_("Why it ends"), required=False, max_length=1000)
