"""Handing in with findings: errors take a reason, warnings one tick, notes nothing; what was found stays."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.actions.gate import Explanations, is_real_reason
from approvals.findings import OF_THE_MATERIAL, findings_now
from approvals.findings_on_record import FindingsOnRecord
from approvals.models import RecordedFinding, Verb
from audit_log.errors import InvalidInput
from audit_log.models import AuditEvent
from evaluations.actions import DossierChanges
from evaluations.models import Evaluation, Stage
from tests.approvals.refusals import refused
from tests.cast import EXPLAINED, do
from tests.workflow.reading import save
from workflow import services

UNMET = "reason-missing:上线业务模块"
REASON = "两个模块的需求到年底才确认，顺延到次年交付。"
UNDER_WEIGHT = DossierChanges(
    evaluation={"stated_total": Decimal("93.4")},
    budget={"weight": Decimal(5), "stated_score": Decimal("4.83")},
)


def now(evaluation, *more):
    """What the checks find in the evaluation as stored, by key."""
    fresh = Evaluation.objects.get(pk=evaluation.pk)
    return {found.key: found for found in findings_now(fresh, *more)}


def reasons_for(found, text=REASON):
    return {key: text for key, each in found.items() if each.is_error}


def test_an_error_without_a_reason_stops_the_dossier_at_the_field_of_its_reason(world, self_evaluation):
    evaluation = self_evaluation()
    save(evaluation, world.lin, UNDER_WEIGHT)
    found = now(evaluation)
    assert found["weights-total:Total of weights"].is_error
    errors = [each.field for each in found.values() if each.is_error]
    with refused(InvalidInput, *errors):
        do(Verb.SUBMIT, evaluation, world.lin, explanations=Explanations(acknowledged=True))


def test_the_refusal_says_what_does_not_agree_with_the_figures_in_it(world, self_evaluation):
    evaluation = self_evaluation()
    save(evaluation, world.lin, UNDER_WEIGHT)
    field = now(evaluation)["weights-total:Total of weights"].field
    with pytest.raises(InvalidInput) as caught:
        do(Verb.SUBMIT, evaluation, world.lin, explanations=Explanations())
    (message,) = caught.value.fields[field]
    assert "95" in str(message)
    assert "100" in str(message)


@pytest.mark.parametrize("said", ["", "  ", "无", "—", "不适用", "同上", "无。", "……", "哈哈哈哈", "已核"])
def test_a_reason_that_says_nothing_is_none(said):
    assert not is_real_reason(said)


def test_each_error_needs_its_own_reason(world, self_evaluation):
    evaluation = self_evaluation()
    save(evaluation, world.lin, UNDER_WEIGHT)
    found = now(evaluation)
    given = Explanations({UNMET: REASON}, acknowledged=True)
    others = [each.field for key, each in found.items() if each.is_error and key != UNMET]
    assert others
    with refused(InvalidInput, *others):
        do(Verb.SUBMIT, evaluation, world.lin, explanations=given)


def test_warnings_are_acknowledged_with_one_tick(world, self_evaluation):
    evaluation = self_evaluation()
    found = now(evaluation)
    assert sum(each.is_warning for each in found.values()) > 1
    with refused(InvalidInput, "acknowledged"):
        do(Verb.SUBMIT, evaluation, world.lin, explanations=Explanations(reasons_for(found)))


def test_what_was_found_travels_with_the_dossier_with_what_was_said_to_it(world, self_evaluation):
    evaluation = self_evaluation()
    found = now(evaluation)
    given = Explanations(reasons_for(found), acknowledged=True)
    decision = do(Verb.SUBMIT, evaluation, world.lin, explanations=given)
    rows = list(RecordedFinding.objects.filter(decision=decision))
    assert [row.fingerprint for row in rows] == [each.fingerprint for each in found.values()]
    unmet = next(row for row in rows if row.code == "reason-missing")
    assert (unmet.severity, unmet.reason, unmet.round) == ("error", REASON, 1)
    assert unmet.indicator == evaluation.indicators.get(name="上线业务模块")
    assert (unmet.subject, unmet.stated, unmet.expected) == ("上线业务模块", "26个", "≥28个")
    assert "26个" in unmet.message
    assert all(row.acknowledged for row in rows if row.severity == "warning")
    event = AuditEvent.objects.get(object_type="decision", object_id=decision.pk)
    assert [each["fingerprint"] for each in event.data["findings"]] == [row.fingerprint for row in rows]
    assert {each["reason"] for each in event.data["findings"] if each["reason"]} == {REASON}


def test_a_dossier_without_errors_asks_for_no_reason(world, self_evaluation):
    evaluation = self_evaluation()
    row = evaluation.indicators.get(name="上线业务模块")
    row.deviation_reason = REASON
    row.save_as(world.lin)
    assert not [key for key, each in now(evaluation).items() if each.is_error]
    do(Verb.SUBMIT, evaluation, world.lin, explanations=Explanations(acknowledged=True))
    assert evaluation.stage == Stage.UNIT_APPROVAL


def test_the_same_doubt_in_the_next_round_is_the_same_and_other_figures_are_a_new_one(world, self_evaluation):
    evaluation = self_evaluation()
    given = Explanations(reasons_for(now(evaluation)), acknowledged=True)
    do(Verb.SUBMIT, evaluation, world.lin, explanations=given)
    do(Verb.RETURN, evaluation, world.wang, opinion="请再核对。")
    same = now(evaluation)[UNMET]
    known = FindingsOnRecord(evaluation).reasons
    assert known[same.fingerprint] == REASON
    row = evaluation.indicators.get(name="上线业务模块")
    row.actual_value, row.actual_text = Decimal(25), "25个"
    row.save_as(world.lin)
    other = now(evaluation)[UNMET]
    assert other.key == same.key
    assert other.fingerprint not in known


def test_the_findings_of_each_round_are_kept(world, self_evaluation):
    evaluation = self_evaluation()
    do(Verb.SUBMIT, evaluation, world.lin)
    do(Verb.RETURN, evaluation, world.wang, opinion="请再核对。")
    do(Verb.SUBMIT, evaluation, world.lin)
    record = FindingsOnRecord(evaluation)
    assert {found.round for found in record.all} == {1, 2}
    assert {found.round for found in record.latest} == {2}


def test_a_finding_outlives_the_row_that_it_speaks_of(world, self_evaluation):
    evaluation = self_evaluation()
    do(Verb.SUBMIT, evaluation, world.lin)
    do(Verb.RETURN, evaluation, world.wang, opinion="请删去这一项。")
    row = evaluation.indicators.get(name="上线业务模块")
    row._history_user = world.lin
    row.delete()
    unmet = RecordedFinding.objects.get(evaluation=evaluation, code="reason-missing")
    assert unmet.subject_text == "上线业务模块"


def test_the_scheme_that_the_evaluation_started_with_is_the_one_that_counts(world, self_evaluation):
    evaluation = self_evaluation()
    save(evaluation, world.lin, UNDER_WEIGHT)
    found = now(evaluation)
    assert "scheme-weights:Execution rate" in found


def test_a_unit_that_supplies_material_answers_for_its_money_only(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    found = now(evaluation)
    assert any(each.is_error for each in found.values())
    assert not any(each.finding.code in OF_THE_MATERIAL for each in found.values() if each.is_error)
    do(Verb.SUPPLY, evaluation, world.lin, opinion="材料一份。", explanations=Explanations(acknowledged=True))
    assert RecordedFinding.objects.filter(evaluation=evaluation, severity="error", reason="").exists()


def test_money_that_does_not_agree_stops_the_material(world, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    save(evaluation, world.lin, DossierChanges(budget={"annual": Decimal(500), "paid": Decimal(520)}))
    field = now(evaluation)[next(key for key in now(evaluation) if key.startswith("overspent"))].field
    with refused(InvalidInput, field):
        do(
            Verb.SUPPLY,
            evaluation,
            world.lin,
            opinion="材料一份。",
            explanations=Explanations(acknowledged=True),
        )


def test_the_evaluator_explains_a_total_that_is_not_the_experts_own(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    draft = {"total": Decimal(80), "conclusion": "初步结论：良。"}
    found = now(evaluation, Decimal(80), "良")
    assert any(key.startswith("total-mismatch") for key in found)
    fields = [each.field for each in found.values() if each.is_error]
    with refused(InvalidInput, *fields):
        do(Verb.DRAFT, evaluation, world.sun, explanations=Explanations(acknowledged=True), **draft)
    do(Verb.DRAFT, evaluation, world.sun, explanations=EXPLAINED, **draft)
    assert evaluation.stage == Stage.EXCHANGE_OF_VIEWS


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET text = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
@pytest.mark.parametrize("table", ["approvals_recordedfinding", "approvals_findingturn"])
def test_what_was_found_and_done_is_neither_changed_nor_removed(world, self_evaluation, statement, table):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    from_the_lead = RecordedFinding.objects.filter(evaluation=evaluation).first()
    assert from_the_lead is not None
    column = "reason" if table == "approvals_recordedfinding" else "text"
    sql = statement.format(table).replace("text", column)
    if table == "approvals_findingturn" and not sql.startswith("TRUNCATE"):
        services.dismiss(finding=from_the_lead, actor=world.zhao, reason="已核对原始凭证。")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
