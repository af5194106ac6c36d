"""Approving many of one kind at once: each row by itself, with the checks of one."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import Decision, Verb
from audit_log.errors import InvalidInput
from audit_log.models import AuditEvent, Refusal
from audit_log.origin import coming_from
from evaluations.models import Evaluation, Stage
from notices.models import Notice
from tests.cast import do, open_task
from tests.refusing_database import WORDS, fails_at_task
from tests.workflow.several import (
    an_error,
    asked,
    chosen,
    claimed,
    codes,
    contents,
    several,
)
from workflow import services
from workflow.bulk import MOST, Chosen, bulk_approve, dry_run
from workflow.models import FlowTask

REFUSALS = "audit_log_refusal"


@pytest.fixture(autouse=True)
def in_english():
    """Refusals are read in English here."""
    with translation.override("en"):
        yield


def stages(evaluations: list[Evaluation]) -> list[str]:
    """Where they stand now."""
    found = dict(Evaluation.objects.values_list("pk", "stage"))
    return [found[evaluation.pk] for evaluation in evaluations]


def test_twenty_are_approved_but_for_two_that_say_why(world, self_evaluation):
    evaluations = several(self_evaluation, 20)
    claimed(evaluations[3], world.qian)
    asked(evaluations[7], world.qian)
    rows = chosen(*evaluations)
    results = bulk_approve(world.zhao, rows, "材料齐全。")
    assert [result.task_id for result in results] == [row.task_id for row in rows]
    refused = {place: code for place, code in enumerate(codes(results)) if code}
    assert refused == {3: "not_allowed", 7: "invalid_input"}
    assert "somebody else's hands" in str(results[3].refusal)
    assert "1 question to the unit is open" in str(results[7].refusal)
    expected = [Stage.DEPARTMENT_REVIEW if place in refused else Stage.FINANCE_REVIEW for place in range(20)]
    assert stages(evaluations) == expected
    decisions = Decision.objects.filter(verb=Verb.APPROVE, stage=Stage.DEPARTMENT_REVIEW)
    assert decisions.filter(actor=world.zhao, opinion="材料齐全。").count() == 18
    assert sorted(Refusal.objects.values_list("object_id", "code")) == sorted(
        (rows[place].task_id, code) for place, code in refused.items()
    )


@pytest.mark.parametrize("verb", [dry_run, bulk_approve])
def test_a_row_at_which_the_program_fails_says_so_and_stops_no_other(world, self_evaluation, caplog, verb):
    evaluations = several(self_evaluation, 3)
    rows = chosen(*evaluations)
    fails_at_task(rows[1].task_id)
    results = [getattr(each, "result", each) for each in verb(world.zhao, rows, "同意。")]
    assert codes(results) == ["", "error", ""]
    assert "nothing was decided" in str(results[1].refusal)
    assert WORDS in caplog.text
    moved = Stage.DEPARTMENT_REVIEW if verb is dry_run else Stage.FINANCE_REVIEW
    assert stages(evaluations) == [moved, Stage.DEPARTMENT_REVIEW, moved]


def test_each_row_has_its_event_its_notice_and_its_next_step_as_if_approved_alone(world, self_evaluation):
    alone, first, second = several(self_evaluation, 3)
    do(Verb.APPROVE, alone, world.zhao, opinion="同意。")
    with coming_from("web 10.1.2.3"):
        bulk_approve(world.zhao, chosen(first, second), "同意。")
    events = AuditEvent.objects.filter(verb="approve", data__stage=Stage.DEPARTMENT_REVIEW)
    said = {event.chain: {**event.data, "content": ""} for event in events}
    assert len(said) == 3
    assert len({str(data) for data in said.values()}) == 1
    assert list(events.order_by("pk").values_list("origin", flat=True)) == [
        "",
        "web 10.1.2.3, 2 at once",
        "web 10.1.2.3, 2 at once",
    ]
    assert [open_task(evaluation).right for evaluation in (alone, first, second)] == ["review_finance"] * 3
    told = set(Notice.objects.values_list("source", flat=True))
    assert told == {f"decision:{pk}" for pk in Decision.objects.values_list("pk", flat=True)}


def test_finance_accepts_for_the_record_where_the_step_offers_that(world, self_evaluation):
    evaluations = several(self_evaluation, 2, Stage.FINANCE_REVIEW)
    assert codes(bulk_approve(world.sun, chosen(*evaluations))) == ["", ""]
    assert stages(evaluations) == [Stage.CONCLUSION] * 2
    assert Decision.objects.filter(verb=Verb.ACCEPT, actor=world.sun).count() == 2


# --- every way to be refused ------------------------------------------------------


def somebody_has_it(world, evaluation):
    claimed(evaluation, world.qian)
    return world.zhao, chosen(evaluation)


def somebody_was_faster(world, evaluation):
    rows = chosen(evaluation)
    do(Verb.APPROVE, evaluation, world.qian)
    return world.zhao, rows


def done_before(world, evaluation):
    rows = chosen(evaluation)
    do(Verb.APPROVE, evaluation, world.zhao)
    return world.zhao, rows


def of_another_department(world, evaluation):
    return world.chu, chosen(evaluation)


def readable_but_not_theirs(world, evaluation):
    return world.feng, chosen(evaluation)


def of_nobody(world, evaluation):
    return world.zhao, [Chosen(10**17)]


def had_a_hand_in(world, evaluation):
    grant_role(actor=None, user=world.wang, organization=world.department, role=Role.DEPARTMENT_REVIEWER)
    return world.wang, chosen(evaluation)


def a_question_is_open(world, evaluation):
    asked(evaluation, world.zhao)
    return world.zhao, chosen(evaluation)


def a_finding_was_dismissed_since(world, evaluation):
    (preview,) = dry_run(world.zhao, chosen(evaluation))
    services.dismiss(finding=an_error(evaluation), actor=world.qian, reason="原因已在附件说明。")
    return world.zhao, [Chosen(preview.result.task_id, preview.facts.seen)]


def never_looked_at(world, evaluation):
    return world.zhao, [Chosen(open_task(evaluation).pk, "")]


def returned_and_handed_in_again(world, evaluation):
    (preview,) = dry_run(world.zhao, chosen(evaluation))
    do(Verb.RETURN, evaluation, world.qian, opinion="请补充。", to=Stage.UNIT_APPROVAL)
    do(Verb.APPROVE, evaluation, world.wang)
    return world.zhao, [Chosen(preview.result.task_id, preview.facts.seen)]


@pytest.mark.parametrize(
    ("scene", "code", "words"),
    [
        (somebody_has_it, "not_allowed", "in somebody else's hands"),
        (somebody_was_faster, "already_handled", "Somebody else has handled this"),
        (done_before, "already_handled", "You have handled this already"),
        (of_another_department, "not_found", "does not exist, or it is not yours"),
        (readable_but_not_theirs, "not_found", "does not exist, or it is not yours"),
        (of_nobody, "not_found", "does not exist, or it is not yours"),
        (had_a_hand_in, "conflict_of_interest", "somebody else has to decide"),
        (a_question_is_open, "invalid_input", "question to the unit is open"),
        (a_finding_was_dismissed_since, "outdated", "changed since you looked"),
        (never_looked_at, "outdated", "changed since you looked"),
        (returned_and_handed_in_again, "already_handled", "Somebody else has handled this"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_refused_row_says_why_and_leaves_one_line_and_nothing_else(
    world, self_evaluation, scene, code, words
):
    actor, rows = scene(world, self_evaluation(Stage.DEPARTMENT_REVIEW))
    before, lines = contents(REFUSALS), Refusal.objects.count()
    (result,) = bulk_approve(actor, rows, "同意。")
    assert (result.refusal.code, contents(REFUSALS)) == (code, before)
    assert words in str(result.refusal)
    assert Refusal.objects.count() == lines + 1
    line = Refusal.objects.latest("pk")
    assert (line.object_id, line.code, line.actor_id) == (rows[0].task_id, code, actor.pk)


def test_a_row_that_is_not_the_persons_names_nothing(world, self_evaluation):
    rows = chosen(self_evaluation(Stage.DEPARTMENT_REVIEW))
    for actor in (world.chu, world.feng, world.wei):
        assert [result.task for result in bulk_approve(actor, rows)] == [None]
        assert [(each.result.task, each.facts) for each in dry_run(actor, rows)] == [(None, None)]


@pytest.mark.parametrize(("stage", "name"), [(Stage.SELF_ASSESSMENT, "lin"), (Stage.CONCLUSION, "zhou")])
def test_a_step_that_asks_for_more_than_agreement_is_left_to_its_own_page(
    world, self_evaluation, stage, name
):
    evaluation = self_evaluation(stage)
    (result,) = bulk_approve(world.people[name], chosen(evaluation))
    assert result.refusal.code == "wrong_stage"
    assert stages([evaluation]) == [stage]


def test_a_step_of_a_rectification_item_is_left_to_its_own_page(world, item_at):
    task = open_task(item_at("department_verification"))
    (result,) = bulk_approve(world.zhao, [Chosen(task.pk)])
    assert result.refusal.code == "wrong_stage"


# --- the whole list ------------------------------------------------------------------


def test_what_is_chosen_twice_is_approved_once(world, self_evaluation):
    rows = chosen(self_evaluation(Stage.DEPARTMENT_REVIEW))
    assert codes(bulk_approve(world.zhao, rows * 3)) == [""]
    assert Refusal.objects.count() == 0


def test_steps_of_two_stages_are_refused_together_and_nothing_is_done(world, self_evaluation):
    grant_role(actor=None, user=world.zhao, organization=world.bureau, role=Role.FINANCE_OFFICER)
    evaluations = [self_evaluation(Stage.DEPARTMENT_REVIEW), self_evaluation(Stage.FINANCE_REVIEW)]
    before = contents(REFUSALS)
    with pytest.raises(InvalidInput, match="Choose matters of one kind"):
        bulk_approve(world.zhao, chosen(*evaluations))
    assert contents(REFUSALS) == before
    assert list(Refusal.objects.values_list("verb", "code")) == [("bulk_approve", "invalid_input")]


def test_more_than_two_hundred_are_refused_before_anything_is_read(world):
    rows = [Chosen(number) for number in range(1, MOST + 2)]
    with pytest.raises(InvalidInput, match="At most 200"):
        bulk_approve(world.zhao, rows)
    with pytest.raises(InvalidInput, match="you chose 201"):
        dry_run(world.zhao, rows)
    assert len(bulk_approve(world.zhao, rows[:MOST])) == MOST


def test_the_second_of_two_clicks_finds_everything_handled_already(world, self_evaluation):
    evaluations = several(self_evaluation, 3)
    rows = [
        Chosen(preview.result.task_id, preview.facts.seen)
        for preview in dry_run(world.zhao, chosen(*evaluations))
    ]
    assert codes(bulk_approve(world.zhao, rows)) == [""] * 3
    decisions = Decision.objects.count()
    assert codes(bulk_approve(world.zhao, rows)) == ["already_handled"] * 3
    assert Decision.objects.count() == decisions


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_at_the_same_moment_share_the_rows_between_them(world, self_evaluation):
    evaluations = several(self_evaluation, 6)
    rows = [
        Chosen(preview.result.task_id, preview.facts.seen)
        for preview in dry_run(world.zhao, chosen(*evaluations))
    ]
    barrier, found = threading.Barrier(2), {}

    def confirm(person, order):
        try:
            barrier.wait(60)
            found[person.pk] = bulk_approve(person, order)
        finally:
            connection.close()

    people = [(world.zhao, rows), (world.qian, rows[::-1])]
    threads = [threading.Thread(target=confirm, args=pair) for pair in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    by_row = {row.task_id: [] for row in rows}
    for results in found.values():
        for result, code in zip(results, codes(results), strict=True):
            by_row[result.task_id].append(code)
    assert {tuple(sorted(pair)) for pair in by_row.values()} == {("", "already_handled")}
    assert stages(evaluations) == [Stage.FINANCE_REVIEW] * 6
    assert Decision.objects.filter(stage=Stage.DEPARTMENT_REVIEW).count() == 6


# --- what it costs -----------------------------------------------------------------------


def statements(action) -> int:
    with CaptureQueriesContext(connection) as queries:
        action()
    return len(queries)


@pytest.mark.parametrize("verb", [dry_run, bulk_approve])
def test_each_row_costs_the_same_number_of_statements(world, self_evaluation, verb):
    costs = []
    for number in (1, 3, 6):
        rows = [
            Chosen(each.result.task_id, each.facts.seen)
            for each in dry_run(world.zhao, chosen(*several(self_evaluation, number)))
        ]
        costs.append(statements(lambda rows=rows: verb(world.zhao, rows)))
    one, three, six = costs
    assert (three - one) * 3 == (six - three) * 2
    assert (three - one) / 2 <= 25
    assert FlowTask.objects.filter(status="NEW", stage=Stage.FINANCE_REVIEW).exists() is (
        verb is bulk_approve
    )
