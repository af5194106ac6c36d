"""A review policy's draft as one form: its stages, its rules, and where each fault belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import UseOfResult
from audit_log.errors import InvalidInput
from evaluations.actions.version_life import fields_of
from evaluations.document_changes import digest_of
from evaluations.models import Kind
from evaluations.policies.arrangement import may_go, may_swap, place_for_one_more
from evaluations.policies.consequences import STATES
from evaluations.policies.document import PolicyContent
from evaluations.policies.grammar import GRAMMAR
from evaluations.scoring.panel import PANEL_RULES
from evaluations.strict_json import DocumentFaults, read
from workflow.forms.figures import FigureField
from workflow.forms.policy_rows import number_of_steps
from workflow.forms.policy_steps import StepForm, initial_of
from workflow.forms.policy_terms import TermsForms
from workflow.forms.rules import as_text
from workflow.presentation.policies import state_label
from workflow.presentation.spread import rule_words
from workflow.presentation.words import grade_label, stage_label

STEP_PATH = re.compile(r"stages\[(?P<stage>\d+)\](?:\.steps)?(?:\[(?P<step>\d+)\])?\.?(?P<key>.*)")
ROW_PATH = re.compile(r"consequences\.rows\[(?P<row>\d+)\]\.?(?P<state>\w*)\.?(?P<key>\w*)")


class PolicyGeneralForm(forms.Form):
    """What the policy is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the policy's name.")},
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)


