"""The gateway of rectification items, of their files and of printed documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import Rights, rights_for_reading, where_held
from accounts.roles import Right
from approvals.models import GeneratedDocument, ItemStage, RaisedBy, RectificationItem
from approvals.procedure import COMMISSIONED_STEPS, SELF_STEPS, Step
from audit_log.errors import NotFound
from evaluations.access import visible_condition
from evaluations.models import Evidence, Kind

STEPS_OF_KIND = {
    Kind.SELF: (SELF_STEPS, "bureau"),
    Kind.DEPARTMENT: (COMMISSIONED_STEPS, "department"),
    Kind.FINANCE: (COMMISSIONED_STEPS, "bureau"),
}


def visible_items(user: Any) -> QuerySet[RectificationItem]:
    """The items that ``user`` may see: those of visible evaluations, and their own unit's.

    A proposed item is nobody's business yet but of whoever proposed it and of
    those whom the present step of its evaluation asks.
    """
    rights = rights_for_reading(user)
    mine = visible_condition(user, "evaluation__") | responsible_condition(user)
    proposed = Q(raised_by_person=user.pk) | at_the_step(rights)
    return RectificationItem.objects.filter(mine, ~Q(stage=ItemStage.DRAFT) | proposed)


def responsible_condition(user: Any, prefix: str = "") -> Q:
    """What makes an item one of the reader's own unit, for a query that reaches it by ``prefix``."""
    pairs = [(Right.VIEW_EVALUATIONS, f"{prefix}responsible_unit")]
    return where_held(rights_for_reading(user), pairs)


def at_the_step(rights: Rights) -> Q:
    """The reader is asked at the evaluation's present step.

    The unit sees there what it proposed itself, not what a reviewer prepares.
    """
    condition = Q(pk__in=[])
    for kind, (steps, evaluator) in STEPS_OF_KIND.items():
        for stage, step in steps.items():
            organizations = where_asked(rights, step, evaluator)
            if organizations:
                here = Q(evaluation__kind=kind, evaluation__stage=stage) & organizations
                condition |= here & Q(raised_by=RaisedBy.SELF) if step.fills else here
    return condition


def where_asked(rights: Rights, step: Step, evaluator: str) -> Q:
    """The evaluations whose organization gives the reader the step's right; an empty Q for none."""
    organizations = rights.at(step.right) if step.right else frozenset()
    field = evaluator if step.held_at == "evaluator" else step.held_at
    return Q(**{f"evaluation__{field}__in": sorted(organizations)}) if organizations else Q()


def item_for(user: Any, pk: int) -> RectificationItem:
    """The item, when ``user`` may see it. Raises NotFound: nobody learns more."""
    related = (
        "evaluation__project",
        "evaluation__bureau",
        "evaluation__department",
        "problem",
        "responsible_unit",
        "responsible_person",
        "raised_by_person",
    )
    found = visible_items(user).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def evidence_for(user: Any, pk: int) -> Evidence:
    """The file's row, when ``user`` may see its evaluation or has to do with its item. Raises NotFound."""
    visible = visible_condition(user, "evaluation__") | responsible_condition(user, "item_link__item__")
    found = Evidence.objects.filter(visible, pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def document_for(user: Any, pk: int) -> GeneratedDocument:
    """The printed document, when ``user`` may see its evaluation. Raises NotFound."""
    found = (
        GeneratedDocument.objects.select_related("evaluation__project")
        .filter(visible_condition(user, "evaluation__"), pk=pk)
        .first()
    )
    if found is None:
        raise NotFound()
    return found
