"""The gateway of rectification items, of their files and of printed documents."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import Rights, rights_for_reading, where_held
from accounts.roles import Right, codename_of
from approvals.models import GeneratedDocument, ItemStage, RaisedBy, RectificationItem, RectificationNotice
from audit_log.errors import NotFound
from evaluations.access import visible_condition
from evaluations.models import Evidence, Kind, Stage
from evaluations.policies.grammar import GRAMMAR, PARTS, may_be_asked, place_of


def visible_items(user: Any) -> QuerySet[RectificationItem]:
    """The items that ``user`` may see: those of visible evaluations, and their own unit's.

    A proposed item is nobody's business yet but of whoever proposed it and of
    those whom the present step of its evaluation asks.
    """
    rights = rights_for_reading(user)
    mine = visible_condition(user, "evaluation__") | responsible_condition(user)
    proposed = Q(raised_by_person=user.pk) | at_the_step(rights) | in_rectification(rights)
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
    for (kind, stage), asked in ASKED_AT.items():
        for code, right, place in asked:
            organizations = rights.at(right)
            if organizations:
                here = Q(
                    named_by_the_policy(stage, code),
                    **{f"evaluation__{place}__in": sorted(organizations)},
                    evaluation__kind=kind,
                    evaluation__stage=stage,
                )
                fills = right == Right.FILL_SELF_ASSESSMENT
                condition |= here & Q(raised_by=RaisedBy.SELF) if fills else here
    return condition


def in_rectification(rights: Rights) -> Q:
    """The reader's office runs the evaluation: in rectification it proposes further items and issues them."""
    organizations = sorted(rights.at(Right.RUN_EVALUATION))
    by_department = Q(evaluation__kind=Kind.DEPARTMENT)
    own = by_department & Q(evaluation__department__in=organizations)
    of_finance = ~by_department & Q(evaluation__bureau__in=organizations)
    return Q(evaluation__stage=Stage.RECTIFICATION) & (own | of_finance)


def named_by_the_policy(stage: str, code: str) -> Q:
    """The evaluation's own policy asks this role or right at the stage; the usual ones need no policy."""
    if not code or code in Right.values:
        return Q()
    steps = [{"stage": str(stage), "steps": [{"asked": code}]}]
    return Q(evaluation__policy__content__stages__contains=steps)


def asked_at(kind: str, stage: str, pattern: str) -> frozenset[tuple[str, str, str]]:
    """The roles and rights that a stage's steps may ask: the code, its right, and where it is held."""
    evaluator = "department" if kind == Kind.DEPARTMENT else "bureau"
    found = set()
    for work in re.findall("[a-z]+", pattern):
        for asked in may_be_asked(kind, stage, work):
            if asked and asked not in PARTS:
                place = place_of(kind, stage, asked)
                code = str(asked)
                found.add((code, codename_of(code), evaluator if place == "evaluator" else place))
    if stage == Stage.EXCHANGE_OF_VIEWS:
        found.add(("", str(Right.FILL_SELF_ASSESSMENT), "unit"))
    return frozenset(found)


ASKED_AT = {
    (kind, stage): asked_at(kind, stage, pattern)
    for kind, stages in GRAMMAR.items()
    for stage, pattern in stages.items()
}


def item_for(user: Any, pk: int) -> RectificationItem:
    """The item, when ``user`` may see it. Raises NotFound: nobody learns more."""
    related = (
        "evaluation__project",
        "evaluation__bureau",
        "evaluation__department",
        "notice__issuer",
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


def notice_for(user: Any, pk: int) -> RectificationNotice:
    """The issued notice, when ``user`` may see its evaluation. Raises NotFound: nobody learns more.

    It tells the result and every unit's items: a unit that has to do with one item reads that item.
    """
    issued = RectificationNotice.objects.filter(issued_at__isnull=False)
    found = issued.filter(visible_condition(user, "evaluation__"), pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def document_for(user: Any, pk: int) -> GeneratedDocument:
    """The printed document, when ``user`` may see its evaluation. Raises NotFound."""
    found = (
        GeneratedDocument.objects.select_related("evaluation__project", "notice__issuer")
        .filter(visible_condition(user, "evaluation__"), pk=pk)
        .first()
    )
    if found is None:
        raise NotFound()
    return found
