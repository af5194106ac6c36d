"""The exchange of views in the printed report."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from accounts.roles import Role
from approvals.documents.builder import report_of
from approvals.documents.rendering import render_pdf
from approvals.exchange import exchange_of
from approvals.models import Verb
from evaluations.models import Stage
from tests.approvals.documents.reading import squeezed, text_of
from tests.cast import do, person
from tests.exchange import objecting, put_to_the_unit
from tests.signing import signed_evaluation


@pytest.fixture
def considered(world, commissioned_evaluation):
    """One objection adopted, one not; the department agrees."""
    evaluation = put_to_the_unit(world, commissioned_evaluation)
    views = objecting(evaluation, {2: "模块已于年后交付。"}, further=["没有提到满意度提高。"])
    do(Verb.ANSWER, evaluation, world.lin, opinion="对一项有异议。", views=views)
    do(Verb.ANSWER, evaluation, world.qian, opinion="部门同意。")
    first, second = exchange_of(evaluation).objections
    considered = {first.pk: (True, "验收单属实。"), second.pk: (False, "依据不足。")}
    do(Verb.CONSIDER, evaluation, world.sun, considered=considered)
    return evaluation


def test_each_point_stands_with_every_view_and_what_was_made_of_it(considered):
    exchange = report_of(considered).exchange
    assert [(point.number, len(point.views)) for point in exchange.points] == [
        (1, 2),
        (2, 2),
        (3, 2),
        (4, 2),
        (None, 1),
    ]
    assert exchange.points[0].total == Decimal("90")
    objection, agreement = exchange.points[1].views
    assert (objection.text, objection.reason, agreement.made) == ("模块已于年后交付。", "验收单属实。", "")
    assert exchange.points[4].views[0].reason == "依据不足。"
    assert [each.opinion for each in exchange.addressees] == ["对一项有异议。", "部门同意。"]


def test_the_exchange_is_printed(considered):
    with override("en"):
        printed = squeezed(text_of(render_pdf(report_of(considered), "en")))
    for words in (
        "Exchangeofviews",
        "模块已于年后交付。",
        "验收单属实。",
        "没有提到满意度提高。",
        "依据不足。",
    ):
        assert words in printed


def test_a_self_assessment_has_no_exchange(self_evaluation):
    assert report_of(self_evaluation(Stage.CLOSED)).exchange is None


def test_a_conclusion_that_has_still_to_be_signed_is_not_printed_as_one(world, commissioned_evaluation):
    head, leader = person("ma", "小马"), person("he", "小何", Role.BUREAU_LEADER, world.bureau)
    evaluation = signed_evaluation(world, commissioned_evaluation, stage=Stage.CONCLUSION, group_head=head)
    do(Verb.SIGN, evaluation, head)
    do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal("90"), conclusion="实现了预期目标。")
    report = report_of(evaluation)
    assert (report.conclusion, report.totals.concluded) == ("", None)
    with override("en"):
        assert any("signed" in str(note) for note in report.notes)
    do(Verb.SIGN, evaluation, leader)
    report = report_of(evaluation)
    assert (report.conclusion, report.totals.concluded) == ("实现了预期目标。", Decimal("90"))
