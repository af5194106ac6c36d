"""A dry run in words: each step, who would be asked, and why a step is passed by."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.course import Ground
from approvals.dry_run import Candidate, DryStep
from approvals.words import enumerated
from evaluations.models import Evaluation
from workflow.presentation.figures import plain
from workflow.presentation.policies import asked_words, who_words, work_label
from workflow.presentation.words import grade_label, stage_label

BARS: dict[str, Any] = {
    "leads": gettext_lazy("leads the project"),
    "took_part": gettext_lazy("filled it in, handed it in or decided at another step"),
    "acts_earlier": gettext_lazy("is needed at an earlier step"),
}


def dry_rows(evaluation: Evaluation, found: Iterable[DryStep]) -> dict[str, Any]:
    """Every step for the page, and how many of them are passed by or would get stuck."""
    rows = [dry_row(evaluation, row) for row in found]
    return {
        "rows": rows,
        "passed_by": sum(row["is_passed_by"] for row in rows),
        "stuck": sum(row["is_stuck"] for row in rows),
    }


def dry_row(evaluation: Evaluation, row: DryStep) -> dict[str, Any]:
    """One step."""
    assert row.step.policy is not None
    policy = row.step.policy
    return {
        "stage": stage_label(row.step.stage),
        "work": work_label(policy.work),
        "whom": asked_words(evaluation.kind, policy),
        "how": who_words(policy, len(row.asked)) if policy.is_joint else "",
        "where": enumerated(str(office) for office in row.offices),
        "asked": enumerated(str(person) for person in row.asked),
        "stand_ins": [stand_in_words(each) for each in row.candidates if each.stand_ins],
        "barred": [barred_words(each) for each in row.candidates if each.bar],
        "grounds": [ground_words(ground) for ground in row.grounds],
        "is_passed_by": not row.applies,
        "is_uncertain": not row.applies and any(ground.found in (None, "") for ground in row.grounds),
        "is_stuck": row.is_stuck,
        "stuck": stuck_words(row),
    }


def stuck_words(row: DryStep) -> str:
    """Why the evaluation would wait there for ever; empty when it would not."""
    if not row.is_stuck:
        return ""
    if row.step.part:
        return _("Nobody has been appointed to this part of the evaluation yet.")
    if row.step.asks_seats:
        return _("No expert has a seat yet.")
    if row.needed > 1:
        words = _("%(needed)s people have to agree, and only %(found)s could be asked.")
        return words % {"needed": row.needed, "found": len(row.asked)}
    return _("Nobody could act at this step.")


def stand_in_words(candidate: Candidate) -> str:
    """Who may act for somebody who would be asked."""
    stand_ins = enumerated(str(person) for person in candidate.stand_ins)
    return _("%(stand_ins)s may act for %(person)s today") % {
        "stand_ins": stand_ins,
        "person": candidate.person,
    }


def barred_words(candidate: Candidate) -> str:
    words = _("%(person)s is not asked: %(reason)s")
    return words % {"person": candidate.person, "reason": BARS[candidate.bar]}


def ground_words(ground: Ground) -> str:
    """One part of the condition with the figure that decided it."""
    match ground.part:
        case "budget_over":
            return budget_words(ground)
        case "grades":
            return grades_words(ground)
        case "error_finding":
            return (
                _("has a finding of severity error")
                if ground.found
                else _("has no finding of severity error")
            )
        case "agency":
            return _("an agency carries it out") if ground.found else _("no agency carries it out")
    words = (
        _("drawn: its lot %(lot)s %% lies below %(percent)s %%")
        if ground.is_met
        else _("not drawn: its lot %(lot)s %% does not lie below %(percent)s %%")
    )
    return words % {"lot": two_places(ground.found or Decimal(0)), "percent": plain(Decimal(ground.asked))}


def budget_words(ground: Ground) -> str:
    """The annual budget beside the limit; that it is not known, while nobody has entered it."""
    limit = two_places(ground.asked)
    if ground.found is None:
        unknown = _("the annual budget is not known yet; asked for: over %(limit)s (10,000 yuan)")
        return unknown % {"limit": limit}
    words = (
        _("annual budget %(found)s (10,000 yuan) is over %(limit)s")
        if ground.is_met
        else _("annual budget %(found)s (10,000 yuan) is not over %(limit)s")
    )
    return words % {"found": two_places(ground.found), "limit": limit}


def grades_words(ground: Ground) -> str:
    """The grade that there is, and those that were asked for."""
    asked = enumerated(grade_label(grade) for grade in str(ground.asked))
    if not ground.found:
        return _("there is no grade yet; asked for: %(grades)s") % {"grades": asked}
    words = _("the grade is %(grade)s; asked for: %(grades)s")
    return words % {"grade": grade_label(str(ground.found)), "grades": asked}


def two_places(figure: Decimal | str | bool) -> str:
    return f"{Decimal(figure):.2f}"
