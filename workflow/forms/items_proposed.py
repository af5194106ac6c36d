"""Proposing a rectification item: what it asks for, by whom, by when, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.access import holders_at, holders_of
from accounts.models import Organization, User
from accounts.roles import Right
from approvals.models import Decision, ItemKind, RecordedFinding, Severity, Verb
from evaluations.models import Evaluation, Evidence, Indicator, Problem
from workflow.whole_numbers import whole_number

# What these say of a dossier is for others to put right.
OPINIONS = (Verb.APPROVE, Verb.OBJECT, Verb.RETURN, Verb.ACCEPT, Verb.RECHECK, Verb.SCORE, Verb.DRAFT,
            Verb.CONSIDER, Verb.SIGN, Verb.CONCLUDE)  # fmt: skip


def units_of(evaluation: Evaluation) -> QuerySet[Organization]:
    """The units that an item of the evaluation can ask."""
    return Organization.objects.filter(kind=Organization.Kind.UNIT, parent=evaluation.department_id)


def opinions_of(evaluation: Evaluation) -> QuerySet[Decision]:
    """The opinions on the evaluation that an item can rest on."""
    found = evaluation.decisions.filter(item=None, verb__in=OPINIONS).exclude(opinion="")
    return found.select_related("actor", "on_behalf_of").order_by("pk")


class OpinionChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, decision: Any) -> str:
        verb = capfirst(str(decision.get_verb_display()))
        return f"{decision.by} · {verb} · {decision.opinion[:40]}"


class ItemForm(forms.Form):
    """What has to be put right, out of which problem, by whom, by when."""

    requirement = forms.CharField(
        label=_("Requirement"),
        required=False,
        help_text=_("What has to be put right, so that anyone can see whether it was done."),
        widget=forms.Textarea({"rows": 3}),
    )
    due = forms.DateField(
        label=_("Due date"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    problem = forms.ModelChoiceField(
        Problem.objects.none(), label=_("From problem"), required=False, empty_label=_("no stated problem")
    )
    responsible_unit = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Responsible unit"), required=False, empty_label=None
    )
    responsible_person = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Responsible person"),
        required=False,
        empty_label=_("the project's lead"),
    )

    kind = forms.ChoiceField(
        label=_("Kind of rectification"), choices=ItemKind, required=False, initial=ItemKind.OTHER
    )
    severity = forms.ChoiceField(
        label=_("Severity of the problem"), choices=Severity, required=False, initial=Severity.GENERAL
    )
    amount = forms.DecimalField(
        label=_("Amount involved (10,000 yuan)"),
        help_text=_("Empty where no money is involved."),
        required=False,
        max_digits=18,
        decimal_places=6,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    indicator = forms.ModelChoiceField(
        Indicator.objects.none(), label=_("Indicator concerned"), required=False, empty_label=_("none")
    )
    ground = forms.ModelChoiceField(
        Evidence.objects.none(), label=_("File that shows the problem"), required=False, empty_label=_("none")
    )
    opinion = OpinionChoiceField(
        Decision.objects.none(), label=_("Opinion that it rests on"), required=False, empty_label=_("none")
    )
    assisting = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label=_("Assisting units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    finding = forms.ModelChoiceField(RecordedFinding.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        evaluation: Evaluation,
        ground: RecordedFinding | None = None,
        requirement: str = "",
        problem: Problem | None = None,
        unfinished: Mapping[str, str] | None = None,
    ) -> None:
        """``ground`` is the finding that the item rests on; the others are what stands in its fields.

        ``unfinished`` is a posted page on which an item may be typed that is not proposed yet: it
        stays as it was typed, and is not looked at.
        """
        initial = {
            "responsible_unit": evaluation.unit_id,
            "finding": ground,
            "requirement": requirement,
            "problem": problem,
            "indicator": ground and ground.indicator_id,
            "kind": ItemKind.OTHER,
            "severity": Severity.GENERAL,
        }
        begun = as_begun(unfinished) if data is None and unfinished else {}
        finding = whole_number(str((data or begun).get("item-finding" if data else "finding", "")))
        self.from_finding = ground or (evaluation.findings.filter(pk=finding).first() if finding else None)
        self.is_open = bool(self.from_finding or begun)
        super().__init__(data, prefix="item", initial={**initial, **begun})
        self.evaluation = evaluation
        self.offer()

    def offer(self) -> None:
        """What can be chosen: all of it belongs to this evaluation and its department."""
        evaluation = self.evaluation
        units = units_of(evaluation)
        offered: dict[str, Any] = {
            "finding": evaluation.findings.all(),
            "problem": evaluation.problems.all(),
            "responsible_unit": units,
            "responsible_person": holders_at(
                Right.CARRY_OUT_RECTIFICATION, units.values_list("pk", flat=True)
            ),
            "indicator": evaluation.indicators.all(),
            "ground": evaluation.evidence.filter(withdrawn_at=None, item_link=None),
            "opinion": opinions_of(evaluation),
            "assisting": units,
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Only somebody who may carry it out for the unit can be responsible."""
        values = self.cleaned_data
        if not values.get("due") and "due" not in self.errors:
            self.add_error("due", _("Set a due date that has not passed."))
        values["kind"] = values.get("kind") or ItemKind.OTHER
        values["severity"] = values.get("severity") or Severity.GENERAL
        unit = values.get("responsible_unit") or self.evaluation.unit
        person = values.get("responsible_person") or self.evaluation.project.lead
        holders = holders_of(Right.CARRY_OUT_RECTIFICATION, unit.pk)
        if person is not None and not holders.filter(pk=person.pk).exists():
            self.add_error(
                "responsible_person",
                _("%(person)s does not carry out rectification there.") % {"person": person},
            )


def as_begun(posted: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an item as they were typed; empty while its requirement and its date are."""
    typed: dict[str, Any] = {
        name.removeprefix("item-"): posted[name] for name in posted if name.startswith("item-")
    }
    if isinstance(posted, QueryDict):
        typed["assisting"] = posted.getlist("item-assisting")
    return typed if typed.get("requirement", "").strip() or typed.get("due") else {}
