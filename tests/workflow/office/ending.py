"""Bringing an evaluation to its end from wherever it stands, as a sensible office would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from accounts.access import holders_of
from accounts.models import User
from accounts.roles import HELD_AT, RIGHTS, Right, Role
from approvals.actions.independence import involved
from approvals.actions.question import open_questions_of_step
from approvals.course import appointments_of
from approvals.models import ItemStage
from approvals.procedure import step_at
from audit_log.errors import InvalidInput, JihengError
from evaluations.models import Evaluation, Part, Stage
from evaluations.policies.grammar import AGENCY_PARTS
from tests.signing import AGENCY
from tests.workflow.office import moves
from tests.workflow.office.reserve import asked, free_hands, is_free, may_decide, unowned
from workflow import appointing, handing_over, rectifying, seating, services
from workflow.access import asks_by_name
from workflow.models import OPEN, FlowTask

if TYPE_CHECKING:
    from tests.workflow.office.watching import Watched

MOST_STEPS = 100
MOST_PREPARATIONS = 5
"""Appointments, handing over and newcomers in a row, before somebody passes a step."""


class Ending:
    """The way of one evaluation to its end."""

    until: str = Stage.CLOSED

    def __init__(self, course: Watched, evaluation: Evaluation) -> None:
        self.course, self.office = course, course.office
        self.evaluation = evaluation
        self.refused: list[str] = []
        self.trace: list[Any] = []

    def bring_about(self) -> int:
        """Pass step after step; returns how many it took. Fails when nobody can go on."""
        preparing = 0
        for steps in range(MOST_STEPS):
            self.course.let_pass()
            self.evaluation = Evaluation.objects.select_related("policy", "project").get(
                pk=self.evaluation.pk
            )
            self.look_around()
            if self.evaluation.stage == self.until:
                return steps
            self.fill_vacant_seats()
            self.issue_what_is_proposed()
            task = self.waiting()
            if task is None and self.is_closed():
                return steps
            assert task is not None, f"nothing waits at {self.evaluation.stage}"
            self.refused = []
            way = next((way for way in self.ways() if way(task)), None)
            self.trace.append((task.stage, task.step, getattr(way, "__name__", ""), str(self.refused)[:300]))
            preparing = 0 if way in (self.passes, self.passes_by_whoever_may) else preparing + 1
            went_on = way is not None and preparing < MOST_PREPARATIONS
            assert went_on, f"nobody can pass {task.stage} {task.step}: {self.trace[-4:]}"
        raise AssertionError(f"still at {self.evaluation.stage} after {MOST_STEPS} steps: {self.trace[-6:]}")

    def look_around(self) -> None:
        """What is asserted before each step."""

    def waiting(self) -> FlowTask | None:
        tasks = FlowTask.objects.filter(
            flow_task_type="HUMAN", status__in=OPEN, evaluation=self.evaluation.pk
        )
        related = ("evaluation__policy", "evaluation__project", "item", "ballot", "owner", "organization")
        return tasks.select_related(*related).order_by("pk").first()

    def ways(self) -> Iterator[Callable[[FlowTask], bool]]:
        """What is tried, in this order; a newcomer comes last."""
        yield self.passes
        yield self.appoints
        yield self.gets_it_into_free_hands
        yield self.passes_by_whoever_may
        yield self.asks_a_newcomer

    # --- by whoever is there ---------------------------------------------------------------

    def passes(self, task: FlowTask) -> bool:
        """Whoever is asked and free; what holds them up is put right first."""
        return self.pass_by(task, free_hands(task))

    def passes_by_whoever_may(self, task: FlowTask) -> bool:
        """Though they will be missed later: then somebody new has to come."""
        return self.pass_by(task, [person for person in asked(task) if may_decide(task, person)])

    def pass_by(self, task: FlowTask, people: list[User]) -> bool:
        for person in people:
            self.put_right(task, person)
            if self.goes(f"{person} passes", lambda: moves.act(moves.passing_verb(task), task, person)):  # noqa: B023
                return True
        return False

    def put_right(self, task: FlowTask, person: User) -> None:
        """Questions that nobody waits for are withdrawn, items whose day has passed are taken back."""
        if task.item_id:
            return
        for question in open_questions_of_step(self.evaluation):
            self.goes("withdraws", lambda: services.withdraw_question(question=question, actor=person))  # noqa: B023
        late = self.evaluation.items.filter(stage=ItemStage.DRAFT, due__lt=self.course.moment.date())
        for item in late:
            self.goes("drops", lambda: services.drop_item(item=item, actor=person))  # noqa: B023

    def appoints(self, task: FlowTask) -> bool:
        """Whoever runs the evaluation appoints somebody to the part that is asked for, now or later on."""
        step = step_at(self.evaluation)
        own = step.part if step is not None else ""
        if own and not any(may_decide(task, person) for person in asked(task)):
            for found in appointments_of(self.evaluation).filter(part=own):
                self.end(found)
            return self.appoint(own)
        refused = self.fields_refused(task)
        missing = [part for part in Part.values if f"appoint-{part}" in refused]
        return bool(missing) and all(self.appoint(part) for part in missing)

    def fields_refused(self, task: FlowTask) -> set[str]:
        """At which fields the step is refused to whoever is free."""
        for person in free_hands(task):
            try:
                moves.act(moves.passing_verb(task), task, person)
            except InvalidInput as error:
                return set(error.fields)
            except JihengError:
                continue
        return set()

    def end(self, found: Any) -> None:
        ending = lambda: appointing.end_appointment(  # noqa: E731
            appointment=found, actor=self.runner(), reason="不能再参与。"
        )
        self.goes("ends the appointment", ending)

    def appoint(self, part: str) -> bool:
        """Somebody who has not decided on it yet."""
        agency = AGENCY if part in AGENCY_PARTS else ""
        bound = involved(self.evaluation, [person.pk for person in self.office.outsiders])
        return any(
            self.goes(
                f"appoints {person}",
                lambda: appointing.appoint(
                    evaluation=self.evaluation,
                    actor=self.runner(),
                    person=person,  # noqa: B023
                    part=part,
                    agency=agency,
                ),
            )
            for person in self.office.outsiders
            if person.pk not in bound
        )

    def runner(self) -> User:
        return holders_of(Right.RUN_EVALUATION, self.evaluation.evaluator_id).order_by("pk")[0]

    def gets_it_into_free_hands(self, task: FlowTask) -> bool:
        """Out of hands that cannot do it: given back, handed over, or taken over."""
        owner = task.owner
        if owner is None or not task.right:
            return False
        if not asks_by_name(task) and self.release(task, owner):
            return True
        return any(
            self.takes(task, person)
            for person in holders_of(task.right, task.organization_id or 0).order_by("pk")
            if person != owner and is_free(unowned(task), person)
        )

    def release(self, task: FlowTask, owner: User) -> bool:
        return self.goes("gives back", lambda: services.release(**moves.place_of(task), actor=owner))

    def takes(self, task: FlowTask, person: User) -> bool:
        place, owner = moves.place_of(task), task.owner
        return self.goes(
            f"{person} takes over", lambda: services.take_over(**place, actor=person)
        ) or self.goes(
            f"hands over to {person}",
            lambda: handing_over.transfer(**place, actor=owner, to=person, reason="转由他人办理。"),
        )

    # --- by somebody new -------------------------------------------------------------------

    def asks_a_newcomer(self, task: FlowTask) -> bool:
        """Somebody is appointed to the role that the step asks for."""
        if not task.right:
            return False
        newcomer = self.office.add_newcomer(role_for(task))
        return task.owner is None or self.takes(task, newcomer)

    def fill_vacant_seats(self) -> None:
        """Seat an expert for each who was recused, and one where nobody is left before the scoring."""
        seats = self.evaluation.seats
        for seat in seats.vacant().select_related("evaluation").order_by("pk"):
            seating.replace_expert(seat=seat, actor=self.runner(), expert=self.unseated())
        if self.evaluation.stage == Stage.MATERIAL and not seats.in_force().exists():
            services.seat_expert(evaluation=self.evaluation, actor=self.runner(), expert=self.unseated())

    def issue_what_is_proposed(self) -> None:
        """What was proposed in rectification goes out with a notice of its own, or is taken back."""
        proposed = self.evaluation.items.filter(stage=ItemStage.DRAFT)
        if self.evaluation.stage != Stage.RECTIFICATION or not proposed.exists():
            return
        runner = self.runner()
        for item in proposed.filter(due__lt=self.course.moment.date()):
            services.drop_item(item=item, actor=runner)
        if proposed.exists():
            rectifying.issue_notice(evaluation=self.evaluation, actor=runner)

    def is_closed(self) -> bool:
        """Taking back the last proposed item closes it too."""
        self.evaluation.refresh_from_db(fields=["stage"])
        return bool(self.evaluation.stage == Stage.CLOSED)

    def unseated(self) -> User:
        known = set(self.evaluation.seats.values_list("expert", flat=True))
        return next(expert for expert in self.office.experts if expert.pk not in known)

    def goes(self, name: str, attempt: Callable[[], Any]) -> bool:
        """Whether the attempt is not refused; if it is, why."""
        try:
            attempt()
        except JihengError as error:
            self.refused.append(f"{name}: {error} {error.data}")
            return False
        return True


def role_for(task: FlowTask) -> Role:
    """A role that carries the right that the task asks for."""
    if task.right.startswith("as_"):
        return Role(task.right.removeprefix("as_"))
    assert task.organization is not None
    place = task.organization.kind
    return next(role for role, rights in RIGHTS.items() if task.right in rights and HELD_AT[role] == place)
