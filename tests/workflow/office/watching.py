"""One course with its people and its clock, and what is looked at after each try."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from random import Random
from typing import Any, ClassVar, NamedTuple

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from audit_log import clock
from audit_log.errors import JihengError
from audit_log.models import Refusal
from evaluations.models import CONCLUDED_STAGES, Evaluation, Kind, Stage
from tests.workflow.office.digests import Digests
from tests.workflow.office.driving import Move
from tests.workflow.office.judging import Judge
from tests.workflow.office.people import BEGINNING, Office
from tests.workflow.office.played import Played, marks_of
from tests.workflow.office.reserve import asked, is_free
from workflow import integrity
from workflow.models import OPEN, FlowTask

REFUSALS = "audit_log_refusal"


class Subject(NamedTuple):
    """What the log of refusals names as the object of a verb."""

    kind: str
    pk: int | None


def subject(row: Model) -> Subject:
    """An object by the name that the log uses: a step of the flow is a task."""
    name = "task" if isinstance(row, FlowTask) else str(row._meta.model_name)
    return Subject(name, row.pk)


class Watched(ABC):
    """Evaluations by one random policy, among the office's people."""

    office: ClassVar[Office]
    kind: ClassVar[str]
    played: ClassVar[Played]

    def __init__(self) -> None:
        self.held = ExitStack()
        self.held.enter_context(rolled_back())
        self.size = len(self.office.people)
        self.held.callback(self.office.forget, self.size)
        self.evaluations: list[Evaluation] = []
        self.origins: dict[int, bool] = {}
        """By item, whether finance raised it."""
        self.is_steady = False
        """In this course nobody's role changes."""
        self.roles_changed = False
        self.refusal: JihengError | None = None
        """Why the last try was refused that was."""
        self.told_of = 0
        """The last line in the log of refusals that is accounted for."""
        self.recalled: dict[Any, Any] = {}
        """What was read since the last try that took effect; see ``recall``."""
        self.moment = BEGINNING
        self.hour = ExitStack()
        self.held.push(self.hour)
        self.let_pass()
        self.digests = Digests(REFUSALS)

    def let_pass(self, time: timedelta = timedelta(minutes=1)) -> None:
        """The course's clock goes on."""
        if (self.moment + time).date() != self.moment.date():
            self.recalled.clear()  # a delegation may have begun or ended
        self.moment += time
        self.hour.close()
        self.hour.enter_context(clock.at(self.moment))

    # --- choosing --------------------------------------------------------------------------

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation that was opened last, as it stands."""
        return Evaluation.objects.select_related("policy", "project").get(pk=self.evaluations[-1].pk)

    def person(self, index: int) -> User:
        return self.office.people[index % len(self.office.people)]

    def tasks(self) -> list[FlowTask]:
        """What waits."""
        found = FlowTask.objects.filter(flow_task_type="HUMAN", status__in=OPEN)
        related = ("evaluation__policy", "evaluation__project", "item", "ballot", "owner", "organization")
        return list(self.recall("tasks", lambda: list(found.select_related(*related).order_by("pk"))))

    def recall(self, key: Any, ask: Callable[[], Any]) -> Any:
        """The answer, asked for once as long as nothing has changed."""
        if key not in self.recalled:
            self.recalled[key] = ask()
        return self.recalled[key]

    def asked(self, task: FlowTask) -> list[User]:
        """Whom the task asks at present; see ``reserve.asked``."""
        return list(self.recall(("asked", task.pk, task.owner_id), lambda: asked(task)))

    def is_free(self, task: FlowTask, person: User) -> bool:
        """Whether the person, being asked, may act without being missed; see ``reserve.is_free``."""
        key = ("free", task.pk, task.owner_id, person.pk)
        return bool(self.recall(key, lambda: is_free(task, person)))

    def free_hands(self, task: FlowTask, start: int = 0) -> list[User]:
        """Those who are asked and free, beginning somewhere in the row."""
        people = self.asked(task)
        turned = people[start % len(people) :] + people[: start % len(people)] if people else []
        return [person for person in turned if self.is_free(task, person)]

    def task(self, index: int) -> FlowTask | None:
        return chosen(self.tasks(), index)

    # --- trying ----------------------------------------------------------------------------

    def try_to(
        self, verb: str, actor: User | None, about: Model | Subject, action: Callable[[], Any]
    ) -> bool:
        """Do it: the records agree afterwards; or it is refused, and nothing but one line tells of it."""
        self.let_pass()
        before = self.told_of = self.last_refusal()
        try:
            done = action()
        except JihengError as error:
            self.refusal = error
            self.played.refused[verb] += 1
            self.played.why[f"{verb}: {error}"[:60]] += 1
            named = about if isinstance(about, Subject) else subject(about)
            self.leaves_one_line(before, (verb, actor.pk if actor else None, *named, error.code, str(error)))
            return False
        assert self.last_refusal() == self.told_of, f"{verb} was not refused, and a refusal is on record"
        self.takes_effect(verb, done)
        return True

    def last_refusal(self) -> int:
        return Refusal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def leaves_one_line(self, before: int, expected: tuple[Any, ...]) -> None:
        changed = self.digests.renew()
        assert not changed, f"{expected[0]} was refused and left a trace in {changed}"
        columns = ("verb", "actor_id", "object_type", "object_id", "code", "message")
        assert list(Refusal.objects.filter(pk__gt=before).values_list(*columns)) == [expected]

    def takes_effect(self, verb: str, done: Any) -> None:
        self.played.done[verb] += 1
        found = integrity.faults()
        assert not found, "\n".join([f"after {verb}:", *found])
        self.recalled.clear()
        self.digests.renew()
        if verb == "raise_item":
            self.origins |= origins_of(done)
        self.is_judged(f"after {verb}:")
        evaluation = self.evaluation
        self.played.seen.update(marks_of(done, evaluation))
        if evaluation.detours:
            self.played.seen["a straight way is open"] += 1
        if evaluation.stage == Stage.CLOSED:
            self.played.seen["closed"] += 1

    def is_judged(self, when: str) -> None:
        """What is closed is closed rightly, by the records alone, of all that were concluded once."""
        concluded = Evaluation.objects.filter(stage__in=CONCLUDED_STAGES)
        found = list(Judge(self.origins).faults(concluded.select_related("project").order_by("pk")))
        assert not found, "\n".join([when, *found])

    # --- the course ------------------------------------------------------------------------

    @abstractmethod
    def begin(self, random: Random) -> None:
        """What is there before the first move."""

    def habit(self, move: Move, random: Random) -> int:
        """How often a move comes in this course."""
        return random.choice(move.habits)

    @abstractmethod
    def end(self) -> None:
        """What has to be possible after the last."""

    def finish(self) -> None:
        """Nothing stays."""
        self.held.close()


def rolled_back() -> ExitStack:
    """A transaction of which nothing stays."""
    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.callback(transaction.set_rollback, True)
    return stack


def origins_of(raised: Any) -> dict[int, bool]:
    """Whether finance raised these items: where their evaluation is when they are raised tells it."""
    items = raised if isinstance(raised, list) else [raised]
    return {item.pk: is_finances_turn(item.evaluation) for item in items}


def is_finances_turn(evaluation: Evaluation) -> bool:
    """Whether it is the finance bureau that has the evaluation in hand."""
    at_unit_or_department = (Stage.SELF_ASSESSMENT, Stage.UNIT_APPROVAL, Stage.DEPARTMENT_REVIEW)
    return evaluation.kind != Kind.DEPARTMENT and evaluation.stage not in at_unit_or_department


def chosen(rows: list[Any], index: int) -> Any:
    """One of the rows; None when there is none."""
    return rows[index % len(rows)] if rows else None