class RulesForm(forms.Form):
    """The rules beside the procedure: which of them there are depends on the kind."""

    stops_at_department = forms.BooleanField(
        label=gettext_lazy("A self-assessment ends at the department, unless it is drawn for re-check"),
        required=False,
    )
    recheck_threshold = FigureField(
        label=gettext_lazy("A re-check becomes a finding from a difference of more than (points)"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
    )
    panel_rule = forms.ChoiceField(label=gettext_lazy("The panel's score"))

    def __init__(self, data: Any, *, kind: str, initial: Any) -> None:
        super().__init__(data, prefix="rules", initial=initial)
        rules = self.fields["panel_rule"]
        assert isinstance(rules, forms.ChoiceField)
        rules.choices = [(rule, rule_words(rule)) for rule in PANEL_RULES]
        for name in ("panel_rule",) if kind == Kind.SELF else ("stops_at_department", "recheck_threshold"):
            del self.fields[name]

    def document(self) -> dict[str, Any]:
        """The keys of the policy that stand here."""
        return {
            name: as_text(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
        }


class ConsequenceForm(forms.Form):
    """What follows from one grade, in each state of rectification."""

    def __init__(self, data: Any, *, place: int, row: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=f"consequences-{place}")
        self.grade = row["grade"]
        for state in STATES:
            stored = row[state] if isinstance(row[state], Mapping) else {"use": row[state]}
            label = state_label(state)
            self.fields[f"{state}_use"] = forms.ChoiceField(
                label=label, choices=UseOfResult.choices, initial=stored["use"]
            )
            percent = stored.get("percent")
            self.fields[f"{state}_percent"] = FigureField(
                label=_("%(state)s: cut by") % {"state": label},
                required=False,
                units=("%",),
                max_digits=5,
                decimal_places=2,
                initial=None if percent is None else Decimal(percent),
            )

    @property
    def title(self) -> str:
        return grade_label(self.grade)

    def document(self) -> dict[str, Any]:
        return {"grade": self.grade, **{state: self.use_at(state) for state in STATES}}

    def use_at(self, state: str) -> Any:
        use = self.cleaned_data.get(f"{state}_use") or "keep"
        percent = self.cleaned_data.get(f"{state}_percent")
        return use if percent is None else {"use": use, "percent": as_text(percent)}


class StageForms:
    """The steps of one stage, with which of them may be added, removed and moved."""

    def __init__(self, data: Any, *, kind: str, stage: str, stored: list[dict[str, Any]]) -> None:
        self.kind, self.stage = kind, stage
        rows = stored if data is None else [{}] * number_of_steps(data, stage)
        self.forms = [
            StepForm(
                data,
                kind=kind,
                stage=stage,
                prefix=f"{stage}-{place}",
                initial=initial_of(row) if row else None,
            )
            for place, row in enumerate(rows)
        ]

    @property
    def title(self) -> str:
        return stage_label(self.stage)

    @property
    def works(self) -> list[str]:
        return [form.step_work for form in self.forms]

    @property
    def may_grow(self) -> bool:
        return place_for_one_more(self.kind, self.stage, self.works) is not None

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each step with the buttons that it has."""
        for place, form in enumerate(self.forms):
            yield {
                "form": form,
                "number": place + 1,
                "verb": f"{self.stage}:{place}",
                "may_go": may_go(self.kind, self.stage, self.works, place),
                "may_rise": may_swap(self.kind, self.stage, self.works, place, place - 1),
                "may_sink": may_swap(self.kind, self.stage, self.works, place, place + 1),
            }


class PolicyForm:
    """The parts of a draft, bound to ``data`` or showing its document."""

    def __init__(self, document: Mapping[str, Any], data: Any = None) -> None:
        self.document, self.kind = document, str(document["kind"])
        self.general = PolicyGeneralForm(
            data, prefix="general", initial={"name": document["name"], "note": document.get("note", "")}
        )
        rules = {**document, "recheck_threshold": Decimal(document["recheck_threshold"])}
        self.rules = RulesForm(data, kind=self.kind, initial=rules)
        stored = {each["stage"]: each["steps"] for each in document["stages"]}
        self.stages = [
            StageForms(data, kind=self.kind, stage=str(stage), stored=stored.get(stage, []))
            for stage in GRAMMAR[self.kind]
        ]
        self.consequences = [
            ConsequenceForm(data, place=place, row=row)
            for place, row in enumerate(document["consequences"]["rows"])
        ]
        self.terms = TermsForms(data, document["rectification"])
        self.seen = digest_of(document) if data is None else str(data.get("seen", ""))

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        """Every single form with the words that name it."""
        yield "", self.general
        for stage in self.stages:
            for place, form in enumerate(stage.forms, start=1):
                words = _("%(stage)s, step %(place)s") % {"stage": stage.title, "place": place}
                yield words, form
        yield "", self.rules
        for row in self.consequences:
            yield row.title, row
        yield from self.terms.named_forms()

    def is_valid(self) -> bool:
        faulty = [form for _name, form in self.named_forms() if not form.is_valid()]
        return not faulty

    def changed(self) -> dict[str, Any]:
        """The document as typed; what cannot be read stays as stored. Call it after ``is_valid``."""
        general = self.general.cleaned_data
        return {
            **self.document,
            "name": general.get("name", self.document["name"]),
            "note": general.get("note", ""),
            **self.rules.document(),
            "stages": [
                {"stage": stage.stage, "steps": [form.document() for form in stage.forms]}
                for stage in self.given_stages()
            ],
            "consequences": {"rows": [row.document() for row in self.consequences]},
            "rectification": self.terms.document(),
        }

    def given_stages(self) -> list[StageForms]:
        """The stages that have steps, as the document has them."""
        return [stage for stage in self.stages if stage.forms]

    # --- the procedure as typed ---------------------------------------------------------

    def content(self) -> PolicyContent:
        """The policy as it stands in the form, whether or not it could be saved."""
        if not self.general.is_bound:
            return PolicyContent.from_json(self.document)
        self.is_valid()
        found: PolicyContent = read(PolicyContent, self.changed())
        return found

    def find_faults(self) -> bool:
        """Put every fault of the policy at its field; False when there is none."""
        if not self.is_valid():
            return True
        try:
            PolicyContent.from_json(self.changed())
        except DocumentFaults as error:
            self.place(InvalidInput("", fields=fields_of(error.faults)))
            return True
        return False

    # --- faults ------------------------------------------------------------------------

    def place(self, error: InvalidInput) -> None:
        """Put each message at the field that its path in the document names."""
        for path, messages in error.fields.items():
            form, field = self.form_of(path)
            for message in messages:
                form.add_error(field if field in form.fields else None, str(message))

    def form_of(self, path: str) -> tuple[forms.Form, str]:
        """The form and the field behind a path such as "stages[2].steps[0].condition.grades"."""
        if found := ROW_PATH.fullmatch(path):
            field = f"{found['state']}_{found['key'] or 'use'}"
            return self.consequences[int(found["row"])], field
        if found := STEP_PATH.fullmatch(path):
            steps = self.given_stages()[int(found["stage"])].forms
            return steps[int(found["step"] or 0)], found["key"].rpartition(".")[2]
        if path.startswith("rectification."):
            return self.terms.form_of(path)
        if path in self.rules.fields:
            return self.rules, path
        return self.general, path
