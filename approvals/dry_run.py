"""Where an evaluation would go by a review policy, and who would be asked; nothing is stored."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from accounts.access import holders_of
from accounts.models import Delegation, Organization, User
from approvals.actions.independence import NO_JUDGEMENT, RUNNING, involved
from approvals.actions.moving import addressees
from approvals.course import Facts, Ground, applies, appointed_to, grounds_of
from approvals.models import Decision
from approvals.procedure import Position, Step, steps_of
from evaluations.models import Evaluation, ReviewPolicy

Bar = Literal["", "leads", "took_part", "acts_earlier"]
"""Why somebody who holds the role is not asked: leads the project, had a hand in the dossier, or
is the only one for an earlier step."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who would be asked, or who holds the role but would not."""

    person: User
    bar: Bar = ""
    stand_ins: tuple[User, ...] = ()
    """Who may act for them today, of those whom nothing bars."""


@dataclass(frozen=True)
class DryStep:
    """One step: whether the evaluation passes it, on which grounds, and by whom."""

    step: Step
    applies: bool
    grounds: tuple[Ground, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    offices: tuple[Organization, ...] = ()
    """Where the candidates hold what is asked; the unit and the department at an exchange of views."""
    needed: int = 1

    @property
    def asked(self) -> list[User]:
        """Who would be asked."""
        return [each.person for each in self.candidates if not each.bar]

    @property
    def is_stuck(self) -> bool:
        """Whether the evaluation would wait here for somebody who is not there."""
        return self.applies and len(self.asked) < self.needed


def dry_run(evaluation: Evaluation, policy: ReviewPolicy) -> list[DryStep]:
    """Every step in order, for the dossier as it stands, from the first to the last.

    Conditions that turn on what is not known yet (a grade, findings) are judged by what
    there is. Whoever decided in this round counts where they did. Read-only.
    """
    tried = copy.copy(evaluation)
    tried.policy = policy
    facts, deciders = Facts(tried), deciders_of(tried)
    spent: dict[int, Step] = {}
    found = []
    for step in steps_of(tried):
        made = tried_step(tried, step, facts, spent)
        found.append(made)
        for person_id in those_needed(made, deciders[step.position]):
            spent.setdefault(person_id, step)
    return found


def tried_step(tried: Evaluation, step: Step, facts: Facts, spent: Mapping[int, Step]) -> DryStep:
    """One step as it would be."""
    assert step.policy is not None
    grounds = tuple(grounds_of(step.policy.condition, step, tried, facts))
    if not applies(step, tried, facts):
        return DryStep(step, False, grounds)
    tried.stage, tried.step = step.position
    people = list(holders(tried, step))
    offices = tuple(offices_of(tried, step))
    candidates = tuple(judged(tried, step, people, spent))
    return DryStep(step, True, grounds, candidates, offices, least(step))


def least(step: Step) -> int:
    """How many have to be there, at the least."""
    assert step.policy is not None
    return (step.policy.needed or 1) if step.policy.who == "n_of_m" else 1


def holders(tried: Evaluation, step: Step) -> Iterable[User]:
    """Everybody who has what the step asks for."""
    assert step.policy is not None
    if step.policy.work == "score":
        return [seat.expert for seat in tried.seats.in_force().select_related("expert").order_by("pk")]
    if step.policy.work == "answer":
        return of_addressees(tried)
    if step.part:
        return User.objects.filter(pk=appointed_to(tried, step.part), is_active=True)
    lead = tried.project.lead
    if step.fills and lead is not None:
        return [lead]
    return holders_of(step.right or "", step.organization_id(tried) or 0).order_by("pk")


def of_addressees(tried: Evaluation) -> Iterator[User]:
    """Whoever answers a draft: the project's lead, and the holders in the department."""
    for asked in addressees(tried):
        if asked.get("person_id"):
            yield from User.objects.filter(pk=asked["person_id"])
        else:
            yield from holders_of(asked["right"], asked["organization_id"]).order_by("pk")


def offices_of(tried: Evaluation, step: Step) -> list[Organization]:
    """Where what the step asks for is held; nowhere for seats and appointments."""
    assert step.policy is not None
    if step.policy.work == "answer":
        places = [asked["organization_id"] for asked in addressees(tried)]
        return [office for office in (tried.unit, tried.department) if office.pk in places]
    if step.right is None:
        return []
    place = step.organization_id(tried)
    return [office for office in (tried.unit, tried.department, tried.bureau) if office.pk == place][:1]


def judged(
    tried: Evaluation, step: Step, people: Iterable[User], spent: Mapping[int, Step]
) -> Iterator[Candidate]:
    """Each of them, with what bars them, and with whom they have let act for them."""
    asked = list(people)
    acting = stand_ins(tried, step, asked)
    everybody = {person.pk for person in asked} | {each.pk for found in acting.values() for each in found}
    bars = bars_of(tried, step, everybody, spent)
    # Whoever is asked for a voice of their own has none to give for another.
    taken = {person.pk for person in asked} if step.is_joint else set()
    for person in asked:
        free = [each for each in acting.get(person.pk, ()) if not bars[each.pk] and each.pk not in taken]
        bar = bars[person.pk]
        yield Candidate(person, bar, () if bar else tuple(free))


def stand_ins(tried: Evaluation, step: Step, people: Iterable[User]) -> dict[int, list[User]]:
    """Who may act today for each of these people, in what the step asks of them."""
    found: dict[int, list[User]] = defaultdict(list)
    for right, place in rights_asked(tried, step):
        carrying = Delegation.objects.carrying(right, place).filter(delegator__in=people)
        for each in Delegation.objects.filter(pk__in=carrying.values("pk")).select_related("delegate"):
            if each.delegate not in found[each.delegator_id]:
                found[each.delegator_id].append(each.delegate)
    return found


def rights_asked(tried: Evaluation, step: Step) -> list[tuple[str, int | None]]:
    """The rights that the step asks for, each with its organization; none for seats and appointments."""
    if step.policy is not None and step.policy.work == "answer":
        return [(asked["right"], asked["organization_id"]) for asked in addressees(tried)]
    return [(step.right, step.organization_id(tried))] if step.right else []


def bars_of(
    tried: Evaluation, step: Step, people: Collection[int], spent: Mapping[int, Step]
) -> dict[int, Bar]:
    """What bars each of these people. Whoever fills in or answers is not barred by anything."""
    bars: dict[int, Bar] = dict.fromkeys(people, "")
    if step.fills or not people:
        return bars
    for person_id in people:
        if person_id in spent and not is_same_hand(step, spent[person_id]):
            bars[person_id] = "acts_earlier"
    bars |= dict.fromkeys(involved(tried, people), "took_part")
    if tried.project.lead_id in bars:
        bars[tried.project.lead_id] = "leads"
    return bars


def is_same_hand(step: Step, earlier: Step) -> bool:
    """Whether who acted at the earlier step may act here too: the office that drafts weighs the answers."""
    assert step.policy is not None
    before = earlier.policy.work if earlier.policy else ""
    return step.policy.work in RUNNING and before in RUNNING


def those_needed(made: DryStep, deciders: Iterable[int]) -> list[int]:
    """Who is used up by the step: who decided there, else everybody when nobody of them can be spared."""
    assert made.step.policy is not None
    if decided := list(deciders):
        return decided
    asked = [person.pk for person in made.asked]
    all_act = made.step.policy.who in ("all", "sequence") or made.step.policy.work in ("score", "answer")
    return asked if all_act or len(asked) <= made.needed else []


def deciders_of(evaluation: Evaluation) -> dict[Position, list[int]]:
    """Who decided at which position in the present round."""
    found: dict[Position, list[int]] = defaultdict(list)
    decisions = Decision.objects.filter(evaluation=evaluation, item=None, round=evaluation.round)
    for stage, step, actor in decisions.exclude(verb__in=NO_JUDGEMENT).values_list("stage", "step", "actor"):
        found[stage, step].append(actor)
    return found
