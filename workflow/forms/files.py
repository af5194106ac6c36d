"""Adding files that back an indicator, the dossier, or a report on an item."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.file_types import accepted_types
from evaluations.models import Indicator
from workflow.attachments import NewFile


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more files; what they are is looked at when they are kept."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [found for file in given if (found := super(ManyFilesField, self).clean(file, initial))]


class FileForm(forms.Form):
    """Files with what they show."""

    file = ManyFilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,
        max_length=200,
        widget=ManyFilesInput({"multiple": True, "accept": ",".join(accepted_types())}),
    )
    file_description = forms.CharField(label=_("What the files show"), max_length=200, required=False)

    def new_files(self) -> list[NewFile]:
        """What was chosen, ready to be kept. Call it when the form is valid."""
        description = self.cleaned_data["file_description"]
        return [
            NewFile(file, file.name, self.chosen_indicator(), description)
            for file in self.cleaned_data["file"]
        ]

    def chosen_indicator(self) -> Indicator | None:
        """A report on an item backs no indicator."""
        return None


class EvidenceForm(FileForm):
    """Files that back an indicator, or the dossier as a whole."""

    file_indicator = forms.TypedChoiceField(
        label=_("What they back"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, indicators: list[Indicator], **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_id = {indicator.pk: indicator for indicator in indicators}
        choices = [("", _("The dossier as a whole")), *((row.pk, row.name) for row in indicators)]
        self.fields["file_indicator"].choices = choices  # type: ignore[attr-defined]

    def chosen_indicator(self) -> Indicator | None:
        return self.by_id.get(self.cleaned_data["file_indicator"])
