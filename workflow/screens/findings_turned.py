"""Findings in a review: the list as it was handed in, and the four things to do with each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.actions.turn_finding import field_of
from approvals.findings_on_record import BY_THE_UNIT, HANDED_IN, FindingsOnRecord
from approvals.models import FindingTurn, RecordedFinding
from approvals.procedure import TURNS_FINDINGS
from audit_log.errors import InvalidInput, NotFound
from evaluations.checks import NOTE
from evaluations.models import Problem
from workflow import services
from workflow.blind_scoring import blind_scoring
from workflow.forms.items_proposed import ItemForm
from workflow.forms.turns import TurnForm
from workflow.presentation.findings import (
    Line,
    add_findings,
    counts,
    findings_cell,
    in_one_line,
    lines_on_record,
    requirement_from,
)
from workflow.screens.base import Handler
from workflow.screens.items_proposed import ProposesItems
from workflow.screens.shown_scores import GivesScores, ShowsScores
from workflow.whole_numbers import whole_number


class ShowsFindings(ShowsScores):
    """The findings as handed in, under the rows of the score table and in a list of their own."""

    @cached_property
    def record(self) -> FindingsOnRecord:
        """A draft's findings tell the experts' points: not for everybody at every time."""
        sees_drafts = blind_scoring(self.user, self.evaluation).sees_what_the_evaluator_made
        return FindingsOnRecord(self.evaluation, HANDED_IN if sees_drafts else BY_THE_UNIT)

    def finding_lines(self) -> list[Line]:
        """The findings for the page, the gravest first."""
        return lines_on_record(self.record)

    def table(self) -> dict[str, Any]:
        return add_findings(super().table(), self.sheet, self.finding_lines())

    def cells(self) -> list[dict[str, Any]]:
        return [*super().cells(), findings_cell(self.finding_lines(), "#findings")]

    def context(self) -> dict[str, Any]:
        lines = self.finding_lines()
        return {
            **super().context(),
            "finding_lines": lines,
            "finding_counts": self.counts_with_state(lines),
            "findings_words": in_one_line(lines),
            "findings_url": reverse("dossier_tab", args=[self.evaluation.pk, "findings"]),
        }

    @staticmethod
    def counts_with_state(lines: list[Line]) -> list[dict[str, Any]]:
        """How many of each severity; notes stay folded unless something is typed or wrong at one."""
        busy = {line["severity"] for line in lines if is_busy(line)}
        return [{**count, "is_open": count["severity"] != NOTE or NOTE in busy} for count in counts(lines)]


def is_busy(line: Line) -> bool:
    """Whether something is typed or wrong at a finding's field."""
    field = line.get("turn_field")
    return field is not None and bool(field.errors or field.value())


