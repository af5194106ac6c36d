"""Forms of the people page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import managed_by
from accounts.models import Organization, User
from accounts.roles import Role


class ManagedForm(forms.Form):
    """Offers only the organizations that the reader manages."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("organization"), empty_label=_("choose an organization")
    )

    def __init__(self, *args: Any, manager: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manager = manager
        field = self.fields["organization"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = managed_by(manager)


class PersonForm(ManagedForm):
    """A new person with a first role."""

    field_order = ["username", "display_name", "title", "password", "organization", "role"]

    username = forms.CharField(label=_("user name"), max_length=150)
    display_name = forms.CharField(label=pgettext_lazy("person", "name"), max_length=100)
    title = forms.CharField(label=_("post"), max_length=100, required=False)
    password = forms.CharField(
        label=_("first password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    role = forms.ChoiceField(label=_("role"), choices=Role.choices)


class GrantForm(ManagedForm):
    """One more role for somebody who is there already."""

    field_order = ["username", "organization", "role"]

    username = forms.CharField(label=_("user name"), max_length=150)
    role = forms.ChoiceField(label=_("role"), choices=Role.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "grant_%s")
        super().__init__(*args, **kwargs)

    def clean_username(self) -> User:
        """The active person with this user name."""
        named: str = self.cleaned_data["username"]
        person = User.objects.filter(username=named, is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("There is no person with this user name."))
        return person


class OrganizationForm(forms.Form):
    """A department below the bureau, or a unit below a department."""

    parent = forms.ModelChoiceField(
        Organization.objects.none(), label=_("above it"), empty_label=_("choose an organization")
    )
    name = forms.CharField(label=_("name"), max_length=200)
    code = forms.CharField(label=_("code"), max_length=50)
    is_own_level = forms.BooleanField(label=_("the department itself as a unit"), required=False)

    def __init__(self, *args: Any, manager: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "organization_%s")
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = managed_by(manager).exclude(kind=Organization.Kind.UNIT)
