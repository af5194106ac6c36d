"""The outline of an evaluation report (财预〔2020〕10号, annex 3), chapter by chapter."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from approvals.documents.report import EvaluationReport, IndicatorRow, Text
from evaluations.scoring import level1_of


@dataclass(frozen=True)
class Part:
    """A section of a chapter.

    ``code`` names its text, ``title`` stands where the outline's numbers mean
    nothing, ``shows`` names the figures printed with it.
    """

    code: str
    title: Text
    heading: Text = ""
    shows: str = ""


@dataclass(frozen=True)
class Chapter:
    """A chapter with its sections; one without sections has a single part without heading."""

    heading: Text
    parts: tuple[Part, ...] = field(default_factory=tuple)


OUTLINE: tuple[Chapter, ...] = (
    Chapter(
        _("1. Basic situation"),
        (
            Part("overview", _("project overview"), _("(1) Project overview"), "money"),
            Part("goal", _("performance goal"), _("(2) Performance goal of the project"), "goal"),
        ),
    ),
    Chapter(
        _("2. How the evaluation was done"),
        (
            Part(
                "purpose",
                _("purpose, object and scope of the evaluation"),
                _("(1) Purpose, object and scope of the evaluation"),
            ),
            Part(
                "method",
                _("principles, indicators, methods and standards"),
                _("(2) Principles, indicator system, methods and standards of the evaluation"),
            ),
            Part("course", _("course of the evaluation"), _("(3) Course of the evaluation")),
        ),
    ),
    Chapter(
        _("3. Overall evaluation and conclusion (with score table)"),
        (Part("conclusion", _("overall conclusion"), shows="scores"),),
    ),
    Chapter(
        _("4. Analysis of the indicators"),
        (
            Part("decision", _("decision of the project"), _("(1) Decision"), "indicators"),
            Part("process", _("process of the project"), _("(2) Process"), "indicators"),
            Part("output", _("output of the project"), _("(3) Output"), "indicators"),
            Part("effect", _("effect of the project"), _("(4) Effect"), "indicators"),
        ),
    ),
    Chapter(
        _("5. Main experience, problems and their causes"),
        (Part("experience", _("experience, problems and causes"), shows="problems"),),
    ),
    Chapter(_("6. Suggestions"), (Part("suggestion", _("suggestions"), shows="suggestions"),)),
    Chapter(_("7. Other matters"), (Part("other", _("other matters"), shows="notes"),)),
)

# The outline has four aspects where forms have up to six levels 1: cost belongs
# to output and satisfaction to effect, as the ministry's framework (annex 2) has it.
ASPECT_OF_LEVEL1 = {
    "决策": "decision",
    "过程": "process",
    "成本": "output",
    "产出": "output",
    "效益": "effect",
    "满意度": "effect",
}


def aspect_of(level1: str) -> str:
    """The aspect under which a level 1 is analysed; "" for a local label outside the list."""
    return ASPECT_OF_LEVEL1.get(level1_of(level1), "")


def indicators_of(report: EvaluationReport, aspect: str) -> tuple[IndicatorRow, ...]:
    """The indicators of one aspect, in their order."""
    return tuple(row for row in report.indicators if aspect_of(row.level1) == aspect)


def told_by_lists(report: EvaluationReport) -> set[str]:
    """Codes of the parts whose lists speak for themselves, so that a missing text is no gap."""
    told = {"goal": True, "suggestion": bool(report.suggestions), "other": bool(report.notes)}
    return {code for code, is_told in told.items() if is_told}
