"""Forms of the register of experts, and of seating, drawing, recusing and replacing them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import holders_at
from accounts.models import Organization, User
from accounts.roles import Right
from approvals.actions.seating import obstacles_in_register
from evaluations.access import visible_to
from evaluations.expert_access import fields_in_use, is_keeper, not_yet_registered
from evaluations.models import Evaluation, ExpertConflict, ExpertProfile, Project
from evaluations.template_access import library_of
from workflow.forms.rows import label, text_field
from workflow.presentation.library import sectors_of

MOST_DRAWN = 30
DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def fields_offered(user: Any, bureau: Organization | int) -> list[str]:
    """The sectors of the indicator library, and whatever the register knows besides."""
    known = fields_in_use(ExpertProfile.objects.filter(bureau=bureau))
    return sorted({*sectors_of(library_of(user)), *known})


class Expertise(forms.Form):
    """Fields of expertise: ticked, or named anew."""

    expertise = forms.MultipleChoiceField(
        label=label(ExpertProfile, "expertise"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_fields = forms.CharField(
        label=_("Other fields"), required=False, max_length=500, help_text=_("Separated by commas.")
    )

    def offer(self, fields: Iterable[str]) -> None:
        self.fields["expertise"].choices = [(field, field) for field in fields]  # type: ignore[attr-defined]

    def chosen_fields(self) -> list[str]:
        """Those ticked and those named."""
        named = re.split(r"[,，、;；\n]", self.cleaned_data["other_fields"])
        return [*self.cleaned_data["expertise"], *named]


class ProfileForm(Expertise):
    """What the register says about an expert."""

    employer = text_field(ExpertProfile, "employer")
    post = text_field(ExpertProfile, "post")
    note = text_field(ExpertProfile, "note", rows=3)

    def __init__(self, data: Any, *, user: User, bureau: Organization, profile: ExpertProfile | None) -> None:
        names = ("expertise", "employer", "post", "note")
        super().__init__(data, initial={name: getattr(profile, name) for name in names} if profile else {})
        self.offer(fields_offered(user, bureau))

    def values(self) -> dict[str, Any]:
        return {
            "expertise": self.chosen_fields(),
            **{name: self.cleaned_data[name] for name in ("employer", "post", "note")},
        }


class RegisterForm(ProfileForm):
    """Somebody who holds the role of expert and is not in the register yet."""

    expert = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Expert"),
        empty_label=_("choose an expert"),
        error_messages={"required": _("Choose an expert.")},
        help_text=_("People who hold the role of expert at the bureau and are not in the register yet."),
    )
    field_order = ("expert",)

    def __init__(self, data: Any, *, user: User, bureau: Organization) -> None:
        super().__init__(data, user=user, bureau=bureau, profile=None)
        self.fields["expert"].queryset = not_yet_registered(bureau)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {**super().values(), "expert": self.cleaned_data["expert"]}


class SuspensionForm(forms.Form):
    """Why, and until when."""

    reason = text_field(
        ExpertProfile,
        "suspension_reason",
        required=True,
        error_messages={"required": _("Say why the expert is suspended.")},
    )
    until = forms.DateField(
        label=label(ExpertProfile, "suspended_until"),
        required=False,
        widget=DATE,
        help_text=_("The last day. Empty: until resumed."),
    )


class ConflictForm(forms.Form):
    """With whom, why, and for how long."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Unit or department"),
        required=False,
        empty_label="—",
        help_text=_("A department stands for all its units."),
    )
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("or project"), required=False, empty_label="—"
    )
    reason = text_field(
        ExpertConflict,
        "reason",
        rows=2,
        required=True,
        error_messages={"required": _("Say what the conflict of interest is.")},
    )
    since = forms.DateField(
        label=label(ExpertConflict, "since"), required=False, widget=DATE, help_text=_("Empty: from today.")
    )
    until = forms.DateField(
        label=label(ExpertConflict, "until"), required=False, widget=DATE, help_text=_("Empty: without end.")
    )

    def __init__(self, data: Any, *, user: User, profile: ExpertProfile) -> None:
        super().__init__(data)
        below = Q(parent=profile.bureau_id) | Q(parent__parent=profile.bureau_id)
        organizations = Organization.objects.filter(below).order_by("code")
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]
        self.fields["project"].queryset = projects_offered(user, profile)  # type: ignore[attr-defined]


