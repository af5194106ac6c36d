"""How far an evaluation is in its procedure, and what led it back, for the pages that show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.actions.independence import NO_JUDGEMENT
from approvals.actions.voices import ballots_now
from approvals.models import Decision, Verb
from approvals.procedure import Step, steps_of
from evaluations.models import Evaluation, Stage

STAGES = [stage.value for stage in Stage]
PASSED = {"done", "skipped"}
# No return, wherever they lead. Going on without a voice is not among them: it may complete a vote for one.
NEVER_A_RETURN = (Verb.OPEN, Verb.WITHDRAW, Verb.DRAW)


@dataclass(frozen=True)
class Place:
    """One step of the evaluation's policy, and how it stands with it."""

    step: Step
    state: str
    """done, current, skipped or todo."""
    votes: str = ""
    """How many of those who are asked have voted, where several are."""
    asked: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether everybody passes it by one person's word."""
        assert self.step.policy is not None
        return self.step.policy.who == "any" and self.step.policy.condition.is_empty


def places(evaluation: Evaluation, decisions: Iterable[Decision]) -> list[Place]:
    """Every step that the evaluation may have to pass; behind it, those nobody decided at were skipped."""
    decided = {(found.stage, found.step) for found in decisions if found.verb not in NO_JUDGEMENT}
    steps = steps_of(evaluation)
    order = [step.position for step in steps]
    at = (evaluation.stage, evaluation.step)
    here = order.index(at) if at in order else len(order)
    return [
        place_at(evaluation, step, place - here, step.position in decided) for place, step in enumerate(steps)
    ]


def place_at(evaluation: Evaluation, step: Step, distance: int, was_decided: bool) -> Place:
    """A step so many steps ahead of where the evaluation stands."""
    if distance:
        return Place(step, "todo" if distance > 0 else "done" if was_decided else "skipped")
    if not step.is_joint:
        return Place(step, "current")
    ballots = [ballot for ballot in ballots_now(evaluation) if ballot.excused_at is None]
    given = sum(ballot.decision_id is not None for ballot in ballots)
    words = _("%(given)s of %(asked)s have voted") % {"given": given, "asked": len(ballots)}
    return Place(step, "current", words, len(ballots))


def went_back(decision: Decision) -> bool:
    """Whether the decision led the dossier back: a return, the last vote for one, or a voice gone without."""
    if decision.verb in NEVER_A_RETURN or decision.stage not in STAGES or decision.next_stage not in STAGES:
        return False
    left, next = STAGES.index(decision.stage), STAGES.index(decision.next_stage)
    return (next, decision.next_step) < (left, decision.step)


def local_day(moment: Any) -> Any:
    """The local date of an aware moment."""
    return timezone.localtime(moment).date() if moment else None