class TurnsFindings(ProposesItems, ShowsFindings):
    """Ask the unit, adjust the score, make it a rectification item, or dismiss it with a reason."""

    def build(self, data: Any) -> None:
        super().build(data)
        self.turns = self.make_turns(data)

    def make_turns(self, data: Any) -> TurnForm:
        findings = self.record.latest if self.may_turn else []
        return TurnForm(data, findings=findings, typed=self.typed_before)

    @property
    def may_turn(self) -> bool:
        """The unit's approver reads the findings only."""
        return self.task.stage in TURNS_FINDINGS

    @property
    def may_ask(self) -> bool:
        """Whether the unit can be asked: the dossier has to be able to go back to it."""
        return True

    def handlers(self) -> dict[str, Handler]:
        turns: dict[str, Handler] = {
            "ask": self.ask,
            "withdraw_question": self.withdraw_question,
            "dismiss": self.dismiss,
            "finding_item": self.prefill_item,
        }
        return {**super().handlers(), **(turns if self.may_turn else {})}

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield from super().named_forms()
        yield "", self.turns

    def form_of(self, key: str) -> tuple[Any, str]:
        return (self.turns, key) if key in self.turns.fields else super().form_of(key)

    def subject_finding(self) -> RecordedFinding:
        """The finding that the posted verb names. Raises NotFound for none of this handing in."""
        number = whole_number(self.subject)
        found = next((found for found in self.record.latest if found.pk == number), None)
        if found is None:
            raise NotFound()
        return found

    def ask(self) -> HttpResponse:
        """Ask the unit; the page comes back with everything that was typed."""
        return self.turned(
            lambda finding, text: services.ask(
                finding=finding, actor=self.user, task=self.task, question=text
            ),
            _("The unit was told. It answers when the dossier is back with it."),
        )

    def withdraw_question(self) -> HttpResponse:
        """Withdraw a question that the posted verb names. Raises NotFound for none of this step."""
        number = whole_number(self.subject)
        question = next((turn for turn in self.own_questions() if turn.pk == number), None)
        if question is None:
            raise NotFound()
        services.withdraw_question(question=question, actor=self.user, task=self.task)
        del self.record
        messages.success(self.request, _("The question was withdrawn. It stays on record."))
        return self.show()

    def own_questions(self) -> list[FindingTurn]:
        """What this step asked the unit, and nobody has answered yet."""
        return [turn for turn in self.record.open_questions if turn.stage == self.task.stage]

    def dismiss(self) -> HttpResponse:
        """Dismiss the finding with a reason."""
        return self.turned(
            lambda finding, text: services.dismiss(
                finding=finding, actor=self.user, task=self.task, reason=text
            ),
            _("The finding was dismissed. It stays on record with your reason."),
        )

    def turned(self, turn: Callable[[RecordedFinding, str], FindingTurn], words: str) -> HttpResponse:
        """Do something with the finding that the posted verb names."""
        finding = self.subject_finding()
        turn(finding, self.turns.text(finding))
        data = self.request.POST.copy()
        data[field_of(finding)] = ""
        del self.record  # what was just done stands there too
        self.turns = self.make_turns(data)
        messages.success(self.request, words)
        return self.show()

    def taken_from(self, finding: RecordedFinding) -> str:
        """What was typed at the finding, which goes on from here: its box is emptied."""
        text = self.turns.text(finding)
        data = self.request.POST.copy()
        data[field_of(finding)] = ""
        self.turns = self.make_turns(data)
        return text

    def prefill_item(self) -> HttpResponse:
        """The fields of a rectification item, with what was typed at the finding, else what it says."""
        finding = self.subject_finding()
        problem = Problem.objects.filter(evaluation=self.evaluation, text=finding.subject).first()
        self.item_form = ItemForm(
            None,
            evaluation=self.evaluation,
            ground=finding,
            requirement=self.taken_from(finding) or requirement_from(finding),
            problem=problem,
        )
        return self.show()

    def perform(self, verb: str, **details: Any) -> HttpResponse:
        """Decide, unless something is typed at a finding with which nothing was done yet."""
        words = _("A question or reason stands at a finding: choose what to do with it, or clear it.")
        if self.turns.typed_at:
            raise InvalidInput(words, fields={field: [words] for field in self.turns.typed_at})
        return super().perform(verb, **details)

    def finding_lines(self) -> list[Line]:
        lines = super().finding_lines()
        for line in lines if self.may_turn else []:
            line["turn_field"] = self.turns[f"turn-{line['pk']}"]
            line["questions"] = [turn for turn in self.own_questions() if turn in line["turns_made"]]
            line["adjusts"] = self.adjusts(line)
        return lines

    def adjusts(self, line: Line) -> bool:
        """Whether a finding's score can be adjusted here."""
        return False


class AdjustsScores(TurnsFindings, GivesScores):
    """A finding leads to an own score: its row is prefilled, the decision gives it."""

    def handlers(self) -> dict[str, Handler]:
        return {**super().handlers(), "adjust": self.prefill_score}

    def adjusts(self, line: Line) -> bool:
        return any(row.pk == line["indicator_id"] for row in self.scores.indicators)

    def prefill_score(self) -> HttpResponse:
        """The finding's score row, with what the rule gives and what was typed; nothing is decided yet."""
        finding = self.subject_finding()
        row = next((row for row in self.indicators if row.pk == finding.indicator_id), None)
        if row is None or row not in self.scores.indicators:
            raise InvalidInput(_("No score can be adjusted by this finding here."))
        data = self.request.POST.copy()
        computed = self.sheet.scored.indicators[self.indicators.index(row)].points
        if computed is not None:
            data[f"score-{row.pk}"] = f"{computed:.2f}"
        data[f"reason-{row.pk}"] = self.taken_from(finding) or finding.message
        data[f"findings-{row.pk}"] = f"{data.get(f'findings-{row.pk}', '')} {finding.pk}".strip()
        self.scores = self.make_scores(data)
        messages.info(self.request, _("The score's row is prefilled: look it over; the decision gives it."))
        return self.show()
