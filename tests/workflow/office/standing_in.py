"""Who acts for whom, and who holds which role."""

from __future__ import annotations

from datetime import timedelta

from accounts.access import holders_of
from accounts.actions import grant_role
from accounts.models import Delegation, RoleHolding, User
from accounts.roles import Role
from audit_log.refusals import noted
from tests.workflow.office import moves
from tests.workflow.office.driving import SOUGHT, indexes, one_of, rule
from tests.workflow.office.ending import role_for
from tests.workflow.office.handing import Handing
from tests.workflow.office.people import AT_DESKS
from tests.workflow.office.reserve import asked, is_free, unowned
from tests.workflow.office.watching import Subject, chosen
from workflow import delegating, handing_over
from workflow.access import left_behind
from workflow.models import FlowTask


class StandingIn(Handing):
    """Delegating, acting for somebody, revoking; roles that begin and end."""

    @rule(index=indexes, who=indexes, to=indexes, days=indexes)
    def somebody_delegates(self, index: int, who: int, to: int, days: int) -> None:
        """Somebody with work that waits, or anybody; the whole or one role, from today or from later on."""
        task = self.task(index)
        delegator = chosen(self.asked(task), who) if task and who % 3 else self.person(who)
        self.delegates(delegator or self.person(who), self.person(to), days)

    def delegates(self, delegator: User, to: User, days: int) -> bool:
        starts = self.moment.date() + timedelta(days=days % 7 // 6)
        role = RoleHolding.objects.filter(user=delegator, ended_at=None).order_by("pk").first()
        details = {
            "starts": starts,
            "ends": starts + timedelta(days=days % 9 - days % 11 // 10),
            "reason": "外出学习。" if days % 13 else " ",
            "role": role.role if role and days % 2 else "",
        }
        return self.try_to(
            "delegate",
            delegator,
            to,
            lambda: delegating.delegate(actor=delegator, delegate=to, **details),
        )

    @rule(SOUGHT, index=indexes, who=indexes, whim=indexes)
    def somebody_acts_for_somebody(self, index: int, who: int, whim: int) -> None:
        """A delegate passes the step; where nobody is one, somebody delegates first."""
        tasks = [task for task in self.tasks() if task.right]
        acting = [(task, person) for task in tasks for person in substitutes(task)]
        if not acting and (task := chosen(tasks, index)) is not None:
            principal = task.owner or chosen(holders(task), who)
            bystanders = [person for person in self.office.people if person not in self.asked(task)]
            if principal is None or not self.delegates(principal, chosen(bystanders, who), 3):
                self.go_on(index, who, whim)
                return
            acting = [(task, person) for person in substitutes(task)]
        for task, person in acting[whim % max(1, len(acting)) :]:
            if self.is_free(task, person):
                self.decides(moves.passing_verb(task, whim), task, person, whim)
                return
        self.go_on(index, who, whim)

    @rule(index=indexes, who=indexes)
    def somebody_revokes_a_delegation(self, index: int, who: int) -> None:
        """Whoever made it; now and then anybody, or a second time."""
        made = list(Delegation.objects.select_related("delegator").order_by("pk"))
        standing = [each for each in made if each.can_be_revoked]
        found: Delegation | None = chosen(standing if who % 4 else made, index)
        if found is None:
            self.go_on(index, who)
            return
        actor = found.delegator if who % 3 else self.person(who)
        self.try_to(
            "revoke_delegation",
            actor,
            found,
            lambda: delegating.revoke_delegation(actor=actor, delegation=found, reason="已返岗。"),
        )

    @rule(who=indexes, role=one_of(AT_DESKS))
    def somebody_loses_or_gets_a_role(self, who: int, role: Role) -> None:
        """Never the last who holds it; and not in courses whose people stay as they are."""
        if self.is_steady:
            self.go_on(who, who, who)
            return
        place, person = self.office.place_of(role), self.person(who)
        held = RoleHolding.objects.filter(role=role, ended_at=None, organization=place)
        own = held.filter(user=person).first()
        if own is None:
            self.grants_role(person, role)
        elif held.count() > 1:
            self.ends_role(own)

    def finds_hands(self, task: FlowTask, who: int) -> None:
        super().finds_hands(task, who)
        if left_behind().filter(pk=task.pk).exists():
            self.a_task_is_left_behind_and_taken_over(who, who)
        elif task.owner is not None and task.right:
            receivers = handing_over.receivers(task, task.owner)
            receivers = [person for person in receivers if is_free(unowned(task), person)]
            if receivers:
                self.hands_over(task, task.owner, chosen(receivers, who))
        elif task.right and not self.is_steady:
            self.grants_role(chosen(self.office.outsiders, who), role_for(task))

    def grants_role(self, person: User, role: Role) -> None:
        """As the page of a person's roles does it."""
        chief = next(each for each in self.office.holders(Role.FINANCE_CHIEF) if each != person)
        place = self.office.place_of(role)

        def action() -> RoleHolding:
            with noted("grant_role", chief, "organization", None):
                return grant_role(actor=chief, user=person, organization=place, role=role)

        self.roles_changed = True
        self.try_to("grant_role", chief, Subject("organization", None), action)


def holders(task: FlowTask) -> list[User]:
    """Who holds what the task asks for."""
    return list(holders_of(task.right, task.organization_id or 0).order_by("pk"))


def substitutes(task: FlowTask) -> list[User]:
    """Who is asked in somebody else's place only."""
    return [person for person in asked(task) if person.pk != task.owner_id and person not in holders(task)]
