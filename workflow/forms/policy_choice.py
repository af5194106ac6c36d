"""Choosing a review policy: those that are offered, by the kind of evaluation that they are for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evaluations.models import Kind, ReviewPolicy
from evaluations.template_access import offered


class ByKind(ModelChoiceIterator):  # type: ignore[type-arg]
    """The policies under the kind that they are for."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        versions = self.queryset.order_by("kind", "code", "-version")
        for kind, found in groupby(versions, key=lambda version: version.kind):
            yield capfirst(str(Kind(kind).label)), [self.choice(version) for version in found]


class PolicyField(forms.ModelChoiceField):
    """A published policy; without a choice the product's own for the kind."""

    iterator = ByKind

    def __init__(self) -> None:
        super().__init__(
            ReviewPolicy.objects.none(),
            label=_("Review policy"),
            required=False,
            empty_label=_("the product's own procedure for this kind"),
            help_text=_("Which steps it passes. An evaluation keeps the version that it started with."),
        )

    def label_from_instance(self, obj: ReviewPolicy) -> str:
        """With its kind: a closed list shows the choice without the group that it stands in."""
        return f"{obj} · {obj.get_kind_display()}"

    def offer_to(self, user: Any) -> None:
        """Offer what the reader may start an evaluation with."""
        self.queryset = offered(user, ReviewPolicy)


def fault_of(policy: ReviewPolicy | None, kind: str | None) -> Any:
    """What is wrong with the choice; None when the policy is for this kind."""
    if policy is None or not kind or policy.kind == kind:
        return None
    return _("This review policy is for another kind: %(kind)s.") % {"kind": policy.get_kind_display()}
