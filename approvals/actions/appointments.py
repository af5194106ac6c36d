"""What appointing somebody to a part rests on, and who is still to be appointed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import holders_at
from accounts.models import User
from accounts.roles import Right
from approvals.actions.independence import NO_JUDGEMENT
from approvals.course import Facts, applies, appointed_to, steps_ahead
from approvals.models import Decision
from audit_log.errors import ConflictOfInterest, InvalidInput
from evaluations.models import Appointment, Evaluation, Kind, Part

# The right to see an evaluation that goes with a part in it.
TAKE_PART = "take_part"


def parts_missing(evaluation: Evaluation) -> list[str]:
    """The parts that a coming step of the policy asks for and nobody has, in their order."""
    facts = Facts(evaluation)
    asked = [step.part for step in steps_ahead(evaluation) if step.part and applies(step, evaluation, facts)]
    return [part for part in dict.fromkeys(asked) if appointed_to(evaluation, part) is None]


def require_parts_ahead(evaluation: Evaluation) -> None:
    """Raises InvalidInput for each part that a coming step asks for and nobody has."""
    fields: dict[str, list[Any]] = {
        f"appoint-{part}": [_("Appoint the %(part)s first.") % {"part": Part(part).label}]
        for part in parts_missing(evaluation)
    }
    if fields:
        raise InvalidInput(_("Somebody has to be appointed first."), fields=fields)


def require_outsider(evaluation: Evaluation, person: User, part: str) -> None:
    """Raises ConflictOfInterest for an insider of the unit or department, or whoever has a hand in it.

    A department that evaluates may appoint one of its own as the head of the group.
    """
    places = [evaluation.unit_id]
    if part != Part.GROUP_HEAD or evaluation.kind != Kind.DEPARTMENT:
        places.append(evaluation.department_id)
    insiders = holders_at(Right.VIEW_EVALUATIONS, places)
    if person.pk == evaluation.project.lead_id or insiders.filter(pk=person.pk).exists():
        raise ConflictOfInterest(_("This person belongs to the evaluated unit or its department."))
    if evaluation.seats.filter(expert=person, recused_at=None).exists():
        raise ConflictOfInterest(_("This person is seated as an expert on this evaluation."))
    by_them = Q(actor=person) | Q(on_behalf_of=person)
    decided = Decision.objects.filter(by_them, evaluation=evaluation, item=None)
    had_it = Appointment.objects.filter(evaluation=evaluation, person=person, part=part).exists()
    if not had_it and decided.exclude(verb__in=NO_JUDGEMENT).exists():
        raise ConflictOfInterest(_("This person has decided on this evaluation already."))
