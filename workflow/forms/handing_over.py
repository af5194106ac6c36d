"""Forms to hand a task over, to go on without a voice, and to take a decision back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User

LONGEST = 500


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Hand over to"),
        empty_label=gettext_lazy("choose a person"),
        error_messages={"required": gettext_lazy("Choose to whom you hand it over.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("Say why you hand it over.")},
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any = None, *, people: Iterable[User]) -> None:
        super().__init__(data)
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people]).order_by("username")


class ExcuseForm(forms.Form):
    """Why the procedure goes on without a voice."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("Say why the procedure goes on without this voice.")},
        help_text=gettext_lazy("It stays on record with the decision."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )


class WithdrawalForm(forms.Form):
    """Why a decision is taken back."""

    opinion = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stays on record with the decision."),
        error_messages={"required": gettext_lazy("Say why you withdraw it.")},
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )
