"""A step of a review policy as a form: only what the grammar lets it ask."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from evaluations.models import Grade, Kind
from evaluations.policies.arrangement import works_at
from evaluations.policies.grammar import (
    ALONE,
    ALWAYS_PASSED,
    ESCALATION,
    MAY_ADJUST,
    MOST_DAYS,
    MOST_NEEDED,
    may_be_asked,
    place_of,
)
from evaluations.policies.parts import PolicyStep
from workflow.forms.figures import FigureField
from workflow.forms.rules import as_text
from workflow.presentation.policies import WHO_LABELS, asked_in_full, work_label

YES_OR_NO = {"yes": True, "no": False}
CONDITIONS = ("budget_over", "grades", "error_finding", "agency", "sample_percent", "match")
TIMES = ("days", "on_timeout", "escalate_to")


class StepForm(forms.Form):
    """One step. Fields that its work has no use for are not there."""

    work = forms.CharField(widget=forms.HiddenInput)
    asked = forms.ChoiceField(label=_("Who is asked"), required=False)
    who = forms.ChoiceField(
        label=_("How many of them"), choices=list(WHO_LABELS.items()), required=False, initial="any"
    )
    needed = forms.IntegerField(
        label=_("Number that has to agree"), min_value=1, max_value=MOST_NEEDED, required=False
    )
    veto = forms.BooleanField(label=_("One vote against returns it at once"), required=False)
    may_adjust = forms.BooleanField(label=_("May adjust scores"), required=False)
    budget_over = FigureField(
        label=_("Annual budget over (10,000 yuan)"),
        required=False,
        min_value=Decimal(0),
        max_digits=18,
        decimal_places=6,
        units=("万元",),
    )
    grades = forms.MultipleChoiceField(
        label=_("Grade"), choices=Grade.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    error_finding = forms.ChoiceField(
        label=_("Findings of severity error"),
        required=False,
        choices=[
            ("", _("whether or not")),
            ("yes", _("when there are some")),
            ("no", _("when there are none")),
        ],
    )
    agency = forms.ChoiceField(
        label=_("Agency"),
        required=False,
        choices=[("", _("whether or not")), ("yes", _("when there is one")), ("no", _("when there is none"))],
    )
    sample_percent = FigureField(
        label=_("Share drawn by lot"),
        required=False,
        max_digits=5,
        decimal_places=2,
        units=("%",),
        help_text=_("In percent of the evaluations."),
    )
    match = forms.ChoiceField(
        label=_("Of several conditions"),
        required=False,
        initial="all",
        choices=[("all", _("all must hold")), ("any", _("one is enough"))],
    )
    days = forms.IntegerField(
        label=_("Days to act"),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
        help_text=_("Empty: the days that the campaign sets."),
    )
    on_timeout = forms.ChoiceField(
        label=_("When they have run out"),
        required=False,
        initial="remind",
        choices=[("remind", _("send a reminder")), ("escalate", _("escalate it"))],
        help_text=_("Nothing is ever approved by itself."),
    )
    escalate_to = forms.ChoiceField(
        label=_("Escalate to"),
        required=False,
        choices=[("", "—"), *((role.value, Role(role).label) for role in ESCALATION)],
    )

    def __init__(self, data: Any, *, kind: str, stage: str, prefix: str, initial: Any = None) -> None:
        super().__init__(data, prefix=prefix, initial=initial or {})
        self.kind, self.stage = kind, stage
        works = works_at(kind, stage)
        given = str((data.get(f"{prefix}-work", "") if data is not None else self.initial["work"]) or "")
        self.step_work = given if given in works else works[0]
        self.initial["work"] = self.step_work
        self.offer_whom()
        for name in self.useless_fields():
            del self.fields[name]

    def offer_whom(self) -> None:
        """Offer exactly those who may be asked; where it is one, there is nothing to choose."""
        codes = may_be_asked(self.kind, self.stage, self.step_work)
        field = self.fields["asked"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, self.words_for(code)) for code in codes]
        if len(codes) == 1:
            field.widget = forms.HiddenInput()

    def words_for(self, code: str) -> str:
        """Whom a code asks."""
        return asked_in_full(self.kind, self.stage, self.step_for(code))

    def step_for(self, code: str) -> PolicyStep:
        """A bare step that asks this code here."""
        place: Any = place_of(self.kind, self.stage, code)
        work: Any = self.step_work
        return PolicyStep(work=work, asked=code, held_at=place)

    def useless_fields(self) -> set[str]:
        """The fields that a step of this work cannot have."""
        found: set[str] = set()
        if self.step_work in ALONE or self.step_work in ("score", "answer"):
            found |= {"who", "needed", "veto"}
        if (self.stage, self.step_work) not in MAY_ADJUST:
            found.add("may_adjust")
        if self.step_work in ALWAYS_PASSED:
            found |= set(CONDITIONS)
        elif self.kind == Kind.SELF:
            found.add("agency")
        return found

    # --- for the page ------------------------------------------------------------------

    @property
    def title(self) -> str:
        return work_label(self.step_work)

    @property
    def whom(self) -> str:
        """Whom the step asks, where there is nothing to choose."""
        codes = may_be_asked(self.kind, self.stage, self.step_work)
        return self.words_for(codes[0]) if len(codes) == 1 else ""

    @property
    def hidden(self) -> list[forms.BoundField]:
        return self.hidden_fields()

    @property
    def votes(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in (*CONDITIONS, *TIMES)]

    @property
    def conditions(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in CONDITIONS]

    @property
    def times(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in TIMES]

    @property
    def has_condition(self) -> bool:
        """Whether the part about conditions is in use, or has a fault."""
        named = {**self.initial, **getattr(self, "cleaned_data", {})}
        return any(named.get(name) not in (None, "", []) for name in CONDITIONS if name != "match") or any(
            name in self.errors for name in CONDITIONS
        )

    # --- the document ------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """The step's document; what cannot be read counts as not given."""
        values = self.cleaned_data
        codes = may_be_asked(self.kind, self.stage, self.step_work)
        asked = values.get("asked", codes[0])
        asked = asked if asked in codes else codes[0]
        step = {
            "work": self.step_work,
            "asked": str(asked),
            "held_at": place_of(self.kind, self.stage, asked),
            "who": values.get("who") or "any",
            "veto": bool(values.get("veto")),
            "may_adjust": bool(values.get("may_adjust")),
            "on_timeout": values.get("on_timeout") or "remind",
            "escalate_to": values.get("escalate_to") or "",
            "condition": self.condition(),
        }
        return {**step, **{name: values[name] for name in ("needed", "days") if values.get(name)}}

    def condition(self) -> dict[str, Any]:
        """The condition's document."""
        values = self.cleaned_data
        found: dict[str, Any] = {"match": values.get("match") or "all"}
        for name in ("budget_over", "sample_percent"):
            if values.get(name) is not None:
                found[name] = as_text(values[name])
        for name in ("error_finding", "agency"):
            if values.get(name):
                found[name] = YES_OR_NO[values[name]]
        if values.get("grades"):
            found["grades"] = values["grades"]
        return found


def initial_of(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step's document as the form shows it."""
    condition = step.get("condition", {})
    shown = {True: "yes", False: "no", None: ""}
    return {
        **{name: step[name] for name in step if name not in ("condition", "held_at")},
        **{name: Decimal(condition[name]) for name in ("budget_over", "sample_percent") if name in condition},
        "grades": list(condition.get("grades", ())),
        "error_finding": shown[condition.get("error_finding")],
        "agency": shown[condition.get("agency")],
        "match": condition.get("match", "all"),
    }
