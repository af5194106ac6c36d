"""Opening an evaluation: which project, which kind, by which scheme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Rights, holders_at
from accounts.models import Organization, User
from accounts.roles import Right
from audit_log import clock
from evaluations.models import Campaign, Evaluation, Framework, Kind, Project, Scheme
from evaluations.template_access import offered, own_frameworks
from workflow.forms.policy_choice import PolicyField, fault_of
from workflow.forms.rows import label

MOST_DAYS = 366
NO_DAYS = {"required": _("Enter the number of days.")}
PARTICULARS = ("code", "name", "fiscal_year", "unit", "lead")


def units_run_by(rights: Rights) -> QuerySet[Organization]:
    """The budget units below the departments and bureaus where evaluations are run."""
    above = sorted(rights.at(Right.RUN_EVALUATION))
    below = Q(parent__in=above) | Q(parent__parent__in=above)
    return Organization.objects.filter(below, kind=Organization.Kind.UNIT).select_related("parent")


class ProjectField(forms.ModelChoiceField):
    """A project; one whose application is on hold says so."""

    is_held: Callable[[Project], Any] = staticmethod(lambda project: None)

    def label_from_instance(self, obj: Any) -> str:
        return gettext("%(project)s · on hold") % {"project": obj} if self.is_held(obj) else str(obj)


class ProjectForm(forms.Form):
    """An existing project, or the particulars of a new one."""

    project = ProjectField(
        Project.objects.none(),
        label=_("Project"),
        required=False,
        empty_label=_("a new project, entered below"),
    )
    code = forms.CharField(label=label(Project, "code"), max_length=50, required=False)
    name = forms.CharField(label=_("Project name"), max_length=200, required=False)
    fiscal_year = forms.IntegerField(
        label=label(Project, "fiscal_year"), min_value=1990, max_value=2100, required=False
    )
    unit = forms.ModelChoiceField(
        Organization.objects.none(), label=label(Project, "unit"), required=False, empty_label="—"
    )
    lead = forms.ModelChoiceField(
        User.objects.none(), label=label(Project, "lead"), required=False, empty_label="—"
    )

    def __init__(self, data: Any, *, rights: Rights) -> None:
        super().__init__(data, initial={"fiscal_year": clock.today().year - 1})
        units = units_run_by(rights)
        people = holders_at(Right.FILL_SELF_ASSESSMENT, units.values_list("pk", flat=True))
        querysets: dict[str, QuerySet[Any]] = {
            "project": Project.objects.filter(unit__in=units).select_related("unit"),
            "unit": units,
            "lead": people.order_by("display_name"),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def mark(self, held: Callable[[Project], Any]) -> None:
        """Mark the projects for which ``held`` says something."""
        cast(ProjectField, self.fields["project"]).is_held = held

    def clean(self) -> dict[str, Any]:
        """Without an existing project, everything about the new one."""
        values = self.cleaned_data
        for name in PARTICULARS if not values.get("project") else ():
            if not values.get(name) and name not in self.errors:
                self.add_error(name, _("A new project needs this."))
        return values

    def chosen(self) -> dict[str, Any]:
        """The existing project, or what a new one is entered with."""
        if project := self.cleaned_data["project"]:
            return {"project": project}
        return {"new_project": {name: self.cleaned_data[name] for name in PARTICULARS}}


class OpeningForm(forms.Form):
    """Kind, scheme, framework, review policy, notice and days."""

    kind = forms.ChoiceField(label=label(Evaluation, "kind"), choices=Kind.choices)
    scheme = forms.ModelChoiceField(
        Scheme.objects.none(),
        label=label(Evaluation, "scheme"),
        empty_label=None,
        error_messages={"required": _("Choose a scheme.")},
    )
    framework = forms.ModelChoiceField(
        Framework.objects.none(),
        label=label(Evaluation, "framework"),
        required=False,
        empty_label=_("the common framework"),
        help_text=_("What a department or finance evaluation starts with; a self-assessment starts empty."),
    )
    policy = PolicyField()
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=label(Evaluation, "campaign"), required=False, empty_label=_("none")
    )
    notice = forms.CharField(
        label=label(Evaluation, "notice"),
        required=False,
        help_text=_(
            "For a department or finance evaluation: what it is about, and which material is asked for."
        ),
        widget=forms.Textarea({"rows": 6}),
    )
    days_to_fill = forms.IntegerField(
        label=label(Evaluation, "days_to_fill"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=30,
        error_messages=NO_DAYS,
    )
    days_to_review = forms.IntegerField(
        label=label(Evaluation, "days_to_review"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=10,
        error_messages=NO_DAYS,
    )
    unit_approval = forms.BooleanField(
        label=_("In a self-assessment the unit approves before the department reviews"),
        required=False,
        initial=True,
    )

    def __init__(self, data: Any, *, user: User, rights: Rights) -> None:
        super().__init__(data)
        campaigns = Campaign.objects.filter(organizer__in=rights.at(Right.RUN_EVALUATION))
        self.fields["scheme"].queryset = offered(user, Scheme)  # type: ignore[attr-defined]
        self.fields["framework"].queryset = own_frameworks(user)  # type: ignore[attr-defined]
        cast(PolicyField, self.fields["policy"]).offer_to(user)
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A campaign has its own kind: the evaluation's is the same."""
        values = self.cleaned_data
        campaign = values.get("campaign")
        if campaign and values.get("kind") and campaign.kind != values["kind"]:
            kind = {"kind": campaign.get_kind_display()}
            self.add_error("campaign", _("This campaign is for another kind: %(kind)s.") % kind)
        if fault := fault_of(values.get("policy"), values.get("kind")):
            self.add_error("policy", fault)
        if values.get("kind") == Kind.SELF:
            values["framework"] = None
        return values
