"""Screens that hand a dossier in: what the checks find is shown while it is filled in, and answered for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from approvals.actions.gate import Explanations
from approvals.findings import OF_THE_MATERIAL, Found, found_in
from approvals.findings_on_record import BY_THE_UNIT, FindingsOnRecord
from approvals.models import FindingTurn, Verb
from audit_log.errors import InvalidInput
from workflow.forms.as_typed import Typed, dossier_as_typed
from workflow.forms.explanations import ExplanationForm
from workflow.presentation.findings import counts, field_anchor, gravest_first, in_one_line, lines_now
from workflow.screens.filling import FillingScreen


class HandsIn(FillingScreen):
    """The findings of what is typed, under their rows and on top, with the fields that answer for them."""

    verbs_known: tuple[Verb, ...] = BY_THE_UNIT
    """Whose findings the person may read; an evaluator's tell the experts' points."""

    def build(self, data: Any) -> None:
        super().build(data)
        self.explanations = ExplanationForm(
            data,
            found=self.found,
            known=self.record.reasons,
            questions=self.questions(),
            typed=self.typed_before,
            concerns=self.concerns,
        )

    @cached_property
    def record(self) -> FindingsOnRecord:
        return FindingsOnRecord(self.evaluation, self.verbs_known)

    @cached_property
    def typed_dossier(self) -> Typed:
        """The dossier with what is typed in it."""
        return dossier_as_typed(self.dossier)

    @cached_property
    def found(self) -> list[Found]:
        """What the checks find in what is typed; they run once for a page."""
        typed = self.typed_dossier
        return found_in(self.evaluation, typed.dossier, typed.indicators, typed.problems)

    def questions(self) -> list[FindingTurn]:
        """What reviewers asked about findings, to be answered with the handing in."""
        return self.record.open_questions

    def concerns(self, found: Found) -> bool:
        """Whether whoever hands in here has to answer for the finding."""
        return True

    # --- handing in -----------------------------------------------------------------

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield from super().named_forms()
        yield "", self.explanations

    def form_of(self, key: str) -> tuple[Any, str]:
        if key in self.explanations.fields:
            return self.explanations, key
        return super().form_of(key)

    def said(self) -> Explanations:
        """What was said to the findings; what cannot be taken as typed counts as not said, and is refused."""
        return self.explanations.explanations()

    def hand_in(self, verb: str, **details: Any) -> HttpResponse:
        said = self.said()
        if not self.is_valid():
            return self.show_all_that_is_missing()
        answers = self.explanations.answers()
        return super().hand_in(verb, explanations=said, answers=answers, **details)

    def show_all_that_is_missing(self) -> HttpResponse:
        """The page with what cannot be read and, in the same refusal, what is not answered yet."""
        self.explanations.add_what_is_missing()
        return self.show(422)

    def place(self, error: InvalidInput) -> None:
        """A field that says already what is wrong with it is not told again."""
        told = set(self.explanations.errors)
        fields = {key: found for key, found in error.fields.items() if key not in told}
        if fields or not error.fields:
            super().place(InvalidInput(error.message, fields=fields))

    def typed_words(self) -> dict[str, str]:
        return {**super().typed_words(), **self.explanations.typed_now()}

    # --- showing ----------------------------------------------------------------------

    def findings(self) -> dict[str, Any]:
        """What _findings_summary.html takes; the rows' own findings are hung on their forms."""
        lines = lines_now(self.found, self.record)
        by_anchor = {line["anchor"]: line for line in lines}
        rows = self.row_forms()
        for row in rows:
            row.findings = []
        for each in self.found:
            place = each.finding.subject.indicator
            row = rows[place] if place is not None and place < len(rows) else None
            line = by_anchor[each.field.replace("reason", "finding", 1)]
            line["url"] = f"#{field_anchor(each, row.prefix if row else None)}"
            if row is not None:
                row.findings.append(line)
        for row in rows:
            row.findings = gravest_first(row.findings)
        shown = hashlib.sha256("|".join(each.fingerprint for each in self.found).encode()).hexdigest()[:16]
        return {
            "lines": lines,
            "counts": counts(lines),
            "words": in_one_line(lines),
            "shown": shown,
            "is_new": self.request.POST.get("findings_shown") != shown,
        }

    def row_forms(self) -> list[Any]:
        """The forms of the indicators' rows, in the dossier's order; none where they are not filled in."""
        return self.dossier.indicator_forms() if "indicators" in self.dossier.parts else []

    def live(self) -> dict[str, Any]:
        """The findings for a page that stands already: swapped in only when they are others."""
        rows = self.row_forms()
        return {"findings": self.findings(), "rows": rows, "explanations": self.explanations}

    def totals(self) -> HttpResponse:
        """The findings alone, for what is typed at this moment."""
        return render(self.request, "workflow/_findings_live.html", self.live())

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "findings": self.findings(),
            "explanations": self.explanations,
            "live_url": reverse("totals", args=[self.task.process_id, self.task.pk]),
        }


class HandsInMaterial(HandsIn):
    """The unit answers for the money alone: targets and scores are the evaluator's."""

    def concerns(self, found: Found) -> bool:
        return found.finding.code in OF_THE_MATERIAL
