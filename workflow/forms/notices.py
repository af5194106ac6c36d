"""Forms of the notices: what each person chooses, and what a webhook is set up with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from notices.access import places_of
from notices.kinds import KINDS
from notices.models import Adapter, Endpoint, NoticeChoice


class NoticeChoiceForm(forms.Form):
    """When each kind goes out by e-mail, in which language and where to."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("Empty: no e-mails, not those either that are compulsory."),
    )
    language = forms.ChoiceField(label=_("Language of e-mails"), choices=settings.LANGUAGES)

    def __init__(self, data: Any, *, person: User) -> None:
        chosen = NoticeChoice.objects.filter(person=person).first() or NoticeChoice()
        language = chosen.language or settings.LANGUAGE_CODE
        super().__init__(data, initial={"email": person.email, "language": language})
        if person.email and settings.MAIL_IS_ON:
            self.fields["email"].help_text = _("It can be changed, not cleared: some e-mails are compulsory.")
        for kind in KINDS.values():
            self.fields[kind.key] = forms.ChoiceField(
                label=kind.label,
                choices=[(way.value, way.label) for way in kind.choices],
                initial=kind.chosen_by(chosen.by_mail).value,
                widget=forms.RadioSelect,
                help_text=kind.about,
            )

    def kinds(self) -> list[dict[str, Any]]:
        """Each kind with its field, for the page."""
        return [{"field": self[kind.key], "compulsory": kind.compulsory} for kind in KINDS.values()]

    def wanted(self) -> dict[str, Any]:
        """The arguments of the verb."""
        data = self.cleaned_data
        by_mail = {key: data[key] for key in KINDS}
        return {"by_mail": by_mail, "language": data["language"], "email": data["email"]}


class EndpointForm(forms.Form):
    """What can be changed of a webhook: address and secret are typed in, and not shown again."""

    name = forms.CharField(label=_("Name"), max_length=100)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of notices"),
        choices=[(kind.key, kind.label) for kind in KINDS.values()],
        widget=forms.CheckboxSelectMultiple,
    )
    with_those_below = forms.BooleanField(
        label=_("Also what organizations below it are told"),
        required=False,
        help_text=_("Otherwise only what is told to the bureau or department itself."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
        help_text=_("Empty: the address stays as it is. It is not shown again."),
    )
    secret = forms.CharField(
        label=_("Secret of the DingTalk robot (SEC…)"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Empty: the secret stays as it is. It is not shown again."),
    )

    def __init__(self, data: Any, *, endpoint: Endpoint | None = None) -> None:
        names = ("name", "kinds", "with_those_below")
        super().__init__(data, initial={name: getattr(endpoint, name) for name in names} if endpoint else {})
        if endpoint and endpoint.adapter != Adapter.DINGTALK:
            del self.fields["secret"]


class NewEndpointForm(EndpointForm):
    """A new one, for a bureau or a department that the reader keeps webhooks for."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Organization"))
    adapter = forms.ChoiceField(label=_("Receiver"), choices=Adapter.choices)
    field_order = ("organization", "name", "adapter", "url", "secret", "kinds", "with_those_below")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["organization"].queryset = places_of(user)  # type: ignore[attr-defined]
        hosts = ", ".join(settings.WEBHOOK_HOSTS)
        self.fields["url"].required = True
        self.fields["url"].help_text = _("Begins with https://; allowed hosts: %(hosts)s.") % {"hosts": hosts}
        self.fields["secret"].help_text = _("Only for DingTalk; the robot's security settings name it.")
