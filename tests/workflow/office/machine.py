"""Random people do random things to one evaluation; the records agree, and it can still be closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from accounts.actions import delegate, end_role, grant_role, revoke_delegation
from accounts.models import Delegation, RoleHolding, User
from accounts.roles import Role
from approvals.models import Decision, Verb
from audit_log import clock
from audit_log.errors import JihengError
from audit_log.models import Refusal
from evaluations.models import Evaluation, Kind, ReviewPolicy, Scheme, Seat, Stage
from tests.dossier_content import commissioned_start, filled_self_assessment
from tests.workflow.office import ending, moves
from tests.workflow.office.people import AT_DESKS, Office
from tests.workflow.office.policies import policies
from workflow import handing_over, integrity, seating, services
from workflow.access import waiting_for
from workflow.models import OPEN, FlowTask

LEFT_ALONE = ("procrastinate", "django_", "auth_permission", "audit_log_refusal")
VERBS = [verb.value for verb in services.VERBS]

indexes = st.integers(0, 10_000)


class Course(RuleBasedStateMachine):
    """One evaluation by a random policy, among the office's people."""

    office: ClassVar[Office]
    kind: ClassVar[str]
    counted: ClassVar[dict[str, int]]

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.evaluation: Evaluation | None = None

    @initialize(data=st.data())
    def open(self, data: Any) -> None:
        content = data.draw(policies(self.kind))
        policy = ReviewPolicy(
            code="random",
            name=content.name,
            content=content.to_json(),
            status=ReviewPolicy.Status.PUBLISHED,
            published_at=clock.now(),
        )
        policy.save_as(None)
        self.evaluation = opened(self.office, self.kind, policy)

    # --- choosing --------------------------------------------------------------------

    def person(self, index: int) -> User:
        return self.office.people[index % len(self.office.people)]

    def tasks(self) -> list[FlowTask]:
        return list(
            FlowTask.objects.filter(flow_task_type="HUMAN", status__in=OPEN)
            .select_related("evaluation__policy", "evaluation__project", "item", "ballot")
            .order_by("pk")
        )

    def task(self, index: int) -> FlowTask | None:
        found = self.tasks()
        return found[index % len(found)] if found else None

    # --- what may happen ---------------------------------------------------------------

    @rule(index=indexes, who=indexes)
    def somebody_asked_passes_the_step(self, index: int, who: int) -> None:
        """The usual course: whoever is asked does what is asked."""
        if (task := self.task(index)) is None:
            return
        asked = [person for person in self.office.people if waiting_for(fresh(person)).filter(pk=task.pk)]
        if asked:
            person = asked[who % len(asked)]
            self.try_to(moves.passing_verb(task), lambda: moves.act(moves.passing_verb(task), task, person))

    @rule(index=indexes, who=indexes)
    def the_matter_goes_on(self, index: int, who: int) -> None:
        """The same, several times in a row: without it a random course would hardly leave the unit."""
        for turn in range(4):
            self.somebody_asked_passes_the_step(index + turn, who)

    @rule(index=indexes, who=indexes, to=indexes, straight=st.booleans())
    def somebody_asked_returns_it(self, index: int, who: int, to: int, straight: bool) -> None:
        """Back to any step, completed or not, with both ways to come back."""
        if (task := self.task(index)) is None or task.item_id or task.evaluation is None:
            return
        asked = [person for person in self.office.people if waiting_for(fresh(person)).filter(pk=task.pk)]
        if asked:
            person, targets = asked[who % len(asked)], moves.possible_returns(task.evaluation)
            chosen = {"to": targets[to % len(targets)], "straight": straight}
            verb = Verb.OBJECT if task.ballot_id else Verb.RETURN
            self.try_to(verb, lambda: moves.act(verb, task, person, **chosen))

    @rule(index=indexes, who=indexes, verb=st.sampled_from(VERBS))
    def anybody_tries_any_verb(self, index: int, who: int, verb: str) -> None:
        """Most of these are refused."""
        if task := self.task(index):
            person = self.person(who)
            self.try_to(verb, lambda: moves.act(verb, task, person))

    @rule(index=indexes, who=indexes, verb=st.sampled_from(["claim", "release", "take_over"]))
    def anybody_takes_or_leaves_a_task(self, index: int, who: int, verb: str) -> None:
        if task := self.task(index):
            door: Callable[..., Any] = getattr(services, verb)
            self.try_to(verb, lambda: door(**moves.place_of(task), actor=self.person(who)))

    @rule(index=indexes, who=indexes, to=indexes)
    def anybody_hands_a_task_over(self, index: int, who: int, to: int) -> None:
        if task := self.task(index):
            details = {"actor": self.person(who), "to": self.person(to), "reason": "出差期间代为办理。"}
            self.try_to("transfer", lambda: handing_over.transfer(**moves.place_of(task), **details))

    @rule(index=indexes, who=indexes, verb=st.sampled_from(["remind", "excuse"]))
    def anybody_presses(self, index: int, who: int, verb: str) -> None:
        if (task := self.task(index)) is None:
            return
        reason = {"reason": "已逾期，不再等待。"} if verb == "excuse" else {}
        door: Callable[..., Any] = getattr(handing_over, verb)
        self.try_to(verb, lambda: door(**moves.place_of(task), actor=self.person(who), **reason))

    @rule(who=indexes, own=st.booleans())
    def somebody_withdraws(self, who: int, own: bool) -> None:
        last = Decision.objects.filter(item=None).order_by("-pk").first()
        person = last.actor if own and last else self.person(who)
        self.try_to(
            "withdraw",
            lambda: handing_over.withdraw(evaluation=self.present(), actor=person, opinion="重新办理。"),
        )

    @rule(who=indexes)
    def anybody_proposes_an_item(self, who: int) -> None:
        self.try_to("raise_item", lambda: moves.propose(self.present(), self.person(who)))

    @rule(who=indexes, to=indexes, days=st.integers(0, 3))
    def somebody_delegates(self, who: int, to: int, days: int) -> None:
        day = clock.today()
        details = {"starts": day, "ends": day + days * (day.resolution), "reason": "外出学习。"}
        self.try_to(
            "delegate",
            lambda: delegate(actor=self.person(who), delegate=self.person(to), **details),
            notes_refusals=False,
        )

    @rule(index=indexes, who=indexes)
    def somebody_revokes_a_delegation(self, index: int, who: int) -> None:
        given = list(Delegation.objects.order_by("pk"))
        if given:
            chosen = given[index % len(given)]
            self.try_to(
                "revoke_delegation",
                lambda: revoke_delegation(
                    actor=chosen.delegator if who % 2 else self.person(who), delegation=chosen
                ),
                notes_refusals=False,
            )

    @rule(who=indexes, role=st.sampled_from(AT_DESKS))
    def somebody_loses_or_gets_a_role(self, who: int, role: Role) -> None:
        person = self.person(who)
        held = RoleHolding.objects.filter(user=person, ended_at=None, role=role).first()
        others = RoleHolding.objects.filter(ended_at=None, role=role).exclude(user=person)
        if held and others.exists():
            self.try_to("end_role", lambda: end_role(actor=None, holding=held), notes_refusals=False)
        elif not held:
            place = self.office.place_of(role)
            self.try_to(
                "grant_role",
                lambda: grant_role(actor=None, user=person, organization=place, role=role),
                notes_refusals=False,
            )

    @rule(index=indexes, who=indexes, expert=indexes)
    def a_seat_changes(self, index: int, who: int, expert: int) -> None:
        """An expert recuses, the office recuses one, or seats another in the place."""
        seats = list(Seat.objects.select_related("evaluation__project", "expert").order_by("pk"))
        if not seats:
            return
        seat = seats[index % len(seats)]
        actor = seat.expert if who % 3 == 0 else self.person(who)
        if seat.is_recused:
            person = self.office.experts[expert % len(self.office.experts)]
            self.try_to(
                "replace_expert", lambda: seating.replace_expert(seat=seat, actor=actor, expert=person)
            )
        else:
            self.try_to("recuse", lambda: seating.recuse(seat=seat, actor=actor, reason="与该单位有合作。"))

    # --- what must hold ------------------------------------------------------------------

    def present(self) -> Evaluation:
        assert self.evaluation is not None
        self.evaluation.refresh_from_db()
        return self.evaluation

    def try_to(self, verb: str, action: Callable[[], Any], *, notes_refusals: bool = True) -> None:
        """Do it: the records agree afterwards; or it is refused, and nothing but one line tells of it."""
        before, lines = fingerprint(), Refusal.objects.count()
        try:
            action()
        except JihengError:
            self.counted["refused"] = self.counted.get("refused", 0) + 1
            assert fingerprint() == before, f"{verb} was refused and left a trace"
            assert Refusal.objects.count() == lines + notes_refusals, f"{verb} was refused without its line"
            return
        self.counted[verb] = self.counted.get(verb, 0) + 1
        found = integrity.faults()
        assert not found, "\n".join([f"after {verb}:", *found])

    def teardown(self) -> None:
        try:
            if self.evaluation is not None:
                ending.bring_to_the_end(self.office, self.present())
                assert self.present().stage == Stage.CLOSED
                assert not integrity.faults()
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)
            self.office.forget_additions()


