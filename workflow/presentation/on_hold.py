"""Applications on hold, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations.models import Grade, Project
from workflow import next_year
from workflow.on_hold import Holds, Row
from workflow.presentation.ledger import light_of
from workflow.presentation.words import deadline_words, grade_label
from workflow.working_days import working_days_left


def reason_words(use: Any) -> str:
    """Why an application is on hold, and until when, in whole sentences."""
    said = ngettext(
        "The result for %(year)s was graded %(grade)s and %(number)s rectification item is not closed:"
        " a similar application is on hold until it is.",
        "The result for %(year)s was graded %(grade)s and %(number)s rectification items are not closed:"
        " a similar application is on hold until all of them are.",
        use.open_items,
    )
    words = said % {
        "year": use.evaluation.fiscal_year,
        "grade": Grade(use.grade).label,
        "number": use.open_items,
    }
    if not use.overdue_items:
        return words
    late = ngettext("%(number)s of them is overdue.", "%(number)s of them are overdue.", use.overdue_items)
    return _("%(sentence)s %(next)s") % {"sentence": words, "next": late % {"number": use.overdue_items}}


def list_row(row: Row) -> dict[str, Any]:
    """One held project."""
    return {
        "use": row.use,
        "evaluation": row.use.evaluation,
        "grade_label": grade_label(row.use.grade),
        "reason": reason_words(row.use),
        "items": [
            {"item": item, "light": light_of(item), "when": deadline_words(working_days_left(item.due))}
            for item in row.items
        ],
        "similar": [similar_row(project) for project in row.similar],
    }


def similar_row(project: Any) -> dict[str, Any]:
    """A similar application, leading to an evaluation of it that the reader may see."""
    first = next(iter(project.seen), None)
    return {"project": project, "url": reverse("dossier", args=[first.pk]) if first else ""}


def hold_on(project: Project, reader: Any) -> dict[str, Any] | None:
    """What an evaluation's page says of its project; None while no application of it is on hold."""
    return notice_of(project, Holds(reader, [project.unit_id]), reader)


def with_holds(projects: Iterable[Any], reader: Any) -> None:
    """Give each of the projects its ``hold``, as ``notice_of`` says it; in one statement."""
    projects = list(projects)
    holds = Holds(reader, {project.unit_id for project in projects})
    for project in projects:
        project.hold = notice_of(project, holds, reader)


def notice_of(project: Project, holds: Holds, reader: Any) -> dict[str, Any] | None:
    """What the page of a project's evaluation says while its application is on hold; else None."""
    use = holds.of(project)
    if use is None:
        return None
    return {
        "words": reason_words(use),
        "number": use.evaluation.number,
        "url": reverse("dossier_tab", args=[use.evaluation_id, "rectification"]),
        "list_url": reverse("on_hold") if next_year.may_read(reader) else "",
    }
