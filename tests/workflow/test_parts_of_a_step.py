"""Which parts of the dossier a step may write: the service refuses what the page does not offer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit_log.errors import NotAllowed
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Stage
from tests.cast import open_task
from tests.workflow.page_forms import address, read_form
from tests.workflow.reading import save

PROBLEMS = DossierChanges(problems=[RowChange(values={"text": "试运行不足"})])
MONEY = DossierChanges(budget={"paid": Decimal("1")})


@pytest.mark.parametrize(
    ("stage", "actor", "changes"),
    [
        (Stage.MATERIAL, "lin", PROBLEMS),
        (Stage.MATERIAL, "lin", DossierChanges(indicators=[])),
        (Stage.MATERIAL, "lin", DossierChanges(evaluation={"stated_total": Decimal("99")})),
        (Stage.MATERIAL, "lin", DossierChanges(budget={"stated_score": Decimal("9")})),
        (Stage.EXCHANGE_OF_VIEWS, "lin", MONEY),
        (Stage.EXCHANGE_OF_VIEWS, "lin", DossierChanges(evaluation={"goal_achieved": "全部完成"})),
        (Stage.DRAFT_CONCLUSION, "sun", MONEY),
        (Stage.DRAFT_CONCLUSION, "sun", DossierChanges(evaluation={"goal_achieved": "全部完成"})),
    ],
)
def test_what_a_step_does_not_write_is_refused(world, commissioned_evaluation, stage, actor, changes):
    evaluation = commissioned_evaluation(stage)
    with pytest.raises(NotAllowed):
        save(evaluation, world.people[actor], changes)
    assert not evaluation.problems.exists()


def test_material_takes_money_and_goal_and_the_draft_takes_the_report(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    goal = {"goal_expected": "改造十二个小区"}
    save(evaluation, world.lin, DossierChanges(evaluation=goal, budget={"paid": Decimal("470")}))
    evaluation.refresh_from_db()
    assert (evaluation.goal_expected, evaluation.budget.paid) == ("改造十二个小区", 470)
    drafted = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    save(drafted, world.sun, PROBLEMS)
    assert drafted.problems.get().text == "试运行不足"


def test_the_material_offers_nothing_of_the_evaluators_report(world, as_, commissioned_evaluation):
    task = open_task(commissioned_evaluation())
    fields = read_form(as_(world.lin).get(address(task))).fields
    assert "goal_achieved" in fields
    assert not [name for name in fields if name.startswith(("problems", "suggestions", "sections"))]