def opened(office: Office, kind: str, policy: ReviewPolicy) -> Evaluation:
    """A filled-in evaluation of the office's project, with three experts where experts score."""
    officer = office.holders(Role.FINANCE_OFFICER if kind != Kind.DEPARTMENT else Role.DEPARTMENT_REVIEWER)[0]
    scheme = Scheme.objects.get(code="ministry-2020", version=1)
    options: dict[str, Any] = {"notice": "请提供材料。", "changes": commissioned_start()}
    if kind == Kind.SELF:
        options = {"changes": filled_self_assessment()}
    evaluation = services.open_evaluation(
        actor=officer, project=office.project, kind=kind, scheme=scheme, policy=policy, **options
    )
    if kind != Kind.SELF:
        for expert in office.experts[:3]:
            services.seat_expert(evaluation=evaluation, actor=officer, expert=expert)
    return evaluation


def fresh(person: User) -> User:
    """The person without what was remembered of their rights."""
    person.__dict__.pop("_rights_for_reading", None)
    return person


def fingerprint() -> dict[str, str]:
    """A digest of every row of every table of ours; sequences and the log of refusals apart."""
    with connection.cursor() as cursor:
        parts = [
            f"SELECT '{table}' AS name, count(*)::text || ':' || "
            f"COALESCE(sum(hashtextextended(t::text, 0))::text, '') AS digest FROM {table} t"
            for table in own_tables()
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def own_tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True)
    return [name for name in names if not name.startswith(LEFT_ALONE)]
