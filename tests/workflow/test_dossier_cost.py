"""No tab of the dossier costs more statements for more rows."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from approvals.models import Verb
from evaluations.actions import DossierChanges
from evaluations.models import Stage
from tests.cast import do, open_task, propose
from tests.dossier_content import filled_self_assessment, indicator, numbered, words
from tests.workflow.reading import TABS, save, statements_of, tab_of
from workflow import services


def grow(world, evaluation) -> None:
    """More of everything, and a second round."""
    content = filled_self_assessment()
    rows = numbered(
        [
            indicator("产出", "数量", f"指标{place}", "1", "1", **words("完成", "已完成"))
            for place in range(30)
        ]
    )
    task = open_task(evaluation)
    for place in range(5):
        services.attach(
            process_id=task.process_id,
            task_id=task.pk,
            actor=world.lin,
            file=ContentFile(f"材料{place}".encode()),
            name=f"材料{place}.txt",
        )
    save(
        evaluation,
        world.lin,
        DossierChanges(
            indicators=rows,
            lines=content.lines * 10,
            problems=content.problems * 10,
            suggestions=content.suggestions * 10,
        ),
    )
    for place in range(4):
        propose(world, evaluation, world.lin, requirement=f"自查事项{place}")
    do(Verb.SUBMIT, evaluation, world.lin)
    do(Verb.APPROVE, evaluation, world.wang)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请核对。")


@pytest.mark.parametrize(
    ("tab", "asked"),
    [*((tab, {}) for tab in TABS), ("history", {"show": "changes"})],
)
def test_no_tab_costs_more_statements_for_more_rows(world, as_, self_evaluation, tab, asked):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请核对。")
    client = as_(world.lin)
    with_few = statements_of(client, tab_of(evaluation, tab), **asked)
    grow(world, evaluation)
    assert statements_of(client, tab_of(evaluation, tab), **asked) == with_few
    assert with_few <= 26
