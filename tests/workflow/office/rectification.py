"""The same office once items are being put right: what is done at their steps and beside them, by anybody."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from accounts.models import User
from accounts.roles import Role
from approvals.models import ENDED, Extension, ItemStage, RectificationItem, Verb
from audit_log.errors import JihengError
from evaluations.models import Evaluation, Stage
from tests.cast import soon
from tests.workflow.office import ending, moves
from tests.workflow.office.machine import Course, fresh, indexes
from tests.workflow.office.people import Office
from workflow import rectifying, services
from workflow.access import waiting_for
from workflow.models import OPEN, FlowTask

ITEMS, AMOUNT = 2, Decimal("10")
VERIFYING = (ItemStage.DEPARTMENT_VERIFICATION, ItemStage.FINANCE_VERIFICATION)
# Whoever would do it in an office; a random person mostly may not.
USUALLY = {
    "sample": Role.FINANCE_OFFICER,
    "reopen": Role.FINANCE_OFFICER,
    "answer_extension": Role.FINANCE_OFFICER,
    "cancel": Role.BUREAU_LEADER,
    "ask_extension": Role.PROJECT_LEAD,
    "note_progress": Role.PROJECT_LEAD,
    "issue_notice": Role.FINANCE_OFFICER,
    "prepare_notice": Role.FINANCE_OFFICER,
}


class Rectifying(Course):
    """An evaluation by a random policy, from its rectification on."""

    @initialize(data=st.data())
    def open(self, data: Any) -> None:
        super().open(data)
        bring_to_rectification(self.office, self.present())

    @rule(index=indexes, who=indexes, verb=st.sampled_from(sorted(USUALLY)), days=st.integers(1, 60))
    def somebody_acts_beside_the_steps(self, index: int, who: int, verb: str, days: int) -> None:
        """Two times in three whoever usually does it, else anybody."""
        items = list(RectificationItem.objects.order_by("pk"))
        if not items:
            return
        holders = self.office.holders(USUALLY[verb])
        person = holders[who % len(holders)] if holders and who % 3 else self.person(who)
        door = beside(verb, items[index % len(items)], person, days)
        if door is not None:
            self.try_to(verb, door)

    @rule(index=indexes, who=indexes, part=st.decimals("0.000001", AMOUNT, places=6))
    def somebody_verifies_a_part(self, index: int, who: int, part: Decimal) -> None:
        tasks = [task for task in self.tasks() if task.stage in VERIFYING]
        if not tasks:
            return
        task = tasks[index % len(tasks)]
        asked = [person for person in self.office.people if waiting_for(fresh(person)).filter(pk=task.pk)]
        person = asked[who % len(asked)] if asked else self.person(who)
        words = {"opinion": "核对缴款凭证。", "settled": part}
        place = moves.place_of(task)
        self.try_to("verify a part", lambda: services.perform(Verb.VERIFY, **place, actor=person, **words))

    def try_to(self, verb: str, action: Callable[[], Any], *, notes_refusals: bool = True) -> None:
        super().try_to(verb, action, notes_refusals=notes_refusals)
        self.is_closed_exactly_when_nothing_is_left()

    def is_closed_exactly_when_nothing_is_left(self) -> None:
        """An evaluation is closed exactly when all its items are closed or cancelled."""
        evaluation = self.present()
        if evaluation.stage in (Stage.RECTIFICATION, Stage.CLOSED) and evaluation.items.exists():
            left = evaluation.items.exclude(stage__in=ENDED)
            assert left.exists() == (evaluation.stage == Stage.RECTIFICATION)


def beside(verb: str, item: RectificationItem, person: User, days: int) -> Callable[[], Any] | None:
    """What the verb would do; None where there is nothing that it could be tried on."""
    evaluation = item.evaluation
    match verb:
        case "sample":
            return lambda: services.sample(item=item, actor=person)
        case "reopen":
            return lambda: services.reopen(item=item, actor=person, opinion="问题复发。", due=soon(days))
        case "cancel":
            return lambda: rectifying.cancel(item=item, actor=person, opinion="项目已终止。")
        case "ask_extension":
            due = soon(30 + days)
            return lambda: rectifying.ask_extension(item=item, actor=person, due=due, reason="延期交货。")
        case "answer_extension":
            asked = Extension.objects.filter(item=item).last()
            words = {"granted": bool(days % 2), "reason": "已核实。"}
            return asked and (lambda: rectifying.answer_extension(extension=asked, actor=person, **words))
        case "note_progress":
            task = FlowTask.objects.filter(item=item, flow_task_type="HUMAN", status__in=OPEN).first()
            done = {"percent": days, "text": "已完成一部分。"}
            return task and (lambda: rectifying.note_progress(**moves.place_of(task), actor=person, **done))
        case "issue_notice":
            return lambda: rectifying.issue_notice(evaluation=evaluation, actor=person)
        case _:
            return lambda: rectifying.prepare_notice(evaluation=evaluation, actor=person, basis="工作方案。")


def bring_to_rectification(office: Office, evaluation: Evaluation) -> None:
    """Pass step after step, proposing items as soon as somebody may; it closes where nobody ever may."""
    for _ in range(ending.MOST_STEPS):
        evaluation.refresh_from_db()
        if evaluation.stage in (Stage.RECTIFICATION, Stage.CLOSED):
            return
        ending.fill_vacant_seats(office, evaluation)
        propose_items(office, evaluation)
        tasks = FlowTask.objects.filter(flow_task_type="HUMAN", status__in=OPEN).select_related(
            "evaluation__policy", "evaluation__project", "item", "ballot", "owner"
        )
        task = tasks.order_by("pk")[0]
        refused = ending.passed(office, task)
        assert not refused, f"nobody can pass {task.stage} {task.step}: {refused}"
    raise AssertionError(f"still at {evaluation.stage} after {ending.MOST_STEPS} steps")


def propose_items(office: Office, evaluation: Evaluation) -> None:
    """One item with money involved and one without, by the first who may at this step."""
    for person in office.people:
        for number in range(evaluation.items.count(), ITEMS):
            amount = AMOUNT if number == 0 else None
            details = {"requirement": f"要求{number}", "due": soon(), "amount": amount}
            try:
                services.raise_item(evaluation=evaluation, actor=fresh(person), **details)
            except JihengError:
                break
