"""How a person, an office, a stage, a grade is called on a page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from accounts.roles import Right, Role
from approvals.course import completed
from approvals.models import ItemStage
from approvals.procedure import Step, place_key, steps_of
from audit_log import clock
from evaluations.models import Evaluation, Grade, Part, Stage

Kind = Organization.Kind
# Which role usually answers for a right, by the organization where it is asked.
ROLE_ASKED: dict[tuple[str, str], Role] = {
    (Right.FILL_SELF_ASSESSMENT, Kind.UNIT): Role.PROJECT_LEAD,
    (Right.APPROVE_UNIT, Kind.UNIT): Role.UNIT_APPROVER,
    (Right.REVIEW_DEPARTMENT, Kind.DEPARTMENT): Role.DEPARTMENT_REVIEWER,
    (Right.RUN_EVALUATION, Kind.DEPARTMENT): Role.DEPARTMENT_REVIEWER,
    (Right.CONCLUDE, Kind.DEPARTMENT): Role.DEPARTMENT_HEAD,
    (Right.VERIFY_DEPARTMENT, Kind.DEPARTMENT): Role.DEPARTMENT_REVIEWER,
    (Right.REVIEW_FINANCE, Kind.BUREAU): Role.FINANCE_OFFICER,
    (Right.RUN_EVALUATION, Kind.BUREAU): Role.FINANCE_OFFICER,
    (Right.CONCLUDE, Kind.BUREAU): Role.FINANCE_CHIEF,
    (Right.VERIFY_FINANCE, Kind.BUREAU): Role.FINANCE_OFFICER,
    (Right.CARRY_OUT_RECTIFICATION, Kind.UNIT): Role.PROJECT_LEAD,
}


def role_asked(right: str, organization: Organization | None) -> str:
    """The role that a step waits for; empty where a seat is asked, not a role."""
    if organization and right.startswith("as_"):
        return str(Role(right.removeprefix("as_")).label)
    role = ROLE_ASKED.get((right, organization.kind)) if organization else None
    return str(role.label) if role else ""


def stage_label(stage: str) -> str:
    """The words of an evaluation's or an item's stage."""
    for stages in (Stage, ItemStage):
        if stage in stages.values:
            return capfirst(str(stages(stage).label))
    return stage


def return_choices(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Where the dossier can be returned to, for a form: every completed step, the unit's first."""
    return [(place_key(*step.position), step_label(evaluation, step)) for step in completed(evaluation)]


def step_label(evaluation: Evaluation, step: Step) -> str:
    """The stage, with whom the step asks where the stage has several steps."""
    several = sum(each.stage == step.stage for each in steps_of(evaluation)) > 1
    return f"{stage_label(step.stage)} · {asked_label(step)}" if several else stage_label(step.stage)


def asked_label(step: Step) -> str:
    """Whom a step asks, in words: a role, whoever holds a right, or a part."""
    assert step.policy is not None
    asked = step.policy.asked
    for words in (Role, Part, Right):
        if asked in words.values:
            return capfirst(str(words(asked).label))
    return _("seated experts") if step.asks_seats else _("the unit and its department")


def item_stage_label(stage: str) -> str:
    """The words of an item's stage: a closed item is called otherwise than a closed evaluation."""
    return capfirst(str(ItemStage(stage).label))


def grade_label(grade: str) -> str:
    """The grade in the reader's language."""
    return capfirst(str(Grade(grade).label)) if grade else ""


def short_date(day: date | None) -> str:
    """A date without its year while that is this year."""
    if day is None:
        return ""
    # Translators: day and month of a date, in the letters of Django's date filter.
    return date_format(day, _("j M") if day.year == clock.today().year else "DATE_FORMAT")


def deadline_words(days: int | None) -> str:
    """What deadline_tag.html says, as words inside of a sentence."""
    if days is None:
        return ""
    if days < 0:
        words = ngettext("Overdue by %(number)s working day", "Overdue by %(number)s working days", -days)
    elif days == 0:
        return _("Due today")
    else:
        words = ngettext("%(number)s working day left", "%(number)s working days left", days)
    return words % {"number": abs(days)}


def holder_of(task: Any) -> str:
    """Who has the step in hand, or which role at which office it waits for."""
    if task.owner_id:
        return str(task.owner)
    role = role_asked(task.right, task.organization)
    return " · ".join(part for part in (str(task.organization or ""), role) if part)