def projects_offered(user: User, profile: ExpertProfile) -> QuerySet[Project]:
    """The bureau's projects; to the expert only those that there are seats on."""
    bureau = profile.bureau_id
    ours = Project.objects.filter(Q(unit__parent=bureau) | Q(unit__parent__parent=bureau))
    if not is_keeper(user, profile):
        ours = ours.filter(pk__in=visible_to(user).values("project"))
    return ours.order_by("-fiscal_year", "code")


class EndForm(forms.Form):
    """Why a conflict has ended."""

    end_reason = text_field(
        ExpertConflict,
        "end_reason",
        required=True,
        error_messages={"required": _("Say why the conflict has ended.")},
    )


# Why somebody cannot be chosen, behind the name; the whole sentence comes with the refusal.
WHY_NOT: Mapping[str, Any] = {
    "insider": _("of the unit or its department"),
    "decided": _("has decided on it already"),
    "appointed": _("has another part in it"),
    "conflict": _("conflict of interest"),
    "suspended": _("suspended"),
}


class ExpertSelect(forms.Select):
    """A list in which those who cannot be seated stand, but cannot be chosen."""

    barred: Mapping[int, str] = {}

    def create_option(self, name: str, value: Any, *more: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *more, **options)
        if getattr(value, "value", None) in self.barred:
            option["attrs"]["disabled"] = True
        return option


class ExpertField(forms.ModelChoiceField):
    """Somebody of the register without a seat yet; who cannot be seated comes last, with the reason."""

    widget = ExpertSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.none(), **options)

    def offer(self, evaluation: Evaluation, barred: Mapping[int, str] | None) -> None:
        """``barred``: who cannot be seated and why, when it is known already."""
        self.barred = obstacles_in_register(evaluation) if barred is None else barred
        cast(ExpertSelect, self.widget).barred = self.barred
        register = holders_at(Right.BE_SEATED, [evaluation.bureau_id])
        others = register.exclude(pk__in=evaluation.seats.values("expert"))
        # Without anybody the condition would be a constant, by which PostgreSQL does not order.
        comes_last = [Case(When(pk__in=list(self.barred), then=True), default=False)] if self.barred else []
        self.queryset = others.order_by(*comes_last, "display_name")

    def label_from_instance(self, obj: Any) -> str:
        why_not = WHY_NOT.get(self.barred.get(obj.pk, ""))
        if why_not is None:
            return str(obj)
        return gettext("%(person)s (%(reason)s)") % {"person": obj, "reason": why_not}


class SeatForm(forms.Form):
    """An expert out of the bureau's register."""

    expert = ExpertField(
        label=_("Expert"),
        empty_label=_("choose an expert"),
        error_messages={"required": _("Choose an expert.")},
    )

    def __init__(self, data: Any, *, evaluation: Evaluation, barred: Mapping[int, str] | None = None) -> None:
        super().__init__(data)
        cast(ExpertField, self.fields["expert"]).offer(evaluation, barred)


class DrawForm(forms.Form):
    """How many, out of which fields."""

    number = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST_DRAWN,
        initial=1,
        error_messages={"required": _("Enter how many experts are drawn.")},
    )
    expertise = forms.MultipleChoiceField(
        label=_("Out of these fields"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without any: out of the whole register."),
    )

    def __init__(self, data: Any, *, evaluation: Evaluation) -> None:
        super().__init__(data, prefix="draw")
        fields = fields_in_use(ExpertProfile.objects.filter(bureau=evaluation.bureau_id))
        self.fields["expertise"].choices = [(field, field) for field in fields]  # type: ignore[attr-defined]


class RecusalForm(forms.Form):
    """Why an expert does not take part."""

    reason = forms.CharField(
        label=_("Reason for the recusal"),
        max_length=1000,
        error_messages={"required": _("Say why the expert does not take part.")},
        widget=forms.Textarea({"rows": 2}),
    )


class ReplacementForm(forms.Form):
    """Somebody named, or one drawn out of the register."""

    expert = ExpertField(
        label=_("Who takes the place"),
        required=False,
        empty_label=_("one drawn by lot out of the register"),
    )

    def __init__(
        self,
        data: Any,
        *,
        evaluation: Evaluation,
        auto_id: str = "id_%s",
        barred: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__(data, auto_id=auto_id)
        cast(ExpertField, self.fields["expert"]).offer(evaluation, barred)
