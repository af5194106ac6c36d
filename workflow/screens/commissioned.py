"""The screens of department and finance evaluations: experts, draft and final conclusion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import Decision, FindingTurn, Verb
from evaluations.computed import latest_scores, points_of, total_from
from evaluations.dossier import StatedResult
from evaluations.models import Indicator, Score, ScoreSource
from workflow import services
from workflow.forms.as_typed import Typed, dossier_as_typed
from workflow.forms.dossier import REPORT
from workflow.forms.review import ConclusionForm, OpinionForm, ReviewForm
from workflow.presentation.exchange import exchange_shown
from workflow.presentation.findings import add_findings, lines_now
from workflow.presentation.live_totals import grade_letter
from workflow.presentation.own_scores import add_own_scores
from workflow.presentation.returned import things_of
from workflow.presentation.scores import score_table
from workflow.presentation.spread import add_spread, panel_summary
from workflow.presentation.words import return_choices
from workflow.screens.base import Handler, verb
from workflow.screens.conclusion import ConclusionScreen, GradesTotal
from workflow.screens.findings_turned import ShowsFindings, TurnsFindings
from workflow.screens.handing_in import HandsIn
from workflow.screens.shown_scores import GivesScores


class ExpertScreen(ShowsFindings, GivesScores):
    """A seated expert scores every indicator, seeing nobody else's scores."""

    template_name = "workflow/task_scoring.html"

    def build(self, data: Any) -> None:
        super().build(data)
        self.words = OpinionForm(data, initial=self.typed_before)

    def visible_scores(self) -> QuerySet[Score]:
        own = super().visible_scores()
        return own.exclude(source=ScoreSource.EXPERT) | own.filter(given_by=self.user)

    def scored_indicators(self) -> list[Indicator]:
        return self.indicators

    def prefilled(self) -> dict[int, Decimal | None]:
        """What the same expert gave in an earlier round."""
        own = latest_scores(self.indicators, ScoreSource.EXPERT)
        return {row.pk: points_of(own[row.pk]) for row in self.indicators}

    def table(self) -> dict[str, Any]:
        """Computed scores only where a rule gives any."""
        computable = any(row.points is not None for row in self.sheet.scored.indicators)
        self.sheet.columns = {
            party: column
            for party, column in self.sheet.columns.items()
            if party != ScoreSource.EXPERT and (computable or column.round)
        }
        table = score_table(self.sheet, self.evaluation.round, evidence_url=self.evidence_url)
        table = add_own_scores(table, self.sheet, self.scores, _("Your own score"), reason_label=_("Opinion"))
        return add_findings(table, self.sheet, self.finding_lines())

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield "", self.scores
        yield "", self.words

    def handlers(self) -> dict[str, Handler]:
        return {"save": self.save, "recalculate": self.show_again, Verb.SCORE: self.give}

    def give(self) -> HttpResponse:
        faulty = [form for form in (self.scores, self.words) if not form.is_valid()]
        if faulty:
            return self.show(422)
        opinion = self.words.cleaned_data["opinion"]
        return self.perform(Verb.SCORE, scores=self.scores.given(), opinion=opinion)

    def save(self) -> HttpResponse:
        services.keep_typed(**self.key, typed=self.typed_now(self.scores, self.words))
        time = timezone.localtime().strftime("%H:%M")
        messages.success(self.request, _("Saved at %(time)s.") % {"time": time})
        return redirect(self.url)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "words": self.words}


class DraftScreen(GradesTotal, TurnsFindings, HandsIn):
    """The evaluator drafts the conclusion and the report out of the panel's scores."""

    template_name = "workflow/task_draft.html"
    parts = REPORT
    takes_files = False

    def build_words(self, data: Any) -> None:
        initial = {"total": self.suggested_total(), "conclusion": self.evaluation.draft_conclusion}
        self.words = self.total_form = ConclusionForm(data, initial={**initial, **self.typed_before})
        targets = return_choices(self.evaluation) if self.task.is_open else []
        things = things_of(self.evaluation) if targets else []
        self.review = ReviewForm(data, targets=targets, things=things, initial=self.typed_before)

    def suggested_total(self) -> Decimal | None:
        """The earlier draft's total; else what the panel's means come to."""
        rows = list(self.evaluation.indicators.prefetch_related("scores"))
        return self.evaluation.draft_total or total_from(self.evaluation, rows, ScoreSource.EXPERT)

    @cached_property
    def typed_dossier(self) -> Typed:
        """The report as typed, with the experts' means and the total that is put to the unit."""
        typed = dossier_as_typed(self.dossier, ScoreSource.EXPERT)
        total = self.typed_total()
        grade = grade_letter(self.evaluation, total)
        stated = StatedResult(total=total, grade=grade or None)
        return replace(typed, dossier=replace(typed.dossier, stated=stated))

    def table(self) -> dict[str, Any]:
        table = add_spread(super().table(), self.sheet)
        return add_findings(table, self.sheet, lines_now(self.found, self.record))

    def totals(self) -> HttpResponse:
        """The grade of the total as typed, with the findings."""
        return render(self.request, "workflow/_grade_live.html", {**self.grade(), **self.live()})

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield from super().named_forms()
        yield "", self.review
        if self.item_form.is_bound:
            yield _("Rectification item"), self.item_form

    def form_of(self, key: str) -> tuple[Any, str]:
        if key in self.review.fields:
            return self.review, key
        return super().form_of(key)

    def handlers(self) -> dict[str, Handler]:
        return {
            **super().handlers(),
            Verb.DRAFT: self.draft,
            Verb.RETURN: self.send_back,
        }

    def questions(self) -> list[FindingTurn]:
        """Questions are the unit's to answer."""
        return []

    def typed_words(self) -> dict[str, str]:
        return {**super().typed_words(), **self.typed_now(self.turns)}

    def draft(self) -> HttpResponse:
        said, valid = self.said(), self.is_valid()
        if not self.total_form.require_total() or not valid:
            return self.show_all_that_is_missing()
        details = {**self.total_form.cleaned_data, "explanations": said}
        return self.perform(Verb.DRAFT, changes=self.dossier.changes(), **details)

    def send_back(self) -> HttpResponse:
        if not self.review.is_valid():
            return self.show(422)
        opinion = str(self.review["opinion"].value() or "")
        return self.perform(Verb.RETURN, opinion=opinion, **self.review.way_back())

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "review": self.review,
            "opinions": self.expert_opinions(),
            "panel": panel_summary(self.sheet),
            "exchange": exchange_shown(self.evaluation),
            "verbs": {
                "primary": verb(_("Put the draft to the unit"), Verb.DRAFT),
                "danger": verb(_("Return for changes"), Verb.RETURN),
                "others": [verb(_("Save draft"), "save")],
            },
        }

    def expert_opinions(self) -> list[Decision]:
        """What each expert said on the whole, in this round's or the last scoring."""
        given = [found for found in self.decisions if found.verb == Verb.SCORE]
        latest = max((found.round for found in given), default=0)
        return [found for found in given if found.round == latest]


class CommissionedConclusionScreen(ConclusionScreen):
    """The evaluator concludes, with the exchange of views before its eyes."""

    def table(self) -> dict[str, Any]:
        return add_spread(super().table(), self.sheet)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "exchange": exchange_shown(self.evaluation)}
