"""What is on record of an evaluation's findings: as handed in last, and what was done with each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.db.models import Q

from approvals.models import Decision, FindingTurn, RecordedFinding, TurnKind, Verb
from evaluations.models import Evaluation, Stage

BY_THE_UNIT = (Verb.SUBMIT, Verb.SUPPLY)
HANDED_IN = (*BY_THE_UNIT, Verb.DRAFT)


def known_to_the_unit(stage: str) -> tuple[Verb, ...]:
    """Whose findings the unit may read at a step of its own.

    Back with the material, the panel is about to score again: an earlier draft's findings
    are closed until the next draft, and what was asked about them waits for it.
    """
    return BY_THE_UNIT if stage == Stage.MATERIAL else HANDED_IN


class FindingsOnRecord:
    """The findings of one evaluation; three statements, whatever their number.

    ``verbs`` are the ways of handing in that the reader may know of: what an evaluator's
    draft was checked by tells the experts' points.
    """

    def __init__(self, evaluation: Evaluation, verbs: Iterable[Verb] = HANDED_IN) -> None:
        self.evaluation = evaluation
        self.verbs = tuple(verbs)

    @cached_property
    def handed_in(self) -> Decision | None:
        """The decision that handed the dossier in last; None before the first."""
        found = Decision.objects.filter(evaluation=self.evaluation, item=None, verb__in=self.verbs)
        return found.order_by("-pk").first()

    @cached_property
    def all(self) -> list[RecordedFinding]:
        """Those of every round, the earliest first."""
        verbs = (*self.verbs, Verb.RECHECK)  # lies open to whoever sees the evaluation
        found = RecordedFinding.objects.filter(evaluation=self.evaluation, decision__verb__in=verbs)
        return list(found.order_by("decision_id", "position"))

    @cached_property
    def latest(self) -> list[RecordedFinding]:
        """The findings as they stood when the dossier was handed in last, with a re-check's of it."""
        decisions = {each.pk for each in (self.handed_in, self.rechecked) if each}
        return [found for found in self.all if found.decision_id in decisions]

    @cached_property
    def rechecked(self) -> Decision | None:
        """The re-check of what was handed in last, when it was drawn for one and is not back at it."""
        if self.evaluation.drawn_at is None or self.handed_in is None:
            return None
        at_it = Q(verb=Verb.RECHECK) | Q(next_stage=Stage.FINANCE_REVIEW)
        found = Decision.objects.filter(at_it, evaluation=self.evaluation, item=None)
        last = found.filter(pk__gt=self.handed_in.pk).order_by("-pk").first()
        return last if last is not None and last.verb == Verb.RECHECK else None

    @cached_property
    def turns(self) -> dict[str, list[FindingTurn]]:
        """What was done, in order, by the fingerprint of the finding: the same doubt keeps its story.

        What was done with a finding that the reader may not know of stays out with it.
        """
        turns: dict[str, list[FindingTurn]] = {}
        rows = FindingTurn.objects.filter(
            finding__evaluation=self.evaluation, finding__decision__verb__in=(*self.verbs, Verb.RECHECK)
        )
        for turn in rows.select_related("actor", "finding").order_by("made_at", "pk"):
            turns.setdefault(turn.finding.fingerprint, []).append(turn)
        return turns

    def turns_of(self, fingerprint: str) -> list[FindingTurn]:
        """What was done with the doubt in any round."""
        return self.turns.get(fingerprint, [])

    @cached_property
    def reasons(self) -> dict[str, str]:
        """The reason that was given last for each doubt, by its fingerprint."""
        return {found.fingerprint: found.reason for found in self.all if found.reason}

    @cached_property
    def open_questions(self) -> list[FindingTurn]:
        """What reviewers asked and nobody has answered yet, in the order of asking."""
        every = [turn for turns in self.turns.values() for turn in turns]
        answered = {turn.question_id for turn in every}
        asked = [turn for turn in every if turn.kind == TurnKind.QUESTION and turn.pk not in answered]
        return sorted(asked, key=lambda turn: turn.pk)
