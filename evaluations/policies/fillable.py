"""Whether the people that there are could complete a review policy.

Nobody decides at two steps of one evaluation, so every step that is always passed needs
somebody who is not needed at another one. Pure: who holds what is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from accounts.roles import HELD_AT, Right, Role, codename_of
from evaluations.models.choices import Kind
from evaluations.policies.document import PolicyContent
from evaluations.policies.grammar import PARTS
from evaluations.policies.parts import PolicyStep
from evaluations.strict_json import Fault, gettext_noop

LEVELS = ("unit", "department", "bureau")
# The office that runs an evaluation weighs the answers to what it drafted itself.
SAME_HAND = ("draft", "consider")
MOST_NAMED = 10


@dataclass(frozen=True)
class Office:
    """An organization with who holds which right there: ids of people by codename.

    ``id`` and ``above`` (the id of the office above it) tell whose people meet in one evaluation.
    """

    name: str
    level: str
    holders: Mapping[str, frozenset[int]] = field(default_factory=dict)
    id: int | None = None
    above: int | None = None

    def holding(self, codename: str) -> frozenset[int]:
        return self.holders.get(codename, frozenset())


@dataclass(frozen=True)
class Demand:
    """What a step asks of an office of its level: people who hold a right, and how many of them.

    ``acts``: they decide there; otherwise they only hear of it when the days to act run out.
    """

    path: str
    level: str
    codename: str
    step: PolicyStep
    acts: bool = True

    @property
    def least(self) -> int:
        """How many have to be there, at the least."""
        if not self.acts:
            return 1
        return (self.step.needed or 1) if self.step.who == "n_of_m" else 1

    @property
    def place_of_fault(self) -> str:
        if not self.acts:
            return f"{self.path}.escalate_to"
        return f"{self.path}.needed" if self.least > 1 else f"{self.path}.asked"


@dataclass(frozen=True)
class Fillable:
    """``faults`` keep a policy from being published; ``warnings`` name the offices that could not do it."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def fillable(content: PolicyContent, offices: Iterable[Office]) -> Fillable:
    """Look for the people behind every step of a policy that is well formed.

    At the bureau a step must find its people. Of departments and units one that does is
    enough: the others are named in a warning. One unit with its department and the bureau
    together have to be able to as well. Parts are appointed evaluation by evaluation, so
    nothing is asked of them here.
    """
    demands = list(demands_of(content))
    faults: list[Fault] = []
    warnings: list[Fault] = []
    by_level: dict[str, list[Office]] = {level: [] for level in LEVELS}
    for office in offices:
        by_level[office.level].append(office)
    for level, there in by_level.items():
        found = list(at_level([demand for demand in demands if demand.level == level], there))
        able = [office for office in there if not any(office in unable for _fault, unable in found)]
        if able:
            warnings += [naming(fault, unable) for fault, unable in found]
        else:
            faults += [fault for fault, _unable in found]
    if not faults:
        together, apart = across_offices(demands, by_level)
        faults += together
        warnings += apart
    order = {demand.path: place for place, demand in enumerate(demands)}
    return Fillable(tuple(sorted(faults, key=lambda fault: order[step_path(fault.path)])), tuple(warnings))


def demands_of(content: PolicyContent) -> Iterator[Demand]:
    """What each step asks for; nothing for a part that somebody is appointed to."""
    for place, stage in enumerate(content.stages):
        for number, step in enumerate(stage.steps):
            path = f"stages[{place}].steps[{number}]"
            if step.work == "answer":
                yield Demand(path, "unit", Right.FILL_SELF_ASSESSMENT, step)
                if content.kind != Kind.DEPARTMENT:
                    yield Demand(path, "department", Right.REVIEW_DEPARTMENT, step)
            elif step.work == "score":
                yield Demand(path, "bureau", Right.BE_SEATED, step)
            elif step.asked not in PARTS:
                yield Demand(path, level_of(content.kind, step), codename_of(step.asked), step)
            if step.escalate_to:
                place_held = HELD_AT[Role(step.escalate_to)]
                yield Demand(path, place_held, codename_of(step.escalate_to), step, acts=False)


def level_of(kind: str, step: PolicyStep) -> str:
    """Where whoever is asked holds the right: the evaluator is the bureau, or the department."""
    if step.held_at != "evaluator":
        return step.held_at
    return "department" if kind == Kind.DEPARTMENT else "bureau"


def at_level(demands: Sequence[Demand], offices: Sequence[Office]) -> Iterator[tuple[Fault, list[Office]]]:
    """Each fault with the offices that have it; what follows from a step without people is not told too."""
    lacking: set[int] = set()
    for demand in demands:
        unable = [office for office in offices if len(office.holding(demand.codename)) < demand.least]
        if unable or not offices:
            lacking.update(map(id, unable))
            yield Fault(demand.place_of_fault, *missing_words(demand, unable)), unable
    twice: dict[str, tuple[Demand, list[Office]]] = {}
    for office in offices:
        holding = partial(of_office, office)
        if id(office) not in lacking and (found := first_without_own_people(demands, holding)):
            twice.setdefault(found.path, (found, []))[1].append(office)
    for demand, unable in twice.values():
        yield Fault(demand.place_of_fault, TWICE), unable


