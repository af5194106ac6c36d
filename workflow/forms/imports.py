"""The form that takes a file with dossiers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPTED = ".json,.xlsx,.zip"


class ImportForm(forms.Form):
    """One file; what it is, its content says when it is read."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput({"accept": ACCEPTED}),
        help_text=_(
            "The official self-assessment form (.xlsx), a dossier/1 file (.json), or many in one .zip;"
            " at most 20 MB."
        ),
    )
