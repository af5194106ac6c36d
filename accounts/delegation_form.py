"""The form by which somebody delegates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import colleagues_of
from accounts.delegable import can_be_delegated
from accounts.models import Organization, RoleHolding, User
from accounts.roles import Role
from audit_log import clock

OFFERED = 50
"""So many people stand in the list at most; a search narrows it."""
WHOLE = "all"


class ColleagueField(forms.ModelChoiceField):
    """A person with the roles that they hold, so that two of one name are told apart."""

    def label_from_instance(self, person: Any) -> str:
        roles = [
            f"{holding.get_role_display()}, {holding.organization}" for holding in person.present_holdings
        ]
        return " · ".join([str(person), *roles])


class DelegationForm(forms.Form):
    """Whom, what, from when until when, and why."""

    delegate = ColleagueField(
        User.objects.none(),
        label=gettext_lazy("Person who acts for you"),
        empty_label=gettext_lazy("choose a person"),
        error_messages={"required": gettext_lazy("Choose the person who acts for you.")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What is delegated"),
        error_messages={"required": gettext_lazy("Choose what you delegate.")},
    )
    starts = forms.DateField(
        label=gettext_lazy("First day"),
        error_messages={"required": gettext_lazy("Enter the first day.")},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    ends = forms.DateField(
        label=gettext_lazy("Last day"),
        error_messages={"required": gettext_lazy("Enter the last day.")},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("Say why you delegate.")},
        widget=forms.Textarea({"rows": 2}),
        max_length=500,
    )

    def __init__(self, data: Any = None, *, delegator: Any, query: str = "") -> None:
        super().__init__(
            data, initial={"starts": clock.today(), "ends": clock.today()}, auto_id="delegation_%s"
        )
        self.holdings = delegable_holdings(delegator)
        found = matching(delegator, query)
        self.has_more = len(found) > OFFERED
        person, scope = self.fields["delegate"], self.fields["scope"]
        assert isinstance(person, forms.ModelChoiceField)
        assert isinstance(scope, forms.ChoiceField)
        person.queryset = offered(delegator, found[:OFFERED], (data or {}).get("delegate", ""))
        scope.choices = self.scopes()

    @property
    def can_delegate(self) -> bool:
        """Whether the person holds anything that can be delegated."""
        return bool(self.holdings)

    def scopes(self) -> list[tuple[str, str]]:
        """The whole, each role wherever it is held, and each role at each of several organizations."""
        places: dict[str, list[Organization]] = {}
        for holding in self.holdings:
            places.setdefault(holding.role, []).append(holding.organization)
        found = [(WHOLE, _("All my roles"))]
        for role, organizations in places.items():
            label = str(Role(role).label)
            if len(organizations) > 1:
                found.append((role, _("%(role)s, wherever I hold it") % {"role": label}))
            found += [(f"{role}@{place.pk}", f"{label} · {place}") for place in organizations]
        return found

    def wanted(self) -> dict[str, Any]:
        """The arguments of the verb."""
        data = dict(self.cleaned_data)
        role, _at, place = data.pop("scope").partition("@")
        at = {str(holding.organization_id): holding.organization for holding in self.holdings}
        return {**data, "role": "" if role == WHOLE else role, "organization": at.get(place)}


def delegable_holdings(person: Any) -> list[RoleHolding]:
    """The roles that the person holds and that can be delegated."""
    held = RoleHolding.objects.filter(user=person.pk, ended_at=None).select_related("organization")
    return [holding for holding in held.order_by("pk") if can_be_delegated(Role(holding.role))]


def matching(delegator: Any, query: str) -> list[int]:
    """Ids of the colleagues whose name, user name, post or organization contains the words."""
    found = colleagues_of(delegator)
    if query:
        places = RoleHolding.objects.filter(ended_at=None, organization__name__icontains=query)
        found = found.filter(
            Q(display_name__icontains=query)
            | Q(username__icontains=query)
            | Q(title__icontains=query)
            | Q(pk__in=places.values("user"))
        )
    return list(found.order_by("display_name", "pk").values_list("pk", flat=True)[: OFFERED + 1])


def offered(delegator: Any, found: list[int], chosen: str) -> QuerySet[User]:
    """The people in the list: those who were found, and the one who was chosen before."""
    condition = Q(pk__in=found)
    if chosen.isdecimal():
        condition |= Q(pk=chosen)
    roles = RoleHolding.objects.filter(ended_at=None).select_related("organization").order_by("pk")
    return (
        colleagues_of(delegator)
        .filter(condition)
        .order_by("display_name", "pk")
        .prefetch_related(Prefetch("holdings", roles, to_attr="present_holdings"))
    )