TWICE = gettext_noop(
    "whoever could act here is needed at another step of the same evaluation: nobody decides twice"
)


def of_office(office: Office, demand: Demand) -> frozenset[int]:
    """Who of one office could meet the demand."""
    return office.holding(demand.codename)


def missing_words(demand: Demand, unable: Sequence[Office]) -> tuple[str, Mapping[str, str]]:
    """Why a step would wait for ever."""
    if not demand.acts:
        return gettext_noop("nobody holds the role that would be told when the days to act run out"), {}
    if demand.least == 1:
        return gettext_noop("nobody could act at this step: nobody holds what it asks for"), {}
    most = max((len(office.holding(demand.codename)) for office in unable), default=0)
    words = gettext_noop("%(needed)s people have to agree, but only %(found)s hold what this step asks for")
    return words, {"needed": str(demand.least), "found": str(most)}


def naming(fault: Fault, offices: Sequence[Office]) -> Fault:
    """The same, said of these offices."""
    names = "、".join(office.name for office in offices[:MOST_NAMED])
    more = "…" if len(offices) > MOST_NAMED else ""
    values = {**fault.values, "offices": names + more, "number": str(len(offices))}
    return Fault(step_path(fault.path), fault.words, values)


def step_path(path: str) -> str:
    """The path of the step that a fault's path lies in."""
    return path.rpartition(".")[0] if path.count(".") > 1 else path


# --- Separation of duties --------------------------------------------------------------


def across_offices(
    demands: Sequence[Demand], offices: Mapping[str, Sequence[Office]]
) -> tuple[list[Fault], list[Fault]]:
    """What is wrong where one person stands in two offices of the same evaluation: faults and warnings.

    A unit's evaluation goes through its department and the bureau; somebody who is the only
    one at two steps of it acts at one of them only.
    """
    above = {office.id: office for level in ("department", "bureau") for office in offices[level]}
    stuck: dict[str, tuple[Demand, list[Office]]] = {}
    is_able = False
    for unit in offices["unit"]:
        department = above.get(unit.above)
        bureau = above.get(department.above) if department else None
        if department is None or bureau is None:
            continue
        chain = {"unit": unit, "department": department, "bureau": bureau}
        if any(len(of_chain(chain, demand)) < demand.least for demand in demands):
            continue  # told of each office by itself
        if found := first_without_own_people(demands, partial(of_chain, chain)):
            stuck.setdefault(found.path, (found, []))[1].append(unit)
        else:
            is_able = True
    told = [(Fault(demand.place_of_fault, TWICE), units) for demand, units in stuck.values()]
    if is_able:
        return [], [naming(fault, units) for fault, units in told]
    return [fault for fault, _units in told], []


def of_chain(chain: Mapping[str, Office], demand: Demand) -> frozenset[int]:
    """Who of a unit, its department and the bureau could meet the demand."""
    return chain[demand.level].holding(demand.codename)


def first_without_own_people(
    demands: Sequence[Demand], holding: Callable[[Demand], frozenset[int]]
) -> Demand | None:
    """The first step that is left without people once the steps before it have theirs; None if all have.

    Only steps that are always passed count. Where all of a role are asked, none of them can
    act later; whoever acted before is not asked there.
    """
    taken: dict[int, int] = {}
    places: list[frozenset[int]] = []
    spent: frozenset[int] = frozenset()
    for demand in always_passed(demands):
        people = holding(demand)
        for _person in range(demand.least):
            places.append(people - spent)
            if not seat(len(places) - 1, places, taken, set()):
                return demand
        if demand.step.who in ("all", "sequence"):
            spent |= people
    return None


def always_passed(demands: Sequence[Demand]) -> Iterator[Demand]:
    """The steps that no evaluation passes by, those of one hand once."""
    drafted = False
    for demand in demands:
        if not demand.acts:
            continue
        if demand.step.work in SAME_HAND:
            if drafted:
                continue
            drafted = True
        if demand.step.condition.is_empty and demand.step.work not in ("answer", "score", "supply"):
            yield demand


def seat(place: int, places: Sequence[frozenset[int]], taken: dict[int, int], tried: set[int]) -> bool:
    """Find somebody for a place, if need be by moving others (Kuhn's matching)."""
    for person in sorted(places[place] - tried):
        tried.add(person)
        if person not in taken or seat(taken[person], places, taken, tried):
            taken[person] = place
            return True
    return False
