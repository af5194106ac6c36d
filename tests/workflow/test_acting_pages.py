"""How pages name whoever acts for somebody, and that the inbox stays one indexed query with them in it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.access import rights_for_reading
from approvals.documents.builder import report_of
from approvals.models import Decision, ItemStage, Verb
from evaluations.models import Stage
from tests.cast import do, fill, open_task
from tests.standing_in import at, let
from tests.votes import at_departments_vote, colleagues
from tests.workflow.page_forms import address
from tests.workflow.reading import get, statements_of, tab_of, text_of
from workflow import inbox as boxes
from workflow import services
from workflow.access import waiting_for
from workflow.models import FlowTask

pytestmark = pytest.mark.django_db

INBOX = reverse("inbox")


def rows_of(client, **asked):
    return get(client, INBOX, **asked).context["rows"]


# --- the inbox --------------------------------------------------------------------------


def test_a_row_says_for_whom_it_is(world, as_, self_evaluation):
    let(world.zhao, world.chu)
    let(world.lin, world.chu)
    for stage in (Stage.DEPARTMENT_REVIEW, Stage.SELF_ASSESSMENT, Stage.UNIT_APPROVAL):
        self_evaluation(stage)
    rows = rows_of(as_(world.chu))
    assert {(row["stage"], row["principal"]) for row in rows} == {
        (Stage.DEPARTMENT_REVIEW, "小赵"),
        (Stage.SELF_ASSESSMENT, "小林"),
    }
    assert "for 小赵" in text_of(get(as_(world.chu), INBOX))


def test_ones_own_rows_are_for_nobody_else(world, as_, self_evaluation):
    let(world.qian, world.zhao)
    self_evaluation(Stage.DEPARTMENT_REVIEW)
    (row,) = rows_of(as_(world.zhao))
    assert row["principal"] == ""
    services.claim(process_id=row_task().process_id, task_id=row_task().pk, actor=world.qian)
    (row,) = rows_of(as_(world.zhao))
    assert (row["principal"], row["release_url"]) == ("小钱", "")


def row_task():
    return FlowTask.objects.get(stage=Stage.DEPARTMENT_REVIEW, flow_task_type="HUMAN")


def test_what_was_done_for_somebody_says_so(world, as_, self_evaluation):
    let(world.zhao, world.chu)
    do(Verb.APPROVE, self_evaluation(Stage.DEPARTMENT_REVIEW), world.chu, opinion="同意。")
    (row,) = rows_of(as_(world.chu), tab="done")
    assert row["by"] == "小褚 for 小赵"
    assert "小褚 for 小赵" in text_of(get(as_(world.chu), INBOX, tab="done"))


def test_the_delegator_finds_what_was_done_in_their_name(world, as_, self_evaluation):
    let(world.zhao, world.chu)
    do(Verb.APPROVE, self_evaluation(Stage.DEPARTMENT_REVIEW), world.chu, opinion="同意。")
    page = get(as_(world.zhao), INBOX, tab="done")
    (row,) = page.context["rows"]
    assert row["by"] == "小褚 for 小赵"
    assert page.context["page_obj"].paginator.count == 1


def test_what_was_started_in_somebodys_name_is_started_by_whoever_did_it(world, self_evaluation):
    let(world.lin, world.chen)
    evaluation = self_evaluation(filled=False)
    fill(evaluation, world.chen)
    do(Verb.SUBMIT, evaluation, world.chen, opinion="请审核。")
    assert (boxes.figures(world.lin).done, boxes.figures(world.lin).started) == (1, 0)
    assert (boxes.figures(world.chen).done, boxes.figures(world.chen).started) == (1, 1)


MORE_DECISIONS = """
INSERT INTO approvals_decision ({columns})
SELECT {values} FROM approvals_decision d, generate_series(1, 20000) n WHERE d.id = %s
"""


@pytest.mark.corrupts
def test_among_many_decisions_ones_own_are_found_by_indexes_on_both_people(world, self_evaluation):
    decision = self_evaluation(Stage.DEPARTMENT_REVIEW).decisions.get(verb=Verb.APPROVE)
    names = [field.column for field in Decision._meta.concrete_fields if not field.primary_key]
    values = [str(world.feng.pk) if name == "actor_id" else f'd."{name}"' for name in names]
    with connection.cursor() as cursor:
        quoted = ", ".join(f'"{name}"' for name in names)
        cursor.execute(MORE_DECISIONS.format(columns=quoted, values=", ".join(values)), [decision.pk])
        cursor.execute("ANALYZE approvals_decision")
    plan = boxes.done(world.zhao).explain()
    assert "Seq Scan on approvals_decision" not in plan
    assert "decision_by_a_person" in plan
    assert "on_behalf_of_id" in plan


def test_the_page_costs_one_statement_more_for_whoever_acts_for_others(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    before = statements_of(as_(world.zhao), INBOX)
    let(world.zhao, world.chu)
    assert evaluation.stage == Stage.DEPARTMENT_REVIEW
    assert statements_of(as_(world.chu), INBOX) <= before + 1
    for person in colleagues(world, 4):
        let(person, world.chu)
    assert statements_of(as_(world.chu), INBOX) <= before + 1


# --- one indexed query ------------------------------------------------------------------


def waiting_statements(person):
    """What the list of waiting matters sends, rights included."""
    if hasattr(person, "_rights_for_reading"):
        del person._rights_for_reading
    with CaptureQueriesContext(connection) as captured:
        found = list(boxes.waiting(person))
    return [query["sql"] for query in captured.captured_queries], found


def test_the_list_is_one_select_whatever_the_number_of_delegations_and_ballots(world, self_evaluation):
    evaluation, voters = at_departments_vote(world, self_evaluation, who="all")
    self_evaluation(Stage.UNIT_APPROVAL)
    for count, person in enumerate([*voters, world.wang], start=1):
        let(person, world.chu)
        statements, found = waiting_statements(world.chu)
        assert sum('FROM "workflow_flowtask"' in sql for sql in statements) == 1
        assert len(statements) == 2  # the rights, and the list
        assert len(found) == count
    assert {task.ballot_id for task in found if task.evaluation == evaluation} == {
        ballot.pk for ballot in evaluation.ballots.all()
    }


FILLING = """
INSERT INTO workflow_flowtask ({columns})
SELECT {values} FROM workflow_flowtask t, generate_series(1, %s) n WHERE t.id = %s
"""


def put_away(task, number, **columns):
    """So many more rows like this task's, with other values in some columns."""
    names = [field.column for field in FlowTask._meta.concrete_fields if not field.primary_key]
    values = [columns.get(name, f't."{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(FILLING.format(columns=quoted, values=", ".join(values)), [number, task.pk])


@pytest.mark.corrupts
def test_among_many_rows_the_list_is_found_by_the_indexes_of_waiting_tasks(world, self_evaluation):
    at_departments_vote(world, self_evaluation, who="all")
    task = open_task(self_evaluation(Stage.UNIT_APPROVAL))
    for person in (world.zhao, world.qian, world.wang):
        let(person, world.chu)
    elsewhere = {"organization_id": str(world.other_unit.pk), "token": "'t' || n"}
    put_away(task, 8000, status="'DONE'")
    put_away(task, 4000, **elsewhere)
    put_away(task, 4000, status="'ASSIGNED'", owner_id=str(world.feng.pk), token="'o' || n")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE workflow_flowtask")
    assert rights_for_reading(world.chu).delegated_rights()
    assert waiting_for(world.chu).count() == 3
    plan = waiting_for(world.chu).explain()
    assert "task_waiting_for_a_role" in plan
    assert "task_waiting_for_a_person" in plan
    assert "Seq Scan" not in plan


# --- the task, the dossier, the document -------------------------------------------------


def test_the_page_of_a_step_says_for_whom_it_is_done(world, as_, self_evaluation):
    let(world.zhao, world.chu)
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    words = "You act for 小赵: it will read “小褚 for 小赵”."
    assert words in text_of(get(as_(world.chu), address(task)))
    assert "You act for" not in text_of(get(as_(world.zhao), address(task)))


def test_the_page_of_an_items_step_says_for_whom_it_is_done(world, as_, item_at):
    let(world.zhao, world.chu)
    task = open_task(item_at(ItemStage.DEPARTMENT_VERIFICATION))
    assert "You act for 小赵" in text_of(get(as_(world.chu), address(task)))


def test_opinions_history_and_the_next_task_name_both(world, as_, self_evaluation):
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    do(Verb.RETURN, evaluation, world.chu, opinion="请补充合同。")
    for tab in ("opinions", "history"):
        assert "小褚 for 小赵" in text_of(get(as_(world.zhao), tab_of(evaluation, tab)))
    page = text_of(get(as_(world.lin), address(open_task(evaluation))))
    assert "Returned by 小褚 for 小赵: 请补充合同。" in page


def test_the_page_of_an_item_names_both(world, as_, item_at):
    let(world.zhao, world.chu)
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    do(Verb.VERIFY, item, world.chu, opinion="现场查看，已上线。")
    assert "小褚 for 小赵" in text_of(get(as_(world.zhao), reverse("item", args=[item.pk])))


def test_the_printed_report_names_both_in_the_delegators_role(world, self_evaluation):
    let(world.lin, world.chen)
    let(world.wang, world.chu)
    evaluation = self_evaluation(filled=False)
    fill(evaluation, world.chen)
    do(Verb.SUBMIT, evaluation, world.chen, opinion="请审核。")
    at(open_task(evaluation), Verb.APPROVE, world.chu, opinion="同意报送。")
    with translation.override("en"):
        report = report_of(evaluation)
        assert report.signatures.filled_in_by == "小陈 for 小林"
        assert report.signatures.unit_head == "小褚 for 小王"
        assert [(opinion.stand_in, str(opinion.role)) for opinion in report.opinions] == [
            ("小陈 for 小林", "project lead"),
            ("小褚 for 小王", "unit approver"),
        ]


def test_an_answer_to_a_draft_names_both(world, as_, commissioned_evaluation):
    let(world.lin, world.chen)
    evaluation = commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    decision = at(open_task(evaluation, world.lin), Verb.ANSWER, world.chen, opinion="没有不同意见。")
    assert (decision.actor, decision.on_behalf_of) == (world.chen, world.lin)
    page = text_of(get(as_(world.sun), tab_of(evaluation, "opinions")))
    assert "answered by 小陈 for 小林" in page
