"""The form of a campaign."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import rights_for_reading
from accounts.models import Organization
from accounts.roles import Right
from audit_log import clock
from evaluations.models import Campaign, Project, Scheme
from evaluations.template_access import offered, own_frameworks
from workflow.forms.opening import NO_DAYS
from workflow.forms.policy_choice import PolicyField, fault_of

MINISTRY = "ministry-2020"


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """Offers the organizations that the reader runs evaluations for, published schemes and policies."""

    policy = PolicyField()

    class Meta:
        model = Campaign
        fields = (
            "name",
            "fiscal_year",
            "kind",
            "organizer",
            "scheme",
            "framework",
            "policy",
            "unit_approval",
            "days_to_fill",
            "days_to_review",
        )
        error_messages: ClassVar = {
            "name": {"required": _("Enter the campaign's name.")},
            "fiscal_year": {"required": _("Enter the fiscal year.")},
            "kind": {"required": _("Choose the kind of evaluation.")},
            "organizer": {"required": _("Choose who runs it.")},
            "scheme": {"required": _("Choose a scheme.")},
            "days_to_fill": NO_DAYS,
            "days_to_review": NO_DAYS,
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organizers = sorted(rights_for_reading(user).at(Right.RUN_EVALUATION))
        schemes = offered(user, Scheme)
        self.limit("organizer", Organization.objects.filter(pk__in=organizers))
        self.limit("scheme", schemes)
        cast(PolicyField, self.fields["policy"]).offer_to(user)
        self.limit("framework", own_frameworks(user), none=_("the common framework"))
        self.fields["framework"].help_text = _(
            "What a department or finance evaluation starts with; a self-assessment starts empty."
        )
        self.initial.setdefault("fiscal_year", clock.today().year - 1)
        self.initial.setdefault("scheme", usual_scheme(organizers, schemes))

    def clean(self) -> dict[str, Any]:
        """The policy is one for the campaign's kind."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if fault := fault_of(values.get("policy"), values.get("kind")):
            self.add_error("policy", fault)
        return values

    def limit(self, name: str, choices: Any, none: Any = None) -> None:
        """Offer only these rows, the first one chosen, or ``none`` before them."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices
        field.empty_label = none


def usual_scheme(organizers: list[int], schemes: QuerySet[Scheme]) -> int | None:
    """The scheme of the organizers' last campaign while it is offered, else the ministry's of 2020."""
    last = Campaign.objects.filter(organizer__in=organizers).order_by("-pk").first()
    if last is not None and schemes.filter(pk=last.scheme_id).exists():
        return last.scheme_id
    return schemes.filter(bureau=None, code=MINISTRY).values_list("pk", flat=True).first()


class LaunchForm(forms.Form):
    """Which projects the campaign opens evaluations for: those ticked, or everything that was asked for."""

    projects = forms.ModelMultipleChoiceField(
        queryset=Project.objects.none(), label=_("projects"), required=False
    )
    everything = forms.BooleanField(required=False)
    notice = forms.CharField(
        label=_("notice and list of material"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["projects"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = projects
