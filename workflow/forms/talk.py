"""A comment with its audience, the people it names and its files; a question to a colleague, its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import rights_for_reading
from accounts.models import User
from approvals.access import visible_items
from approvals.actions.comment import LONGEST, PostedFile
from approvals.audiences import OFFICES, SEAT, Readers, audiences_of, readers_of
from approvals.models import Audience, ItemStage, RectificationItem
from evaluations.models import Evaluation
from workflow.forms.files import FileForm

Groups = list[tuple[str, list[tuple[int, str]]]]


class CommentForm(FileForm):
    """A remark on a dossier."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("Write “@” and a name to tell somebody of it. A comment decides nothing."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        error_messages={"required": gettext_lazy("Choose who sees this: you have to be among them.")},
    )
    item = forms.ModelChoiceField(
        RectificationItem.objects.none(),
        label=gettext_lazy("About"),
        required=False,
        empty_label=gettext_lazy("the dossier"),
    )
    mentions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Whom to tell"),
        help_text=gettext_lazy("Only people who see the comment can be told: choose who sees it first."),
        coerce=int,
        required=False,
        widget=forms.SelectMultiple({"size": 5}),
    )
    # A comment says itself what its files show.
    file_description = None  # type: ignore[assignment]
    field_order = ("text", "audience", "item", "mentions", "file")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        evaluation: Evaluation,
        author: Any,
        typed: QueryDict | None = None,
    ) -> None:
        """``typed``: what stands in the form so far and is not to be judged yet."""
        audiences = audiences_of(rights_for_reading(author), evaluation)
        # One's own office first: what is meant for colleagues does not go further by oversight.
        initial = {"audience": audiences[-1], **(so_far(typed) if typed else {})}
        super().__init__(data, files, initial=initial, auto_id="comment-%s")
        readers = readers_of(evaluation)
        self.readers = readers.at((*OFFICES, SEAT))
        items = visible_items(author).filter(evaluation=evaluation).exclude(stage=ItemStage.DRAFT)
        fields: Any = self.fields
        fields["audience"].choices = [(name, capfirst(Audience(name).label)) for name in audiences]
        fields["mentions"].choices = grouped(evaluation, readers, without={author.pk})
        # Who would not see it is not offered; named all the same, the action says so by name.
        chosen = self["audience"].value()
        included = readers.of(chosen if chosen in audiences else audiences[-1])
        offered = grouped(evaluation, readers, only=included, without={author.pk})
        fields["mentions"].widget.choices = offered
        fields["item"].queryset = items.order_by("number")

    def details(self) -> dict[str, Any]:
        """What the service asks for. Call it when the form is valid."""
        given = self.cleaned_data
        return {
            "text": given["text"],
            "audience": given["audience"],
            "item": given["item"],
            "mentions": [self.readers[pk] for pk in given["mentions"]],
            "files": [PostedFile(file, file.name) for file in given["file"]],
        }


def so_far(typed: QueryDict) -> dict[str, Any]:
    """What was typed, as the values that a form begins with."""
    texts = {name: typed.get(name, "") for name in ("text", "audience", "item")}
    return {**texts, "mentions": typed.getlist("mentions")}


class ConsultationForm(forms.Form):
    """Whom to ask, and what."""

    colleague = forms.TypedChoiceField(
        label=gettext_lazy("Whom to ask"), coerce=int, empty_value=None, required=False
    )
    question = forms.CharField(
        label=gettext_lazy("Question"),
        help_text=gettext_lazy("The decision stays with you. The evaluated unit reads neither side of it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(
        self, data: Any, *, evaluation: Evaluation, people: Mapping[int, User], is_unit: bool
    ) -> None:
        super().__init__(data)
        self.people = people
        fields: Any = self.fields
        groups = grouped(evaluation, readers_of(evaluation), only=people)
        fields["colleague"].choices = [("", _("Choose a colleague")), *groups]
        if is_unit:
            fields["question"].help_text = _("The decision stays with you. Later reviewers read it too.")

    def clean(self) -> None:
        if not self.cleaned_data.get("colleague") and "colleague" not in self.errors:
            self.add_error("colleague", _("Choose a colleague."))

    def details(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"colleague": self.people[given["colleague"]], "question": given["question"]}


class GivenOpinionForm(forms.Form):
    """The opinion that a colleague asked for."""

    answer = forms.CharField(
        label=gettext_lazy("Your opinion"),
        help_text=gettext_lazy(
            "It cannot be changed afterwards. It is no decision: that stays with who asked."
        ),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
    )


def called(person: User) -> str:
    """The name on the screen, and the one to write after an “@”."""
    return _("%(person)s (@%(username)s)") % {"person": person, "username": person.username}


def grouped(
    evaluation: Evaluation,
    readers: Readers,
    *,
    only: Iterable[int] | None = None,
    without: Iterable[int] = (),
) -> Groups:
    """People to choose from by office, each person once."""
    names = {
        "unit": evaluation.unit.name,
        "department": evaluation.department.name,
        "bureau": evaluation.bureau.name,
        SEAT: _("Experts"),
    }
    seen, wanted = set(without), None if only is None else set(only)
    groups: Groups = []
    for place, name in names.items():
        people = {
            pk: person
            for pk, person in readers.by_place[place].items()
            if pk not in seen and (wanted is None or pk in wanted)
        }
        if people:
            groups.append((name, [(pk, called(person)) for pk, person in people.items()]))
        seen |= people.keys()
    return groups
