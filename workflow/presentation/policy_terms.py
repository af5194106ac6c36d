"""The terms of rectification of a review policy, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import Severity
from approvals.words import enumerated
from evaluations.policies.terms import DEFAULT_TERMS, SEVERITIES, RectificationTerms, Rungs
from workflow.presentation.words import grade_label


def terms_of(terms: RectificationTerms) -> dict[str, Any]:
    """What a page shows: rows of label and words, and a table with a row for each severity."""
    return {
        "rows": list(term_rows(terms)),
        "ladder": ladder_rows(terms),
        "is_default": terms == DEFAULT_TERMS,
    }


def term_rows(terms: RectificationTerms) -> Iterator[tuple[str, str]]:
    """What holds for every item: label and words."""
    yield _("Measures are planned within"), calendar_days(terms.measures_days)
    yield _("An objection is raised within"), calendar_days(terms.objection_days)
    yield _("Extensions of one item at most"), str(terms.extensions)
    yield (
        _("Grades that put next year's similar application on hold"),
        enumerated(map(grade_label, terms.holding)) if terms.holding else _("none"),
    )


def calendar_days(number: int) -> str:
    words = ngettext(
        "%(days)s calendar day from the receipt", "%(days)s calendar days from the receipt", number
    )
    return words % {"days": number}


def ladder_rows(terms: RectificationTerms) -> list[dict[str, Any]]:
    """The reminders by severity, a cell for each kind of them."""
    return [
        {
            "severity": severity_label(severity),
            "cells": [
                {"label": label, "words": words} for label, words in rung_cells(terms.ladder.of(severity))
            ],
        }
        for severity in SEVERITIES
    ]


def rung_cells(rungs: Rungs) -> Iterator[tuple[str, str]]:
    """When somebody is told, in working days from the due date."""
    yield _("Reminded before the date"), listed(rungs.before)
    yield _("Reminded when overdue"), listed(rungs.overdue)
    yield _("Department head told after"), told_after(rungs.head_after)
    yield _("Finance chief told after"), told_after(rungs.chief_after)


def listed(days: tuple[int, ...]) -> str:
    if not days:
        return _("not reminded")
    number = days[0] if len(days) == 1 else len(days)
    return working_days(number, enumerated(map(str, days)))


def told_after(day: int | None) -> str:
    return _("never told") if day is None else working_days(day, str(day))


def working_days(number: int, words: str) -> str:
    return ngettext("%(days)s working day", "%(days)s working days", number) % {"days": words}


def severity_label(severity: str) -> str:
    return capfirst(str(Severity(severity).label))
