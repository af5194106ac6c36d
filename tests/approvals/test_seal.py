"""The seal on a decision: it is of the content as it stood then."""

from __future__ import annotations

from decimal import Decimal

from approvals.models import Verb
from evaluations.actions import DossierChanges, RowChange, seal_content
from evaluations.models import Stage
from tests.cast import bring, do, open_self_evaluation, open_task, walk_commissioned
from tests.dossier_content import evidence_file
from tests.workflow.reading import save
from workflow import services


def test_draft_answer_and_conclusion_each_seal_what_they_rest_on(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    save(evaluation, world.sun, DossierChanges(problems=[RowChange(values={"text": "试运行不足"})]))
    bring(evaluation, Stage.EXCHANGE_OF_VIEWS, walk_commissioned(world))
    task = open_task(evaluation, world.lin)
    services.attach(process_id=task.process_id, task_id=task.pk, actor=world.lin, **evidence_file())
    bring(evaluation, Stage.CLOSED, walk_commissioned(world))
    digests = dict(evaluation.decisions.values_list("verb", "content_digest"))
    assert len({digests[verb] for verb in (Verb.SUPPLY, Verb.DRAFT, Verb.ANSWER)}) == 3
    assert digests[Verb.CONCLUDE] == digests[Verb.ANSWER] == seal_content(evaluation)


def test_a_conclusion_seals_the_content_anew(world, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    evaluation.content_digest = "0" * 64
    evaluation.save_as(world.sun)
    decision = do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("96"), conclusion="目标基本实现。")
    assert decision.content_digest == seal_content(evaluation)


def test_the_seal_covers_printed_totals_and_what_a_file_backs(world):
    evaluation = open_self_evaluation(world)
    row = RowChange(values={"level1": "产出", "name": "模块", "weight": Decimal("10")})
    save(evaluation, world.lin, DossierChanges(indicators=[row]))
    task = open_task(evaluation)
    file = services.attach(process_id=task.process_id, task_id=task.pk, actor=world.lin, **evidence_file())
    seals = [seal_content(evaluation)]
    file.indicator = evaluation.indicators.get()
    file.save_as(world.lin)
    seals.append(seal_content(evaluation))
    total = RowChange(values={"group": "软件", "column": "paid", "amount": Decimal("5")})
    save(evaluation, world.lin, DossierChanges(stated_totals=[total]))
    seals.append(seal_content(evaluation))
    assert len(set(seals)) == 3
