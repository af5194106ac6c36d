"""Deciding: whoever is asked does what is asked, or returns it; others try what is not theirs."""

from __future__ import annotations

from typing import Any

from accounts.access import holders_of
from accounts.models import User
from accounts.roles import Right
from approvals.actions.exchange import require_no_short_cut
from approvals.actions.question import open_questions_of_step
from approvals.course import completed
from approvals.findings_on_record import FindingsOnRecord
from approvals.models import ItemStage, Verb
from approvals.procedure import Position, place_key, step_at, steps_of
from audit_log.errors import InvalidInput
from evaluations.models import Evaluation, Part
from evaluations.policies.grammar import AGENCY_PARTS
from tests.cast import soon
from tests.signing import AGENCY
from tests.workflow.office import moves
from tests.workflow.office.driving import ALWAYS, SOUGHT, booleans, indexes, one_of, rule, several
from tests.workflow.office.watching import Watched, chosen
from workflow import appointing, services
from workflow.access import waiting_for
from workflow.models import FlowTask

VERBS = [str(verb) for verb in services.VERBS]
RETURNING = (Verb.RETURN, Verb.OBJECT)
IN_WORDS = (
    Verb.SUPPLY,
    Verb.DRAFT,
    Verb.ANSWER,
    Verb.CONCLUDE,
    Verb.RECHECK,
    Verb.VERIFY,
    Verb.SEND_BACK,
)
"""What passes a step and is refused without an opinion or a conclusion."""
ENDING = (Verb.CONCLUDE, Verb.APPROVE, Verb.ACCEPT)
"""Who gives the last word proposes an item now and then."""
MOST_ROUNDS = 4
"""After so many nobody returns it any more: a course has to reach what lies behind."""


