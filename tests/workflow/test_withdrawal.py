"""Which files may be taken out, and where: nothing disappears under a decision."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.models import ItemStage, Verb
from audit_log.errors import WrongStage
from evaluations.models import Stage
from tests.cast import do, open_task, report_done
from tests.dossier_content import evidence_file
from tests.workflow.reading import get
from workflow import services


def attach(subject, actor):
    task = open_task(subject, actor) if actor else open_task(subject)
    return services.attach(process_id=task.process_id, task_id=task.pk, actor=actor, **evidence_file())


def withdraw(subject, actor, file):
    task = open_task(subject, actor) if actor else open_task(subject)
    return services.withdraw(
        process_id=task.process_id, task_id=task.pk, actor=actor, evidence_id=file.pk
    ).withdrawn_at


def test_the_files_of_a_concluded_dossier_stay_at_an_items_step(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    with pytest.raises(WrongStage):
        withdraw(item, world.lin, item.evaluation.evidence.get())
    assert item.evaluation.evidence.get().withdrawn_at is None


def test_a_file_added_for_an_item_in_this_round_may_go(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    assert withdraw(item, world.lin, attach(item, world.lin))


def test_a_file_that_a_report_rests_on_stays(world, item_at):
    item = item_at(ItemStage.CARRYING_OUT)
    report_done(item, world.lin)
    do(Verb.SEND_BACK, item, world.zhao, opinion="请补充。")
    with pytest.raises(WrongStage):
        withdraw(item, world.lin, item.files.get().evidence)


def test_a_returned_self_assessment_may_drop_a_file_of_the_round_before(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.zhao, opinion="请补充。")
    assert withdraw(evaluation, world.lin, evaluation.evidence.get())


def test_at_the_exchange_of_views_only_what_came_in_since_the_draft_may_go(
    world, as_, commissioned_evaluation
):
    evaluation = commissioned_evaluation()
    supplied = attach(evaluation, world.lin)
    do(Verb.SUPPLY, evaluation, world.lin, opinion="材料共一份。")
    for expert in (world.wu, world.zheng):
        scores = {row.pk: (row.weight, "") for row in evaluation.indicators.all()}
        do(Verb.SCORE, evaluation, expert, scores=scores)
    do(Verb.DRAFT, evaluation, world.sun, total=Decimal("90"), conclusion="初步结论。")
    added = attach(evaluation, world.lin)
    task = open_task(evaluation, world.lin)
    page = get(as_(world.lin), reverse("task", args=[task.process_id, task.pk])).content.decode()
    assert f"withdraw:{added.pk}" in page
    assert f"withdraw:{supplied.pk}" not in page
    confirm = reverse("withdraw_evidence", args=[task.process_id, task.pk, supplied.pk])
    assert as_(world.lin).get(confirm).status_code == 409
    with pytest.raises(WrongStage):
        withdraw(evaluation, world.lin, supplied)
    assert withdraw(evaluation, world.lin, added)
