"""What changed in which field: the history tables of one dossier, in one statement.

Every tracked table is read with each row's predecessor, so that a page of changes
costs the same number of statements whatever stands on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model

from approvals.models import RectificationItem, ResultUse
from audit_log.tracking import TrackedModel
from evaluations.models import (
    Budget,
    Evaluation,
    Evidence,
    FundingRow,
    Indicator,
    PaymentLine,
    Problem,
    ReportSection,
    Score,
    ScoreSource,
    Seat,
    StatedTotal,
    Suggestion,
)
from workflow.blind_scoring import BlindScoring

OF_BUDGET = "h.budget_id IN (SELECT id FROM {Budget} WHERE evaluation_id = %(evaluation)s)"
OF_EVALUATION = "h.evaluation_id = %(evaluation)s"
# How a table's rows belong to the evaluation; removed parents count through their own history.
BELONGS: dict[type[TrackedModel], str] = {
    Evaluation: "h.id = %(evaluation)s",
    Budget: OF_EVALUATION,
    FundingRow: OF_BUDGET,
    PaymentLine: OF_BUDGET,
    StatedTotal: OF_BUDGET,
    Indicator: OF_EVALUATION,
    Score: (
        "h.indicator_id IN (SELECT id FROM {Indicator} WHERE evaluation_id = %(evaluation)s)"
        " AND (%(sees_all)s OR h.source <> %(expert)s OR h.given_by_id = %(reader)s"
        " OR h.round < %(closed_from)s)"
    ),
    Evidence: OF_EVALUATION,
    ReportSection: OF_EVALUATION,
    Problem: OF_EVALUATION,
    Suggestion: OF_EVALUATION,
    Seat: OF_EVALUATION,
    ResultUse: OF_EVALUATION,
    # A proposed item is not everybody's to see yet.
    RectificationItem: "h.id = ANY(%(items)s)",
}
TRACKED: dict[str, type[TrackedModel]] = {model.__name__: model for model in BELONGS}

CHANGES_OF_A_TABLE = """
SELECT '{name}' AS name, h.history_id AS place, h.history_date AS at, h.history_type AS type,
       COALESCE(person.display_name, '') AS person, to_jsonb(h)::text AS now, to_jsonb(before)::text AS before
FROM {table} h
LEFT JOIN accounts_user person ON person.id = h.history_user_id
LEFT JOIN LATERAL (
    SELECT * FROM {table} earlier WHERE earlier.id = h.id AND earlier.history_id < h.history_id
    ORDER BY earlier.history_id DESC LIMIT 1
) before ON true
WHERE {belongs}
"""
COUNT_OF_A_TABLE = "SELECT count(*) AS number FROM {table} h WHERE {belongs}"
PAGE = "{tables} ORDER BY at DESC, name, place DESC LIMIT %(limit)s OFFSET %(offset)s"
COUNT = "SELECT sum(number) FROM ({tables}) AS counts"


@dataclass(frozen=True)
class RowChange:
    """One row added (+), changed (~) or removed (-), with its columns now and before."""

    model: type[TrackedModel]
    at: datetime
    type: str
    person: str
    now: dict[str, Any]
    before: dict[str, Any] | None


def table_of(model: type[TrackedModel]) -> str:
    """The name of a model's history table."""
    history: type[Model] = model.history.model
    return history._meta.db_table


def union_of(statement: str) -> str:
    """The statement for every tracked table, one below the other."""
    tables = {name: table_of(model) for name, model in TRACKED.items()}
    return " UNION ALL ".join(
        statement.format(name=name, table=tables[name], belongs=BELONGS[model].format(**tables))
        for name, model in TRACKED.items()
    )


class FieldChanges:
    """The changes of a dossier, the latest first, as a Paginator takes them."""

    def __init__(self, evaluation_id: int, blind: BlindScoring, items: Iterable[int]) -> None:
        """``items`` are the ids of the rectification items that the reader may see."""
        self.parameters: dict[str, Any] = {
            "evaluation": evaluation_id,
            "items": list(items),
            "sees_all": blind.sees_all,
            "reader": blind.reader_id,
            "closed_from": blind.closed_from,
            "expert": ScoreSource.EXPERT.value,
        }

    def count(self) -> int:
        """How many rows were ever added, changed or removed."""
        with connection.cursor() as cursor:
            cursor.execute(COUNT.format(tables=union_of(COUNT_OF_A_TABLE)), self.parameters)
            return int(cursor.fetchone()[0])

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, wanted: slice) -> list[RowChange]:
        sql = PAGE.format(tables=union_of(CHANGES_OF_A_TABLE))
        place = {"limit": wanted.stop - wanted.start, "offset": wanted.start}
        with connection.cursor() as cursor:
            cursor.execute(sql, {**self.parameters, **place})
            return [row_change(*row) for row in cursor.fetchall()]


def row_change(
    name: str, _place: int, at: datetime, type: str, person: str, now: str, before: str | None
) -> RowChange:
    """One row of the statement; figures stay decimals."""
    return RowChange(
        model=TRACKED[name],
        at=at,
        type=type,
        person=person,
        now=json.loads(now, parse_float=Decimal),
        before=json.loads(before, parse_float=Decimal) if before else None,
    )