class Passing(Watched):
    """The usual course, and what is refused on it."""

    @rule(ALWAYS, index=indexes, who=indexes, whim=indexes)
    def somebody_asked_passes_the_step(self, index: int, who: int, whim: int) -> None:
        """The usual course: whoever is asked does what is asked."""
        self.go_on(index, who, whim)

    @rule(ALWAYS)
    def the_matter_goes_on(self) -> None:
        """The same, without anything out of the ordinary: the simplest course there is."""
        self.go_on()

    @rule(ALWAYS, index=indexes, who=indexes)
    def a_busy_day(self, index: int, who: int) -> None:
        """The same, several times in a row: without it a random course would hardly leave the unit."""
        for turn in range(3):
            self.go_on(index + turn, who, who + turn)

    @rule(index=indexes, who=indexes, to=indexes, straight=booleans, whim=indexes)
    def somebody_asked_returns_it(self, index: int, who: int, to: int, straight: bool, whim: int) -> None:
        """Back to a completed step by either way; now and then to one that is none, or by no way there is."""
        tasks = [task for task in self.tasks() if verb_of_return(task)]
        task: FlowTask | None = chosen(tasks, index)
        person = chosen(self.free_hands(task), who) if task else None
        if task is None or task.evaluation is None or person is None or task.round > MOST_ROUNDS:
            self.go_on(index, who, whim)
            return
        self.returns(task, person, to, straight, whim)

    @rule(SOUGHT, index=indexes, who=indexes, straight=booleans, whim=indexes)
    def somebody_votes_against(self, index: int, who: int, straight: bool, whim: int) -> None:
        """Where several are asked."""
        tasks = [task for task in self.tasks() if task.ballot_id and verb_of_return(task)]
        task: FlowTask | None = chosen(tasks, index)
        person = chosen(self.free_hands(task), who) if task else None
        if task is None or person is None:
            self.go_on(index, who, whim)
        else:
            self.returns(task, person, who, straight, whim)

    def returns(self, task: FlowTask, person: User, to: int, straight: bool, whim: int) -> None:
        assert task.evaluation is not None
        every = [step.position for step in steps_of(task.evaluation)]
        likely = [step.position for step in completed(task.evaluation)]
        where = chosen(likely if likely and whim % 8 else every, to)
        straight = straight and (whim % 8 == 1 or may_go_straight(task.evaluation, where))
        self.decides(verb_of_return(task), task, person, whim, to=place_key(*where), straight_back=straight)

    @rule(index=indexes, who=indexes, whim=indexes)
    def somebody_forgets_to_say_why(self, index: int, who: int, whim: int) -> None:
        """What has to be said is asked for, and nothing of the rest is kept."""
        task = self.task(index)
        person = chosen(self.free_hands(task), who) if task else None
        if task is None or person is None:
            self.go_on(index, who, whim)
            return
        usual, back = moves.passing_verb(task, whim), verb_of_return(task)
        verb = back if back and whim % 2 else usual
        if verb not in (*IN_WORDS, *RETURNING):
            self.go_on(index, who, whim)
            return
        said = ("opinion", "conclusion")
        blank = {name: " " for name in moves.details_of(verb, task) if name in said}
        self.decides(verb, task, person, whim, **blank)

    @rule(index=indexes, who=indexes, verb=one_of(VERBS), whim=indexes)
    def anybody_tries_any_verb(self, index: int, who: int, verb: str, whim: int) -> None:
        """Mostly somebody whom nobody asked."""
        if task := self.task(index):
            person = self.person(who)
            tried = moves.passing_verb(task, whim) if whim % 2 else verb
            if person not in self.asked(task) or self.is_free(task, person):
                self.decides(tried, task, person, whim)

    @rule(ALWAYS, index=indexes, who=indexes, verbs=several(VERBS, 8))
    def people_try_what_is_not_theirs(self, index: int, who: int, verbs: list[str]) -> None:
        """One after the other, whatever comes to their minds, at the steps that wait."""
        for turn, verb in enumerate(verbs):
            self.anybody_tries_any_verb(index + turn, who + 7 * turn, verb, 2 * (who + turn))

    # --- how -------------------------------------------------------------------------------

    def go_on(self, index: int = 0, who: int = 0, whim: int = 0) -> None:
        """Some task is passed by the first of the people asked who can."""
        task = self.task(index)
        if task is None:
            self.played.seen["nothing waits"] += 1
            return
        people = self.free_hands(task, who)
        if not people:
            self.fills_a_part(task, who)
        elif whim % 6 == 5 and verb_of_return(task) and task.round <= MOST_ROUNDS:
            self.returns(task, people[0], who, whim % 4 == 1, whim)
            return
        elif whim % 5 == 4 and may_be_sent_back(task):
            self.decides(Verb.SEND_BACK, task, people[0], whim)
            return
        for person in people[:3]:
            assert waiting_for(fresh(person)).filter(pk=task.pk).exists(), f"{person}'s inbox lacks {task}"
            verb = moves.passing_verb(task, whim)
            evaluation = task.evaluation
            if evaluation and verb in ENDING and whim % 4 == 2 and not evaluation.items.exists():
                self.proposes(evaluation, person, whim)
            if self.decides(verb, task, person, whim):
                return
            if self.late_items_are_dropped(task, person):
                continue
            if self.appoints_for_later(task, who) or self.questions_are_withdrawn(task, person):
                return
            if verb == Verb.SUPPLY and evaluation and not evaluation.seats.in_force().exists():
                self.seats(evaluation, who)
                return

    def proposes(self, evaluation: Evaluation, actor: User, whim: int) -> None:
        """An item on its own, or resting on a finding; now and then one whose day has passed."""
        finding = chosen(FindingsOnRecord(evaluation).latest, whim) if whim % 2 else None
        details: dict[str, Any] = {
            "requirement": "按期交付",
            "due": soon(20 if whim % 9 else -1),
            "finding": finding,
        }
        self.try_to(
            "raise_item",
            actor,
            evaluation,
            lambda: services.raise_item(evaluation=evaluation, actor=actor, **details),
        )

    def late_items_are_dropped(self, task: FlowTask, person: User) -> bool:
        """Whether it was refused because the day of a proposed item has passed: that is taken back."""
        fields = self.refusal.fields if isinstance(self.refusal, InvalidInput) else {}
        late = [field.removeprefix("item-") for field in fields if field.startswith("item-")]
        if task.evaluation is None:
            return False
        items = task.evaluation.items.filter(
            stage=ItemStage.DRAFT, pk__in=[pk for pk in late if pk.isdigit()]
        )
        return any(
            self.try_to("drop_item", person, item, lambda: services.drop_item(item=item, actor=person))  # noqa: B023
            for item in items
        )

    def fills_a_part(self, task: FlowTask, who: int) -> None:
        """A step that waits for a part which nobody has: somebody is appointed to it."""
        evaluation = task.evaluation
        step = None if task.item_id or evaluation is None else step_at(evaluation)
        if evaluation is None or step is None or not step.part or task.owner_id:
            self.finds_hands(task, who)
            return
        self.appoints(evaluation, self.runs(evaluation, who), chosen(self.office.outsiders, who), step.part)

    def finds_hands(self, task: FlowTask, who: int) -> None:
        """Nobody who is asked may act, or can be spared: it is handed over, or somebody gets the role."""
        self.played.seen["nobody is free"] += 1

    def runs(self, evaluation: Evaluation, who: int) -> User:
        """Somebody of the office that runs the evaluation."""
        people = holders_of(Right.RUN_EVALUATION, evaluation.evaluator_id).order_by("pk")
        found: User = chosen(list(people), who)
        return found

    def appoints_for_later(self, task: FlowTask, who: int) -> bool:
        """Whether it was refused because a coming step asks for a part: somebody is appointed then."""
        fields = self.refusal.fields if isinstance(self.refusal, InvalidInput) else {}
        missing = [part for part in Part.values if f"appoint-{part}" in fields]
        if task.evaluation is None or not missing:
            return False
        person = chosen(self.office.outsiders, who + len(missing))
        return self.appoints(task.evaluation, self.runs(task.evaluation, who), person, missing[0])

    def seats(self, evaluation: Evaluation, who: int) -> None:
        """Nothing is supplied before an expert is there to score it."""
        known = set(evaluation.seats.values_list("expert", flat=True))
        actor, free = self.runs(evaluation, who), [one for one in self.office.experts if one.pk not in known]
        self.try_to(
            "seat_expert",
            actor,
            evaluation,
            lambda: services.seat_expert(evaluation=evaluation, actor=actor, expert=free[0]),
        )

    def questions_are_withdrawn(self, task: FlowTask, person: User) -> bool:
        """Whether it was refused because the unit was asked something: nobody waits for that any more."""
        if task.item_id or task.evaluation is None:
            return False
        asked = open_questions_of_step(task.evaluation)[:1]
        return bool(asked) and all(
            self.try_to(
                "withdraw_question",
                person,
                question,
                lambda: services.withdraw_question(question=question, actor=person),  # noqa: B023
            )
            for question in asked
        )

    def appoints(self, evaluation: Evaluation, actor: User, person: User, part: str) -> bool:
        agency = AGENCY if part in AGENCY_PARTS else ""
        return self.try_to(
            "appoint",
            actor,
            evaluation,
            lambda: appointing.appoint(
                evaluation=evaluation, actor=actor, person=person, part=part, agency=agency
            ),
        )

    def decides(self, verb: str, task: FlowTask, person: User, whim: int, **chosen: Any) -> bool:
        return self.try_to(verb, person, task, lambda: moves.act(verb, task, person, whim, **chosen))


def fresh(person: User) -> User:
    """The person without what was remembered of their rights."""
    person.__dict__.pop("_rights_for_reading", None)
    return person


def verb_of_return(task: FlowTask) -> str:
    """The verb that sends a dossier back at its present step; "" where there is none."""
    step = None if task.item_id or task.evaluation is None else step_at(task.evaluation)
    return next((verb for verb in step.verbs if verb in RETURNING), "") if step else ""


def may_be_sent_back(task: FlowTask) -> bool:
    """Whether an item's report is being verified, and was not sent back too often."""
    step = task.flow_task.procedure_of(task.evaluation, task.item)
    return Verb.SEND_BACK in step.verbs and task.round <= MOST_ROUNDS // 2


def may_go_straight(evaluation: Evaluation, position: Position) -> bool:
    """Whether what changes there leaves nothing between to be made anew."""
    try:
        require_no_short_cut(evaluation, position, True)
    except InvalidInput:
        return False
    return True
