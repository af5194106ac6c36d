"""Trying an approval of many: no trace is left, and what to know stands beside each row."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import Verb
from evaluations.models import Evaluation, ScoreSource, Stage
from tests.cast import do, propose
from tests.workflow.several import (
    an_error,
    asked,
    chosen,
    claimed,
    codes,
    contents,
    several,
    without_errors,
)
from workflow import services
from workflow.bulk import Chosen, bulk_approve, dry_run
from workflow.bulk_facts import facts_of
from workflow.models import FlowTask


def test_a_dry_run_leaves_no_trace_and_says_what_then_happens(world, self_evaluation):
    evaluations = several(self_evaluation, 4)
    claimed(evaluations[1], world.qian)
    asked(evaluations[2], world.qian)
    rows = [*chosen(*evaluations), Chosen(10**17)]
    before = contents()
    previews = dry_run(world.zhao, rows, "同意。")
    assert contents() == before
    results = bulk_approve(world.zhao, rows, "同意。")
    said = [(each.result.next_stage, str(each.result.refusal)) for each in previews]
    assert said == [(each.next_stage, str(each.refusal)) for each in results]
    assert codes(results) == ["", "not_allowed", "invalid_input", "", "not_found"]


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_leaves_no_trace_where_each_row_is_a_transaction_of_its_own(world, self_evaluation):
    evaluations = several(self_evaluation, 2)
    asked(evaluations[1], world.qian)
    rows = chosen(*evaluations)
    before = contents()
    assert codes(each.result for each in dry_run(world.zhao, rows)) == ["", "invalid_input"]
    assert contents() == before


def test_a_table_that_changes_is_seen_by_the_comparison(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    before = contents()
    do(Verb.APPROVE, evaluation, world.zhao)
    changed = {name for name, digest in contents().items() if digest != before[name]}
    assert {
        "approvals_decision",
        "audit_log_auditevent",
        "notices_notice",
        "workflow_flowtask",
    } <= changed


def test_a_dossier_with_an_error_that_no_reviewer_settled_is_not_chosen_at_first(world, self_evaluation):
    clean, faulty, settled = without_errors(world), *several(self_evaluation, 2)
    services.dismiss(finding=an_error(settled), actor=world.zhao, reason="顺延已批准。")
    previews = dry_run(world.zhao, chosen(clean, faulty, settled))
    assert [preview.facts.errors for preview in previews] == [0, 1, 0]
    assert [preview.is_chosen_at_first for preview in previews] == [True, False, True]
    assert [preview.facts.warnings for preview in previews] == [8, 7, 7]


def test_a_dismissal_after_which_somebody_asked_settles_nothing(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.dismiss(finding=an_error(evaluation), actor=world.zhao, reason="顺延已批准。")
    services.withdraw_question(question=asked(evaluation, world.qian), actor=world.qian)
    (preview,) = dry_run(world.zhao, chosen(evaluation))
    assert (preview.facts.errors, preview.is_chosen_at_first) == (1, False)


def test_a_refused_row_is_not_chosen_at_first(world):
    evaluation = without_errors(world)
    claimed(evaluation, world.qian)
    (preview,) = dry_run(world.zhao, chosen(evaluation))
    assert (preview.facts.errors, preview.is_chosen_at_first) == (0, False)


def test_a_dossier_that_the_person_has_begun_is_not_chosen_at_first(world):
    evaluation = without_errors(world)
    task = claimed(evaluation, world.zhao)
    services.keep_typed(
        process_id=task.process_id, task_id=task.pk, actor=world.zhao, typed={"opinion": "待核对。"}
    )
    (preview,) = dry_run(world.zhao, chosen(evaluation))
    assert (preview.facts.has_draft, preview.is_chosen_at_first) == (True, False)


def test_the_facts_tell_missed_targets_adjusted_scores_and_the_totals(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    first = evaluation.indicators.get(name="上线业务模块")
    do(
        Verb.APPROVE,
        evaluation,
        world.zhao,
        scores={first.pk: (Decimal("18.00"), "验收单只列二十五个模块。")},
        adjusted={},
    )
    assert first.scores.filter(source=ScoreSource.DEPARTMENT).exists()
    (preview,) = dry_run(world.sun, chosen(evaluation))
    facts = preview.facts
    assert (facts.adjusted, facts.missed, facts.indicators) == (1, 1, 8)
    assert (facts.stated, facts.least, facts.most) == (Decimal("98.24"), Decimal("93.24"), Decimal("98.24"))
    assert facts.difference == 0


def test_an_item_proposed_from_a_finding_settles_it(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    propose(world, evaluation, world.zhao, finding=an_error(evaluation))
    (preview,) = dry_run(world.zhao, chosen(evaluation))
    assert preview.facts.errors == 0


def test_the_facts_of_three_cost_no_more_statements_than_those_of_one(world, self_evaluation):
    evaluations = several(self_evaluation, 3)
    Evaluation.objects.update(stated_total=None)  # where the unit printed none, the policy's rule is asked
    tasks = [FlowTask.objects.get(pk=row.task_id) for row in chosen(*evaluations)]
    costs = []
    for some in (tasks[:1], tasks):
        with CaptureQueriesContext(connection) as queries:
            facts_of(some, world.zhao)
        costs.append(len(queries))
    assert costs[0] == costs[1]
