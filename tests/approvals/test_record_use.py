"""The use of a result: recorded with every conclusion, departing with a reason, changed by the concluders."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.actions import grant_role
from accounts.roles import Role
from approvals.models import ItemStage, ResultUse, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from audit_log.record import chain_faults, chain_of
from evaluations.models import Kind, Stage
from evaluations.policies.consequences import Consequence
from notices import messages
from tests.approvals.refusals import refused
from tests.approvals.test_telling import told
from tests.cast import bring_item, do, person, propose, soon
from tests.standing_in import let
from tests.workflow.test_integrity import seed
from workflow import services, uses

GIVING_USES = "0010_uses_of_older_conclusions"
CONCLUSION = {"conclusion": "目标基本实现。"}


def use_of(evaluation) -> ResultUse:
    return ResultUse.objects.get(evaluation=evaluation)


@pytest.fixture
def conclude(world, self_evaluation):
    """Conclude with a total, with or without an item."""

    def concluded(total: str, *, with_item: bool = False, **given):
        evaluation = self_evaluation(Stage.CONCLUSION)
        if with_item:
            propose(world, evaluation, world.zhou)
        do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(total), **CONCLUSION, **given)
        return evaluation

    return concluded


@pytest.mark.parametrize(
    ("total", "with_item", "expected"),
    [
        ("95", False, Consequence("support")),
        ("95", True, Consequence("keep")),
        ("85", False, Consequence("keep")),
        ("70", False, Consequence("cut", Decimal(10))),
        ("70", True, Consequence("cut", Decimal(20))),
        ("40", False, Consequence("cancel")),
        ("40", True, Consequence("hold")),
    ],
)
def test_a_conclusion_that_says_nothing_of_the_use_follows_the_table(conclude, total, with_item, expected):
    use = use_of(conclude(total, with_item=with_item))
    assert (use.chosen, use.by_table, use.departs, use.reason) == (expected, expected, False, "")
    assert use.rectification == ("open" if with_item else "none")


def test_a_departure_is_recorded_with_what_the_table_said_and_why(world, conclude):
    given = {"use": "cut", "percent": Decimal("12.5"), "use_reason": "项目已压缩规模。"}
    evaluation = conclude("70", **given)
    use = use_of(evaluation)
    assert (use.chosen, use.by_table) == (
        Consequence("cut", Decimal("12.5")),
        Consequence("cut", Decimal(10)),
    )
    assert (use.grade, use.decided_by, use.reason, use.departs) == (
        "中",
        world.zhou,
        "项目已压缩规模。",
        True,
    )
    event = AuditEvent.objects.get(chain=chain_of(evaluation.pk), verb="record_use")
    assert (event.actor_id, event.object_id) == (world.zhou.pk, use.pk)
    assert (event.data["percent"], event.data["table_percent"]) == ("12.50", "10.00")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"use": "keep"}, "use_reason"),
        ({"use": "keep", "use_reason": "  "}, "use_reason"),
        ({"use": "cut", "percent": Decimal(20)}, "use_reason"),
        ({"use": "cut"}, "percent"),
        ({"use": "cut", "percent": Decimal(0)}, "percent"),
        ({"use": "cut", "percent": Decimal("100.01")}, "percent"),
        ({"use": "cut", "percent": Decimal("10.005")}, "percent"),
        ({"use": "keep", "percent": Decimal(20)}, "percent"),
        ({"percent": Decimal(20)}, "percent"),
        ({"use": "double"}, "use"),
    ],
)
def test_a_use_that_cannot_be_is_refused_and_nothing_is_concluded(world, self_evaluation, given, field):
    evaluation = self_evaluation(Stage.CONCLUSION)
    with refused(InvalidInput, field):
        do(Verb.CONCLUDE, evaluation, world.zhou, total=Decimal(70), **CONCLUSION, **given)


def test_the_table_followed_in_words_needs_no_reason(conclude):
    assert not use_of(conclude("70", use="cut", percent=Decimal(10))).departs


# --- later ------------------------------------------------------------------------


def test_when_all_items_are_closed_whoever_concludes_is_told_what_the_table_says_now(world, conclude):
    evaluation = conclude("70", with_item=True)
    bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    assert use_of(evaluation).chosen == Consequence("cut", Decimal(20))
    (notice,) = told(messages.USE_BY_TABLE)
    assert notice["recipient_id"] == world.zhou.pk
    assert notice["values"] == {
        "project": evaluation.project.name,
        "stage": "cut back",
        "percent": " 10%",
    }


def test_nobody_is_told_when_the_table_says_the_same_after_rectification(world, conclude):
    evaluation = conclude("85", with_item=True)
    bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    assert told(messages.USE_BY_TABLE) == []


def test_a_reopened_item_makes_the_table_speak_again(world, conclude):
    evaluation = conclude("70", with_item=True)
    item = evaluation.items.get()
    bring_item(world, item, ItemStage.CLOSED)
    uses.change_use(evaluation=evaluation, actor=world.zhou)
    services.reopen(item=item, actor=world.sun, opinion="复发", due=soon())
    assert [notice["values"]["percent"] for notice in told(messages.USE_BY_TABLE)] == [" 10%", " 20%"]


def test_after_rectification_the_use_can_follow_the_table_again(world, conclude):
    evaluation = conclude("70", with_item=True)
    bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    uses.change_use(evaluation=evaluation, actor=world.zhou)
    use = use_of(evaluation)
    assert (use.chosen, use.rectification) == (Consequence("cut", Decimal(10)), "closed")
    assert [row.percent for row in use.history.order_by("history_id")] == [Decimal(20), Decimal(10)]
    event = AuditEvent.objects.get(chain=chain_of(evaluation.pk), verb="change_use")
    assert (event.data["before"]["percent"], event.data["percent"]) == ("20.00", "10.00")
    found = told(messages.USE_CHANGED)
    assert [notice["recipient_id"] for notice in found] == [world.lin.pk, world.wang.pk]
    assert {notice["values"]["percent"] for notice in found} == {" 10%"}


def test_a_use_can_be_confirmed_against_the_table_with_a_reason(world, conclude):
    evaluation = conclude("70", with_item=True)
    bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    given = {"use": "cut", "percent": Decimal(20)}
    with refused(InvalidInput, "use_reason"):
        uses.change_use(evaluation=evaluation, actor=world.zhou, **given)
    uses.change_use(evaluation=evaluation, actor=world.zhou, **given, use_reason="整改晚于期限。")
    use = use_of(evaluation)
    assert (use.chosen.percent, use.by_table.percent) == (Decimal(20), Decimal(10))


def test_a_use_that_stays_as_it_is_is_no_change(world, conclude):
    evaluation = conclude("70")
    with refused(InvalidInput, "use"):
        uses.change_use(evaluation=evaluation, actor=world.zhou)


@pytest.mark.parametrize("name", ["lin", "wang", "zhao", "qian", "sun", "feng", "wei", "wu"])
def test_only_whoever_concludes_changes_the_use(world, conclude, name):
    evaluation = conclude("70")
    with refused(NotAllowed):
        uses.change_use(evaluation=evaluation, actor=world.people[name], use="keep", use_reason="理由")


def test_a_departments_own_evaluation_is_its_heads_to_use(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.CLOSED, kind=Kind.DEPARTMENT)
    with refused(NotAllowed):
        uses.change_use(evaluation=evaluation, actor=world.zhou, use="keep", use_reason="理由")
    uses.change_use(evaluation=evaluation, actor=world.qian, use="keep", use_reason="项目已到期。")
    assert use_of(evaluation).decided_by == world.qian


def test_whoever_reviewed_the_dossier_does_not_change_its_use(world, conclude):
    evaluation = conclude("70")
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.FINANCE_CHIEF)
    with refused(ConflictOfInterest):
        uses.change_use(evaluation=evaluation, actor=world.sun, use="keep", use_reason="理由")


def test_a_stand_in_of_several_changes_the_use_for_the_one_who_did_not_review_the_dossier(world, conclude):
    evaluation = conclude("70")
    grant_role(actor=None, user=world.sun, organization=world.bureau, role=Role.FINANCE_CHIEF)
    stand_in = person("heir", "小沈", Role.FINANCE_OFFICER, world.bureau)
    for chief in (world.sun, world.zhou):
        let(chief, stand_in)
    uses.change_use(evaluation=evaluation, actor=stand_in, use="keep", use_reason="项目已到期。")
    event = AuditEvent.objects.get(verb="change_use")
    assert (event.actor_id, event.data["on_behalf_of"]) == (stand_in.pk, world.zhou.pk)


def test_nothing_is_used_before_it_is_concluded(world, self_evaluation):
    evaluation = self_evaluation(Stage.CONCLUSION)
    with refused(WrongStage):
        uses.change_use(evaluation=evaluation, actor=world.zhou, use="keep", use_reason="理由")


# --- what the database refuses -------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"use": "cut", "percent": None, "reason": "理由"},
        {"use": "cut", "percent": Decimal(0), "reason": "理由"},
        {"use": "cut", "percent": Decimal("100.01"), "reason": "理由"},
        {"use": "keep", "percent": Decimal(20), "reason": "理由"},
        {"table_use": "cut", "table_percent": None, "reason": "理由"},
        {"use": "cancel"},
        {"use": "cut", "percent": Decimal(10)},
    ],
)
def test_the_database_refuses_a_use_that_cannot_be(conclude, values):
    use = use_of(conclude("85"))
    for name, value in values.items():
        setattr(use, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        use.save_as(None, "by hand")


def test_a_cut_by_another_percentage_than_the_tables_needs_its_reason_in_the_database_too(conclude):
    use = use_of(conclude("70"))
    use.percent = Decimal(15)
    with pytest.raises(IntegrityError), transaction.atomic():
        use.save_as(None, "by hand")


# --- conclusions from before ---------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "with_item", "closed", "expected"),
    [
        ("95", False, False, ("support", None, "none")),
        ("70", True, False, ("cut", Decimal(20), "open")),
        ("70", True, True, ("cut", Decimal(10), "closed")),
    ],
)
def test_a_conclusion_from_before_gets_the_use_that_the_table_names(
    world, conclude, total, with_item, closed, expected
):
    evaluation = conclude(total, with_item=with_item)
    if closed:
        bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    seed(
        ("DELETE FROM approvals_resultuse WHERE evaluation_id = %s", evaluation.pk),
        ("DELETE FROM approvals_historicalresultuse WHERE evaluation_id = %s", evaluation.pk),
    )
    migration = import_module(f"approvals.migrations.{GIVING_USES}")
    then = MigrationLoader(connection).project_state(("approvals", GIVING_USES)).apps
    for _again in range(2):
        migration.give_uses(then, connection.schema_editor())
    use = use_of(evaluation)
    assert (use.use, use.percent, use.rectification) == expected
    assert (use.decided_by, use.history.count()) == (world.zhou, 1)
    assert list(chain_faults(chain_of(evaluation.pk))) == []
