"""Many steps of one kind for tests, and what the whole database holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from approvals.findings_on_record import FindingsOnRecord
from approvals.models import FindingTurn, RecordedFinding
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Evaluation, Stage
from tests.cast import World, bring, open_self_evaluation, open_task, walk_self
from tests.dossier_content import filled_self_assessment
from tests.workflow.reading import save
from workflow import services
from workflow.bulk import BulkResult, Chosen
from workflow.models import FlowTask

REASON = "两个模块的需求到年底才确认，顺延到次年交付。"


def several(
    make: Callable[..., Evaluation], number: int, stage: str = Stage.DEPARTMENT_REVIEW
) -> list[Evaluation]:
    """That many dossiers that wait at the stage, each with one error that the unit has explained."""
    return [make(stage) for _place in range(number)]


def faultless() -> DossierChanges:
    """A self-assessment whose missed target has its reason in the form: the checks find no error."""
    changes = filled_self_assessment()
    first, *others = changes.indicators or []
    explained = RowChange(values={**first.values, "deviation_reason": REASON}, score=first.score)
    return dataclasses.replace(changes, indicators=[explained, *others])


def without_errors(world: World, stage: str = Stage.DEPARTMENT_REVIEW) -> Evaluation:
    """A dossier with nothing that speaks against agreeing."""
    evaluation = open_self_evaluation(world)
    save(evaluation, evaluation.project.lead, faultless())
    return bring(evaluation, stage, walk_self(world))


def chosen(*evaluations: Evaluation) -> list[Chosen]:
    """The steps that they wait at, ticked without having been looked at."""
    return [Chosen(open_task(evaluation).pk) for evaluation in evaluations]


def claimed(evaluation: Evaluation, person: Any) -> FlowTask:
    """The step in somebody's hands."""
    task = open_task(evaluation)
    return services.claim(process_id=task.process_id, task_id=task.pk, actor=person)


def an_error(evaluation: Evaluation) -> RecordedFinding:
    """The error that the checks found at the last handing in."""
    return next(found for found in FindingsOnRecord(evaluation).latest if found.severity == "error")


def asked(evaluation: Evaluation, person: Any) -> FindingTurn:
    """A question to the unit that nobody has answered."""
    return services.ask(finding=an_error(evaluation), actor=person, question="顺延有没有补充协议？")


def contents(*without: str) -> dict[str, str]:
    """A digest of every table's rows, whatever their order, the queue's jobs among them; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({name for (name,) in cursor.fetchall()} - set(without))
        digests = (
            f"SELECT '{name}', count(*) || ':' || COALESCE(sum(hashtextextended(t::text, 0)), 0) "
            f'FROM "{name}" t'
            for name in tables
        )
        cursor.execute(" UNION ALL ".join(digests))
        return dict(cursor.fetchall())


def codes(results: Iterable[BulkResult]) -> list[str]:
    """Why each row was refused; empty for those that passed."""
    return [result.refusal.code if result.refusal else "" for result in results]
