"""In whose hands a task is: taken, given back, handed over, left behind, gone without, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.access import holders_of
from accounts.actions import end_role
from accounts.models import RoleHolding, User
from accounts.roles import RIGHTS, Right, Role
from approvals.actions.excuse import require_enough_left
from approvals.actions.voices import ballots_now
from approvals.actions.withdraw import may_withdraw
from approvals.models import Decision, Verb
from approvals.procedure import step_at
from audit_log.errors import InvalidInput
from audit_log.refusals import noted
from evaluations.models import Evidence
from tests.dossier_content import evidence_file
from tests.workflow.office import moves
from tests.workflow.office.driving import SOUGHT, indexes, rule
from tests.workflow.office.passing import Passing, fresh
from tests.workflow.office.reserve import may_decide, unowned
from tests.workflow.office.watching import Subject, chosen
from workflow import handing_over, services
from workflow.access import asks_by_name, left_behind
from workflow.deadlines import chase_overdue
from workflow.models import FlowTask

LONG_AFTER = timedelta(days=21)
"""After so many days more than a task was given, it is late by any count of working days."""


class Handing(Passing):
    """Taking, giving back, handing over, pressing and withdrawing."""

    @rule(SOUGHT, index=indexes, who=indexes, other=indexes)
    def somebody_takes_a_task_or_gives_it_back(self, index: int, who: int, other: int) -> None:
        tasks = self.tasks()
        task: FlowTask | None = chosen([each for each in tasks if who % 9 == 0 or is_a_roles(each)], index)
        if task is None:
            self.go_on(index, who, other)
        elif task.owner is not None:
            person = task.owner if who % 4 else self.person(other)
            self.on_task("release", services.release, task, person)
        else:
            person = chosen(self.free_hands(task) if who % 4 else self.office.people, other)
            if person is None:
                self.go_on(index, who, other)
                return
            if self.on_task("claim", services.claim, task, person) and other % 3 == 0:
                self.on_task("release", services.release, task, person)

    @rule(SOUGHT, index=indexes, who=indexes, other=indexes)
    def somebody_hands_a_task_over(self, index: int, who: int, other: int) -> None:
        """To whom the page offers it; now and then to anybody, or by anybody."""
        task: FlowTask | None = chosen([task for task in self.tasks() if task.right], index)
        actor = None if task is None else task.owner or chosen(self.asked(task), who)
        if task is None or actor is None:
            self.go_on(index, who, other)
            return
        receivers = handing_over.receivers(task, actor)
        if who % 6 == 0:
            actor, receivers = self.person(other), self.office.people
        if not receivers:
            self.go_on(index, who, other)
            return
        to = chosen(receivers, other)
        self.hands_over(task, actor, to, "" if who % 6 == 1 else "出差期间由其办理。")

    def hands_over(self, task: FlowTask, actor: User, to: User, reason: str = "转由他人办理。") -> None:
        self.on_task("transfer", handing_over.transfer, task, actor, to=to, reason=reason)

    @rule(index=indexes, who=indexes)
    def a_task_is_left_behind_and_taken_over(self, index: int, who: int) -> None:
        """Whoever has it loses the role; somebody else who holds it takes the task over."""
        left = left_behind().select_related("evaluation__policy", "evaluation__project", "item", "ballot")
        task: FlowTask | None = left.order_by("pk").first()
        if task is not None:
            heirs = list(holders_of(task.right, task.organization_id or 0).order_by("pk"))
            heir = chosen([person for person in heirs if may_decide(unowned(task), person)] or heirs, who)
            self.take_over(task, heir or self.person(who))
            return
        task = chosen([task for task in self.tasks() if task.right], index)
        if task is None or self.is_steady:
            self.somebody_takes_a_task_or_gives_it_back(index, 1, who)
            return
        person = None if task.owner else chosen(self.free_hands(task), who)
        if person is not None and self.on_task("claim", services.claim, task, person):
            task.owner = person
        if (holding := holding_behind(task)) is not None:
            self.ends_role(holding)
            self.a_task_is_left_behind_and_taken_over(index, who)
        else:
            self.take_over(task, self.person(who))

    def take_over(self, task: FlowTask, person: User) -> None:
        self.on_task("take_over", services.take_over, task, person)

    @rule(index=indexes, who=indexes)
    def somebody_writes_something_down(self, index: int, who: int) -> None:
        """A draft of an opinion, or a file for the dossier that goes out again now and then."""
        task: FlowTask | None = chosen([task for task in self.tasks() if task.owner and task.right], index)
        if task is None or task.owner is None:
            self.somebody_takes_a_task_or_gives_it_back(index, 1, who)
            return
        person = task.owner if who % 5 else self.person(who)
        files = Evidence.objects.filter(evaluation=task.evaluation, withdrawn_at=None).order_by("pk")
        step = task.flow_task.procedure_of(task.evaluation, task.item)
        if not step.fills and who % 7:
            self.on_task("keep_typed", services.keep_typed, task, person, typed={"opinion": "拟同意。"})
        elif who % 3 == 0 and (file := files.last()):
            self.on_task("withdraw_evidence", services.withdraw, task, person, evidence_id=file.pk)
        else:
            self.on_task("attach_evidence", services.attach, task, person, **evidence_file())

    @rule(index=indexes, who=indexes)
    def somebody_reminds(self, index: int, who: int) -> None:
        """Somebody who decided before; now and then anybody."""
        task = self.task(index)
        if task is None:
            return
        decided = Decision.objects.filter(evaluation=task.evaluation).order_by("-pk")
        actors = [each.actor for each in decided.select_related("actor")[:3]]
        actor = chosen(actors, who) if who % 3 else self.person(who)
        self.on_task("remind", handing_over.remind, task, actor)

    @rule(SOUGHT, index=indexes, who=indexes, days=indexes)
    def the_office_goes_on_without_a_voice(self, index: int, who: int, days: int) -> None:
        """Mostly when the days to act are over, and by the office that runs the evaluation."""
        voices = [task for task in self.tasks() if task.ballot_id]
        task: FlowTask | None = chosen([task for task in voices if can_be_spared(task)] or voices, index)
        if task is None or task.evaluation is None or task.due is None:
            self.go_on(index, who, days)
            return
        if days % 5:
            late = task.due - self.moment.date()
            self.let_pass(max(late, timedelta(0)) + LONG_AFTER)
        actor = self.runs(task.evaluation, who) if days % 7 else self.person(who)
        self.on_task("excuse", handing_over.excuse, task, actor, reason="已逾期，不再等待。")

    @rule(SOUGHT, index=indexes, who=indexes, whim=indexes)
    def somebody_takes_the_last_decision_back(self, index: int, who: int, whim: int) -> None:
        """Right after it was made, by whoever made it; now and then too late, or by anybody."""
        if self.withdrawable() is None:
            self.go_on(index, who, 0)
        evaluation, last = self.evaluation, self.withdrawable()
        if last is None and who % 5:
            return
        actor = self.person(who) if last is None or who % 5 == 0 else last.actor
        opinion = "" if who % 7 == 1 else "有误，重新办理。"
        self.try_to(
            Verb.WITHDRAW,
            actor,
            evaluation,
            lambda: handing_over.withdraw(evaluation=evaluation, actor=actor, opinion=opinion),
        )

    def withdrawable(self) -> Decision | None:
        """The last decision, when its page offers to take it back."""
        evaluation = self.evaluation
        decisions = Decision.objects.filter(evaluation=evaluation, item=None).select_related("actor")
        last = decisions.order_by("-pk").first()
        return last if last is not None and may_withdraw(evaluation, last, fresh(last.actor)) else None

    @rule(days=indexes)
    def the_overdue_are_chased(self, days: int) -> None:
        """Days go by, and the morning's job runs."""
        self.let_pass(timedelta(days=days % 30))
        for _time in range(1 + days % 2):  # twice a day is once
            self.try_to("chase", None, Subject("", None), lambda: chase_overdue(0))

    def on_task(
        self, verb: str, door: Callable[..., Any], task: FlowTask, actor: User, **details: Any
    ) -> bool:
        return self.try_to(verb, actor, task, lambda: door(**moves.place_of(task), actor=actor, **details))

    def ends_role(self, holding: RoleHolding) -> None:
        """As the page of a person's roles does it."""
        chief = next(person for person in self.office.holders(Role.FINANCE_CHIEF) if person != holding.user)
        about = Subject("roleholding", holding.pk)

        def action() -> RoleHolding:
            with noted("end_role", chief, *about):
                return end_role(actor=chief, holding=holding)

        self.roles_changed = True
        self.try_to("end_role", chief, about, action)


def is_a_roles(task: FlowTask) -> bool:
    """Whether a role is asked, so that somebody takes the task and may give it back."""
    return bool(task.right) and not asks_by_name(task)


def can_be_spared(task: FlowTask) -> bool:
    """Whether enough voices are left without this one."""
    assert task.evaluation is not None
    step = step_at(task.evaluation)
    if step is None:
        return False
    try:
        require_enough_left(
            step, [each for each in ballots_now(task.evaluation) if each.pk != task.ballot_id]
        )
    except InvalidInput:
        return False
    return True


def holding_behind(task: FlowTask) -> RoleHolding | None:
    """The role by which the owner has the task, where others hold it too."""
    there = RoleHolding.objects.filter(organization=task.organization_id, ended_at=None)
    carrying = there.filter(role__in=[role for role in Role if Right(task.right) in RIGHTS[role]])
    own = carrying.filter(user=task.owner_id).select_related("user").order_by("pk").first()
    if own is None or own.role == Role.PROJECT_LEAD:
        return None
    return own if there.filter(role=own.role).exclude(user=task.owner_id).exists() else None
