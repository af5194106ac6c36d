"""Evidence, opinions and both histories: who did what, and what changed in which field."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from approvals.models import Verb
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Stage
from tests.cast import do, open_self_evaluation, propose
from tests.dossier_content import filled_self_assessment
from tests.workflow.reading import everything, get, save, tab_of


def test_files_stand_beside_the_indicator_that_they_back(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    rows = get(as_(world.zhao), tab_of(evaluation, "evidence")).context["rows"]
    assert [len(row["files"]) for row in rows] == [1, 0, 0, 0, 0, 0, 0, 0]
    file = evaluation.evidence.get()
    assert rows[0]["files"][0]["url"] == reverse("evidence_file", args=[file.pk])


def test_opinions_stand_round_by_round_with_office_person_and_what_waits(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.zhao, opinion="数量指标与验收报告不一致。")
    rounds = get(as_(world.lin), tab_of(evaluation, "opinions")).context["rounds"]
    assert [found["number"] for found in rounds] == [2, 1]
    (waiting,) = rounds[0]["entries"]
    assert (waiting["title"], waiting["tone"]) == ("Self-assessment", "waiting")
    returned = rounds[1]["entries"][-1]
    assert returned["title"] == "Department review · returned to Self-assessment"
    assert returned["office"] == world.department.name
    assert (returned["person"], returned["tone"]) == ("小赵", "red")
    assert "数量指标与验收报告不一致。" in returned["opinion"]


def test_the_history_says_who_did_what(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    entries = get(as_(world.zhao), tab_of(evaluation, "history")).context["entries"]
    assert [(entry["title"], entry["person"], entry["opinion"]) for entry in entries] == [
        ("Unit approval · approve", "小王", ""),
        ("Self-assessment · submit", "小林", ""),
        ("Added a file", "小林", "验收报告.pdf"),
        ("Filled in the dossier", "小林", ""),
        ("Open", "小孙", ""),
    ]


def changes_of(client, evaluation, **asked) -> list[tuple[str, str, str]]:
    groups = get(client, tab_of(evaluation, "history"), show="changes", **asked).context["groups"]
    return [(line["label"], line["before"], line["after"]) for group in groups for line in group["changes"]]


def test_the_history_says_which_field_changed_from_what_to_what(world, as_):
    evaluation = open_self_evaluation(world)
    save(evaluation, world.lin, filled_self_assessment())
    first = evaluation.indicators.first()
    change = RowChange(pk=first.pk, values={"actual_value": Decimal("24")}, score=Decimal("17"))
    save(
        evaluation,
        world.lin,
        DossierChanges(budget={"completed_within_budget": True}, indicators=[change]),
    )
    found = changes_of(as_(world.zhao), evaluation)[:3]
    assert found == [
        ("Score “上线业务模块 · stated score” · points", "18.57", "17"),
        ("Indicator “上线业务模块” · actual figure", "26", "24"),
        ("Budget · completed within the budget", "", "yes"),
    ]


def test_a_removed_row_stays_in_the_history(world, as_):
    evaluation = open_self_evaluation(world)
    save(evaluation, world.lin, filled_self_assessment())
    line = evaluation.budget.lines.first()
    save(evaluation, world.lin, DossierChanges(lines=[RowChange(pk=line.pk, remove=True)]))
    label, _before, _after = changes_of(as_(world.zhao), evaluation)[0]
    assert label == f"Payment line “{line.item}” · removed"


def test_the_changes_of_another_evaluation_are_not_among_them(world, as_, self_evaluation):
    other = self_evaluation(Stage.DEPARTMENT_REVIEW)
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT, filled=False)
    assert [label for label, _b, _a in changes_of(as_(world.sun), evaluation)] == [
        "Budget · added",
        "Evaluation · added",
    ]
    assert len(changes_of(as_(world.sun), other)) > 2


def test_a_proposed_item_is_named_only_to_those_who_may_see_it(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    propose(world, evaluation, world.sun, requirement="收回闲置资金")
    assert "收回闲置资金" in everything(as_(world.sun), evaluation)
    assert "收回闲置资金" not in everything(as_(world.lin), evaluation)


def test_long_histories_are_paged(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    client = as_(world.zhao)
    url = tab_of(evaluation, "history")
    first = get(client, url, show="changes")
    total = first.context["page_obj"].paginator.count
    assert total > 20
    assert len(first.context["page_obj"]) == 20
    assert len(get(client, url, show="changes", page="2").context["page_obj"]) == min(20, total - 20)
