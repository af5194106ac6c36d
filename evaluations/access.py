"""The gateway of evaluations: no view or command queries around it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import rights_for_reading, where_held
from accounts.roles import Right
from audit_log.errors import NotFound
from evaluations.models import Evaluation, EvaluationUserPermission

VIEW = [
    (Right.VIEW_EVALUATIONS, "unit"),
    (Right.VIEW_EVALUATIONS, "department"),
    (Right.VIEW_EVALUATIONS, "bureau"),
]


def visible_condition(user: Any, prefix: str = "") -> Q:
    """What makes an evaluation visible to ``user``, for a query that reaches it by ``prefix``."""
    rights = rights_for_reading(user)
    condition = where_held(rights, [(right, prefix + field) for right, field in VIEW])
    named = named_for_reading(user)
    return condition | Q(**{f"{prefix}pk__in": named}) if named else condition


def named_for_reading(user: Any) -> list[int]:
    """Ids of the evaluations in which the person has a part by name, remembered as long as the rights are.

    Read beforehand: beside a subquery the database would look through all evaluations instead of
    using the indexes of their offices.
    """
    rights = rights_for_reading(user)
    remembered_with, found = getattr(user, "_named_for_reading", (None, []))
    if remembered_with is not rights:
        # An expert's seat counts while the person is an expert; whoever is appointed need not hold any role.
        by_name = ["take_part", *(["score_evaluation"] if rights.anywhere(Right.BE_SEATED) else [])]
        named = EvaluationUserPermission.objects.filter(user=user.pk, permission__codename__in=by_name)
        found = sorted(set(named.values_list("content_object_id", flat=True)))
        user._named_for_reading = rights, found
    return found


def visible_to(user: Any) -> QuerySet[Evaluation]:
    """The evaluations that ``user`` may see."""
    return Evaluation.objects.filter(visible_condition(user))


def get_for(user: Any, pk: int) -> Evaluation:
    """The evaluation, when ``user`` may see it. Raises NotFound: nobody learns more."""
    related = ("project__lead", "scheme", "policy", "unit", "department", "bureau", "campaign", "budget")
    evaluation = visible_to(user).select_related(*related).filter(pk=pk).first()
    if evaluation is None:
        raise NotFound()
    return evaluation
