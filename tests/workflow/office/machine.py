"""Random people do random things to evaluations; the records agree, and each can still be closed."""

from __future__ import annotations

from random import Random
from typing import Any

from accounts.roles import Role
from evaluations.models import Evaluation, Kind, ReviewPolicy, Scheme
from tests.dossier_content import commissioned_start, filled_self_assessment
from tests.workflow.office import ending
from tests.workflow.office.driving import Move, booleans, indexes, play
from tests.workflow.office.item_office import is_of_items
from tests.workflow.office.people import staffed_office
from tests.workflow.office.policies import completable, published
from tests.workflow.office.results import Results
from tests.workflow.office.watching import Played
from tests.workflow.several import faultless
from workflow import integrity, services


class Course(Results):
    """From a published policy and a first evaluation to the end of all that were opened."""

    policy: ReviewPolicy

    def begin(self, random: Random) -> None:
        """A policy is published, and the first project begins."""
        self.is_steady = booleans(random)
        self.policy = published(completable(random, self.kind, self.office), self.office)
        self.opens(seed=random.getrandbits(32), experts=indexes(random))

    def habit(self, move: Move, random: Random) -> int:
        """Items have courses of their own: they are dealt with now and then."""
        usual = super().habit(move, random)
        return usual // 2 if is_of_items(move.name) else usual

    def go_on(self, index: int = 0, who: int = 0, whim: int = 0) -> None:
        """Where nothing waits any more the next project begins."""
        if self.tasks() or len(self.evaluations) == len(self.office.projects):
            super().go_on(index, who, whim)
        else:
            self.opens(seed=whim, experts=who)

    def opens(self, seed: int, experts: int) -> None:
        """A filled-in evaluation, with experts where experts score; its samples are drawn from the seed."""
        office, is_self = self.office, self.kind == Kind.SELF
        officer = office.holders(
            Role.DEPARTMENT_REVIEWER if self.kind == Kind.DEPARTMENT else Role.FINANCE_OFFICER
        )[0]
        options: dict[str, Any] = {"notice": "请提供材料。", "changes": commissioned_start()}
        if is_self:
            options = {"changes": faultless() if seed % 2 else filled_self_assessment()}
        evaluation = services.open_evaluation(
            actor=officer,
            project=office.projects[len(self.evaluations)],
            kind=self.kind,
            scheme=Scheme.objects.get(code="ministry-2020", version=1),
            policy=self.policy,
            **options,
        )
        evaluation.sample_seed = f"{seed:08x}"
        evaluation.save_as(None, "the course's own seed")
        for place in range(0 if is_self else 2 + experts % 2):
            expert = office.experts[(experts + place) % len(office.experts)]
            services.seat_expert(evaluation=evaluation, actor=officer, expert=expert)
        self.evaluations.append(evaluation)
        self.recalled.clear()
        self.digests.renew()
        self.played.seen["evaluations opened"] += 1
        if not is_self and seed % 2:
            self.one_more_is_seated_or_drawn(who=1 + experts % 4, expert=1 + experts % 2)

    def end(self) -> None:
        """Every evaluation can still be closed."""
        for evaluation in self.evaluations:
            self.ends(Evaluation.objects.get(pk=evaluation.pk))

    def ends(self, evaluation: Evaluation) -> None:
        """Where no role was changed, by the people there."""
        steps = ending.Ending(self, evaluation).bring_about()
        self.played.seen["steps to the end"] += steps
        faults = integrity.faults()
        assert not faults, "\n".join(faults)
        self.is_judged("at the end:")
        if not self.roles_changed:
            self.played.seen["closed by the people there"] += 1
            assert not self.office.newcomers, "nobody's role was changed, and a newcomer was needed"


def courses_of(of: str, number: int, length: int) -> Played:
    """Play so many courses of a kind of evaluation, each of so many moves, in one office."""

    class CourseOfKind(Course):
        office = staffed_office()
        kind = of
        played = Played()

    play(CourseOfKind, [f"{of} {place}" for place in range(number)], length)
    return CourseOfKind.played
