"""The notice by which items go out: its particulars, its number, and what goes out after it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.actions import end_role
from accounts.roles import Role
from approvals.models import ItemStage, NoticeKind, RaisedBy, RectificationNotice, Verb
from audit_log import clock
from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Kind, Stage
from notices import messages
from notices.models import Notice
from tests.approvals.refusals import refused
from tests.cast import bring, open_task, person, propose, soon, walk_self
from tests.rechecks import filed_policy
from tests.rectifying import issued_items, last_event, on, refused_by_the_database, run_sql, told
from tests.standing_in import let
from tests.workflow.test_concurrency import at_once, at_step, lost
from workflow import rectifying

PARTICULARS = {
    "copies": "衡州市审计局",
    "basis": "《预算法》第五十七条。",
    "contact": "小孙",
    "telephone": "0571-1234",
}


def prepare(evaluation, actor, **details):
    return rectifying.prepare_notice(evaluation=evaluation, actor=actor, **{**PARTICULARS, **details})


def numbers():
    """Office, year and number of each issued notice, in the order of their issue."""
    rows = RectificationNotice.objects.exclude(issued_at=None).order_by("pk")
    return list(rows.values_list("issuer__name", "year", "number"))


# --- preparing ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lin", "zhao", "qian", "zhou", "feng", "wei"])
def test_only_whoever_runs_the_evaluation_prepares_its_notice(world, self_evaluation, name):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(NotAllowed):
        prepare(evaluation, world.people[name])


def test_nothing_is_prepared_for_a_closed_evaluation(world, self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    with refused(WrongStage):
        prepare(evaluation, world.sun)


def test_the_report_is_due_on_a_day_that_has_not_passed(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, "report_due"):
        prepare(evaluation, world.sun, report_due=clock.today() - timedelta(days=1))


@pytest.mark.parametrize(("field", "most"), [("copies", 300), ("contact", 60), ("telephone", 40)])
def test_a_line_of_a_notice_is_no_longer_than_its_place(world, self_evaluation, field, most):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    with refused(InvalidInput, field):
        prepare(evaluation, world.sun, **{field: "长" * (most + 1)})
    assert getattr(prepare(evaluation, world.sun, **{field: "长" * most}), field) == "长" * most


def test_what_was_prepared_last_goes_out_with_the_conclusion(world, item_at):
    item = item_at(ItemStage.DRAFT)
    first = prepare(item.evaluation, world.sun, basis="初稿")
    notice = prepare(item.evaluation, world.sun, report_due=soon(40))
    assert notice.pk == first.pk
    evaluation = item.evaluation
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    item.refresh_from_db()
    notice.refresh_from_db()
    assert item.notice == notice
    assert {field: getattr(notice, field) for field in PARTICULARS} == PARTICULARS
    assert (notice.kind, notice.report_due) == (NoticeKind.RECTIFICATION, soon(40))
    assert (notice.issued_by, notice.addressee) == (world.zhou, world.unit)
    assert last_event(item, "issue_notice").data["items"] == [item.pk]


def test_without_preparation_a_usual_notice_goes_out(world, item_at):
    notice = item_at(ItemStage.ISSUED).notice
    assert (notice.issuer, notice.addressee) == (world.bureau, world.unit)
    assert (notice.copies, notice.contact) == (str(world.department), "小孙")
    assert notice.report_due == soon(30)


def issued_with(world, evaluation):
    return bring(evaluation, Stage.RECTIFICATION, walk_self(world)).rectification_notices.get()


def another_officer(world):
    return person("xu", "小许", Role.FINANCE_OFFICER, world.bureau)


def test_the_usual_contact_is_who_of_the_office_raised_most_of_the_items(world, self_evaluation):
    """The department's reviewer raised most of all, but the bureau issues."""
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    for _each in range(3):
        propose(world, evaluation, world.zhao)
    bring(evaluation, Stage.FINANCE_REVIEW, walk_self(world))
    for officer in (another_officer(world), world.sun, world.sun):
        propose(world, evaluation, officer)
    notice = issued_with(world, evaluation)
    assert (notice.issuer, notice.contact) == (world.bureau, "小孙")


