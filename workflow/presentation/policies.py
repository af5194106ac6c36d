"""A review policy in words, and as the diagram of its procedure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.roles import HELD_AT, RIGHTS, Right, Role, codename_of
from approvals.models import RectificationState
from approvals.words import enumerated
from evaluations.models import Kind, Part, Stage
from evaluations.policies.consequences import GRADES, STATES
from evaluations.policies.document import PolicyContent
from evaluations.policies.fillable import Office, level_of
from evaluations.policies.grammar import may_be_asked
from evaluations.policies.parts import Condition, PolicyStep
from workflow.presentation.figures import plain
from workflow.presentation.spread import rule_words
from workflow.presentation.uses import words_of
from workflow.presentation.words import grade_label, stage_label

WORK_LABELS: dict[str, Any] = {
    "fill": gettext_lazy("fill in and hand in"),
    "supply": gettext_lazy("supply the material"),
    "review": gettext_lazy("review"),
    "file": gettext_lazy("accept for the record or re-check"),
    "score": pgettext_lazy("decision", "score"),
    "draft": gettext_lazy("draft the conclusion"),
    "answer": gettext_lazy("answer in writing"),
    "consider": gettext_lazy("consider the answers"),
    "sign": gettext_lazy("sign"),
    "conclude": gettext_lazy("conclude"),
}
WHO_LABELS: dict[str, Any] = {
    "any": gettext_lazy("any one of them"),
    "all": gettext_lazy("all of them together"),
    "n_of_m": gettext_lazy("a number of them"),
    "sequence": gettext_lazy("one after the other"),
}
PLACE_LABELS: dict[str, Any] = {
    "unit": gettext_lazy("at the unit"),
    "department": gettext_lazy("at the department"),
    "bureau": gettext_lazy("at the finance bureau"),
}
Section = dict[str, Any]
Numbers = Mapping[str, int]
"""How many people of the bureau hold a right, by its codename."""


# --- One step in words ------------------------------------------------------------------


def work_label(work: str) -> str:
    return capfirst(str(WORK_LABELS[work]))


def asked_words(kind: str, step: PolicyStep) -> str:
    """Whom a step asks: roles, a part that somebody is appointed to, the seats, or the addressees."""
    if step.work == "score":
        return _("Seated experts")
    if step.work == "answer":
        return _("The unit") if kind == Kind.DEPARTMENT else _("The unit and the department")
    return asked_label(kind, step.asked, level_of(kind, step))


def asked_label(kind: str, asked: str, level: str) -> str:
    """A code that may be asked, in words; of a right the roles that carry it at this level."""
    for words in (Role, Part):
        if asked in words.values:
            return capfirst(str(words(asked).label))
    roles = [role for role in Role if HELD_AT[role] == level and asked in RIGHTS[role]]
    return capfirst(_(" or ").join(str(role.label) for role in roles))


def asked_in_full(kind: str, stage: str, step: PolicyStep) -> str:
    """Whom a step asks, where a right and the one role that carries it could be taken for each other."""
    words = asked_words(kind, step)
    others = set(may_be_asked(kind, stage, step.work)) - {step.asked}
    level = level_of(kind, step)
    if not any(asked_label(kind, other, level) == words for other in others if other):
        return words
    if step.asked in Role.values:
        return _("%(people)s, by role") % {"people": words}
    right = Right(step.asked).label
    return _("%(people)s, by the right “%(right)s”") % {"people": words, "right": right}


def who_words(step: PolicyStep, number: int | None = None) -> str:
    """How many of those who are asked have to agree; ``number`` is how many there are, where it is known."""
    if step.work == "score":
        return _("everybody who has a seat")
    if step.work == "answer":
        return _("each of them") if step.is_joint else ""
    if step.who == "n_of_m" and number is not None:
        return _("%(needed)s of %(number)s") % {"needed": step.needed, "number": number}
    if step.who == "n_of_m":
        return ngettext("%(needed)s of them", "%(needed)s of them", step.needed or 0) % {
            "needed": step.needed
        }
    return str(WHO_LABELS[step.who])


def veto_words(step: PolicyStep) -> str:
    """That one vote against is enough; empty where it is not."""
    return _("one vote against returns it at once") if step.veto else ""


def condition_words(condition: Condition) -> str:
    """When a step applies; empty for always."""
    parts = list(parts_of(condition))
    if len(parts) < 2:
        return _("only with %(part)s") % {"part": parts[0]} if parts else ""
    words = (
        _("only with all of these: %(parts)s")
        if condition.match == "all"
        else _("only with one of these: %(parts)s")
    )
    return words % {"parts": _("; ").join(parts)}


def parts_of(condition: Condition) -> Iterator[str]:
    """Each part of a condition."""
    if condition.budget_over is not None:
        yield _("an annual budget over %(amount)s (10,000 yuan)") % {"amount": plain(condition.budget_over)}
    if condition.grades:
        yield _("the grade %(grades)s") % {"grades": enumerated(map(grade_label, condition.grades))}
    if condition.error_finding is not None:
        yield (
            _("a finding of severity error") if condition.error_finding else _("no finding of severity error")
        )
    if condition.agency is not None:
        yield _("an agency that carries it out") if condition.agency else _("no agency")
    if condition.sample_percent is not None:
        yield _("a lot within %(percent)s %% of the evaluations") % {
            "percent": plain(condition.sample_percent)
        }


def timeout_words(step: PolicyStep) -> str:
    """The days of a step, and what happens when they have run out."""
    days = _("the days that the campaign sets")
    if step.days is not None:
        days = ngettext("%(days)s day", "%(days)s days", step.days) % {"days": step.days}
    then = _("then a reminder is sent")
    if step.on_timeout == "escalate":
        then = _("then it is escalated to: %(role)s") % {"role": role_label(step.escalate_to)}
    return _("%(days)s; %(then)s") % {"days": days, "then": then}


def role_label(role: str) -> str:
    return str(Role(role).label) if role in Role.values else ""


def step_rows(kind: str, stage: str, step: PolicyStep) -> Iterator[tuple[str, str]]:
    """A step line by line: label and words."""
    level = level_of(kind, step)
    place = "" if step.work in ("score", "answer") or step.asked in Part.values else PLACE_LABELS[level]
    yield _("Who"), " ".join(filter(None, (asked_in_full(kind, stage, step), str(place))))
    if step.is_joint or step.work in ("review", "sign"):
        yield _("How many of them"), _("; ").join(filter(None, (who_words(step), veto_words(step))))
    if words := condition_words(step.condition):
        yield _("When"), words
    if step.may_adjust:
        yield _("Adjusting scores"), _("allowed, with a reason")
    yield _("Days"), timeout_words(step)


# --- The procedure ----------------------------------------------------------------------


def stages_in_words(
    content: PolicyContent, faults: Mapping[str, Sequence[str]] | None = None
) -> list[Section]:
    """The procedure to be read from top to bottom: stages with their steps, faults at their steps."""
    return [
        {
            "title": stage_label(each.stage),
            "steps": [
                {
                    "label": work_label(step.work),
                    "rows": list(step_rows(content.kind, each.stage, step)),
                    "faults": at_step(faults or {}, f"stages[{place}].steps[{number}]"),
                }
                for number, step in enumerate(each.steps)
            ],
        }
        for place, each in enumerate(content.stages)
        if each.steps
    ]


def step_name(content: PolicyContent, path: str) -> str:
    """Which step a path such as "stages[2].steps[0].asked" leads to."""
    place, number = (int(found) for found in re.findall(r"\[(\d+)\]", path)[:2])
    each = content.stages[place]
    words = _("%(stage)s, step %(place)s")
    return words % {"stage": stage_label(each.stage), "place": number + 1}


def at_step(faults: Mapping[str, Sequence[str]], path: str) -> list[str]:
    """What is said of a step or of one of its fields."""
    return [
        message
        for found, messages in faults.items()
        if found == path or found.startswith(f"{path}.")
        for message in messages
    ]


def diagram_of(content: PolicyContent, numbers: Numbers | None = None) -> dict[str, Any]:
    """The procedure for process_diagram.html, without a place where it stands."""
    nodes = [
        {
            "label": stage_label(each.stage),
            "state": "todo",
            "steps": [step_box(content.kind, step, numbers or {}) for step in each.steps],
        }
        for each in content.stages
        if each.steps
    ]
    nodes.append({"label": stage_label(Stage.RECTIFICATION), "state": "todo"})
    nodes.append({"label": stage_label(Stage.CLOSED), "state": "todo"})
    return {"nodes": nodes, "returns": [], "note": _("A return may lead to any completed step.")}


def step_box(kind: str, step: PolicyStep, numbers: Numbers | None = None) -> dict[str, Any]:
    """A step as a box inside of its stage: whom it asks, how many of them, and when."""
    number = (numbers or {}).get(codename_of(step.asked)) if level_of(kind, step) == "bureau" else None
    return {
        "label": asked_words(kind, step),
        "how": who_words(step, number) if step.who != "any" else "",
        "veto": veto_words(step),
        "condition": condition_words(step.condition),
        "state": "todo",
    }


def numbers_of(offices: Sequence[Office]) -> dict[str, int]:
    """How many hold each right at the bureau."""
    bureau = [office for office in offices if office.level == "bureau"]
    return {codename: len(people) for office in bureau for codename, people in office.holders.items()}


# --- What else a policy fixes -----------------------------------------------------------


def rule_rows(content: PolicyContent) -> Iterator[tuple[str, str]]:
    """The rules beside the procedure: label and words."""
    if content.kind == Kind.SELF:
        stops = (
            _("at the department, unless drawn for re-check")
            if content.stops_at_department
            else _("with the finance bureau")
        )
        yield _("A self-assessment ends"), stops
        yield (
            _("A re-check becomes a finding from a difference of more than"),
            _("%(points)s points") % {"points": plain(content.recheck_threshold)},
        )
    else:
        yield _("The panel's score"), rule_words(content.panel_rule)
    if content.note:
        yield _("Note"), content.note


def consequence_rows(content: PolicyContent) -> list[dict[str, Any]]:
    """The table of consequences in words: a row for each grade, a cell for each state."""
    table = content.consequences
    return [
        {
            "grade": grade_label(grade),
            "cells": [
                {"label": state_label(state), "words": words_of(table.named(grade, state))}
                for state in STATES
            ],
        }
        for grade in GRADES
    ]


def state_label(state: str) -> str:
    return capfirst(str(RectificationState(state).label))