def test_of_two_who_raised_as_many_items_the_contact_is_who_raised_the_first(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    for officer in (another_officer(world), world.sun):
        propose(world, evaluation, officer)
    assert issued_with(world, evaluation).contact == "小许"


def test_where_nobody_of_the_office_raised_an_item_the_contact_is_who_issues(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    propose(world, evaluation, world.zhao)
    notice = issued_with(world, evaluation)
    assert (notice.issuer, notice.issued_by, notice.contact) == (world.bureau, world.zhou, "小周")


def test_who_has_left_the_office_is_not_the_contact(world, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    propose(world, evaluation, world.sun)
    bring(evaluation, Stage.CONCLUSION, walk_self(world))
    end_role(actor=None, holding=world.sun.holdings.get(organization=world.bureau))
    assert issued_with(world, evaluation).contact == "小周"


def test_a_notice_that_finance_prepared_goes_out_from_whoever_reviewed_last(world, self_evaluation):
    """The department's approval is the end of it: the department's own items, and its own number."""
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=filed_policy())
    item = propose(world, evaluation, world.zhao)
    prepare(evaluation, world.sun)
    bring(evaluation, Stage.RECTIFICATION, walk_self(world))
    item.refresh_from_db()
    assert (item.raised_by, item.notice.issuer) == (RaisedBy.DEPARTMENT, world.department)


def test_a_conclusion_without_items_goes_out_as_a_letter_of_feedback(self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    notice = evaluation.rectification_notices.get()
    assert (notice.kind, notice.number, notice.items.count()) == (NoticeKind.FEEDBACK, 1, 0)


def test_the_unit_is_told_of_a_letter_of_feedback_and_reads_it_where_it_is_told(as_, world, self_evaluation):
    notice = self_evaluation(Stage.CLOSED).rectification_notices.get()
    source = f"notice:{notice.pk}:{world.unit.pk}"
    assert told(source) == [world.lin, world.wang]
    path = Notice.objects.filter(source=source, message=messages.FEEDBACK)[0].path
    assert as_(world.lin).get(path).status_code == 200


def test_of_a_conclusion_with_items_no_letter_of_feedback_is_told(self_evaluation):
    self_evaluation(Stage.RECTIFICATION)
    assert not Notice.objects.filter(message=messages.FEEDBACK).exists()


# --- issuing what was raised later -----------------------------------------------------------


@pytest.mark.parametrize("name", ["lin", "zhao", "qian", "zhou", "feng", "wei"])
def test_only_whoever_runs_the_evaluation_issues_further_items(world, item_at, name):
    evaluation = item_at(ItemStage.PLANNING).evaluation
    propose(world, evaluation, world.sun)
    with refused(NotAllowed):
        rectifying.issue_notice(evaluation=evaluation, actor=world.people[name])


@pytest.mark.parametrize("stage", [Stage.FINANCE_REVIEW, Stage.CONCLUSION, Stage.CLOSED])
def test_further_items_are_issued_in_rectification_only(world, self_evaluation, stage):
    evaluation = self_evaluation(stage)
    with refused(WrongStage):
        rectifying.issue_notice(evaluation=evaluation, actor=world.sun)


def test_no_notice_goes_out_without_an_item(world, item_at):
    evaluation = item_at(ItemStage.PLANNING).evaluation
    with refused(InvalidInput):
        rectifying.issue_notice(evaluation=evaluation, actor=world.sun)


def test_an_item_whose_due_date_has_passed_is_not_issued(world, item_at):
    evaluation = item_at(ItemStage.PLANNING, due=soon(60)).evaluation
    late = propose(world, evaluation, world.sun, due=soon(1))
    with on(soon(3)), refused(InvalidInput, f"item-{late.pk}"):
        rectifying.issue_notice(evaluation=evaluation, actor=world.sun)


def test_an_item_whose_last_day_is_a_rest_day_is_issued_until_the_next_working_day(world, item_at):
    """12 September 2026 is a Saturday: what is due then ends on the Monday."""
    with on(date(2026, 9, 1)):
        evaluation = item_at(ItemStage.PLANNING, due=date(2026, 12, 1)).evaluation
        item = propose(world, evaluation, world.sun, due=date(2026, 9, 12))
    with on(date(2026, 9, 15)), refused(InvalidInput, f"item-{item.pk}"):
        rectifying.issue_notice(evaluation=evaluation, actor=world.sun)
    with on(date(2026, 9, 14)):
        assert rectifying.issue_notice(evaluation=evaluation, actor=world.sun) == [item]


def test_a_notice_that_was_prepared_long_ago_asks_for_no_report_by_a_day_that_has_passed(world, item_at):
    evaluation = item_at(ItemStage.PLANNING, due=soon(200)).evaluation
    item = propose(world, evaluation, world.sun, due=soon(100))
    prepare(evaluation, world.sun, report_due=soon(5))
    with on(soon(20)):
        with refused(InvalidInput, "report_due"):
            rectifying.issue_notice(evaluation=evaluation, actor=world.sun)
        prepare(evaluation, world.sun, report_due=soon(120))
        assert rectifying.issue_notice(evaluation=evaluation, actor=world.sun) == [item]


def test_a_letter_of_feedback_asks_for_no_report_whatever_was_prepared(world, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    prepare(evaluation, world.sun, report_due=soon(5))
    with on(soon(20)):
        bring(evaluation, Stage.CLOSED, walk_self(world))
    notice = evaluation.rectification_notices.get()
    assert (notice.kind, notice.report_due) == (NoticeKind.FEEDBACK, None)


def test_further_items_go_out_with_a_notice_of_their_own(world, item_at):
    first = item_at(ItemStage.CARRYING_OUT)
    further = [propose(world, first.evaluation, world.sun) for _ in range(2)]
    let(world.sun, world.chu)
    assert rectifying.issue_notice(evaluation=first.evaluation, actor=world.chu) == further
    for item in further:
        item.refresh_from_db()
    assert {item.stage for item in further} == {ItemStage.ISSUED}
    assert further[0].notice == further[1].notice != first.notice
    assert [number for _office, _year, number in numbers()] == [1, 2]
    event = AuditEvent.objects.filter(verb="issue_notice").latest("pk")
    assert (event.actor_id, event.data["on_behalf_of"]) == (world.chu.pk, world.sun.pk)


def test_each_unit_is_told_once_of_a_notice_whatever_it_asks_for(world, self_evaluation):
    items = issued_items(world, self_evaluation, {}, {}, {"responsible_unit": world.other_unit})
    notice = items[0].notice
    assert told(f"notice:{notice.pk}:{world.unit.pk}") == [world.lin, world.wang]
    assert told(f"notice:{notice.pk}:{world.other_unit.pk}") == [world.chen]


# --- its number ------------------------------------------------------------------------------


def test_each_office_numbers_its_notices_of_a_year_from_one(world, self_evaluation, commissioned_evaluation):
    with on(date(2026, 12, 30)):
        self_evaluation(Stage.CLOSED)
        commissioned_evaluation(Stage.CLOSED, kind=Kind.DEPARTMENT)
        self_evaluation(Stage.RECTIFICATION)
    with on(date(2027, 1, 4)):
        self_evaluation(Stage.CLOSED)
    bureau, department = world.bureau.name, world.department.name
    assert numbers() == [(bureau, 2026, 1), (department, 2026, 1), (bureau, 2026, 2), (bureau, 2027, 1)]


@pytest.mark.django_db(transaction=True)
def test_notices_that_go_out_at_once_get_one_number_each_without_a_gap(world, self_evaluation):
    evaluations = [self_evaluation(Stage.CONCLUSION) for _ in range(4)]
    details = {"total": Decimal("96.5"), "conclusion": "目标基本实现。"}
    calls = [at_step(Verb.CONCLUDE, open_task(each), world.zhou, **details) for each in evaluations]
    assert lost(at_once(*calls)) == []
    assert sorted(number for _office, _year, number in numbers()) == [1, 2, 3, 4]


def test_a_conclusion_that_was_refused_takes_no_number(world, item_at, self_evaluation):
    late = item_at(ItemStage.DRAFT, due=soon(1))
    with on(soon(3)), pytest.raises(InvalidInput):
        bring(late.evaluation, Stage.RECTIFICATION, walk_self(world))
    self_evaluation(Stage.CLOSED)
    assert [number for _office, _year, number in numbers()] == [1]


# --- what the database refuses ----------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approvals_rectificationnotice SET basis = 'forged'",
        "UPDATE approvals_rectificationnotice SET issued_at = NULL, year = NULL, number = NULL,"
        " issued_by_id = NULL",
        "DELETE FROM approvals_rectificationnotice",
    ],
)
def test_an_issued_notice_stays_as_it_went_out(self_evaluation, statement):
    self_evaluation(Stage.CLOSED)
    with refused_by_the_database("this notice was issued"):
        run_sql(statement)
