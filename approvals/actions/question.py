"""Questions to the unit that nobody has answered: they hold a decision up, or are withdrawn."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils.translation import ngettext

from accounts.models import User
from approvals.actions.entering import Entry
from approvals.actions.turn_finding import entered, field_of, write
from approvals.actions.voices import OWN, Capacity
from approvals.findings_on_record import FindingsOnRecord
from approvals.models import FindingTurn, TurnKind
from audit_log.errors import InvalidInput, NotFound
from evaluations.models import Evaluation


@transaction.atomic
def withdraw_question(
    *, question: FindingTurn, actor: User, is_demonstration: bool = False, capacity: Capacity = OWN
) -> FindingTurn:
    """Withdraw a question of the present step: nobody has to answer it, and it stays on record.

    Whoever may act at the step may, for who asked can have left. Raises NotFound when
    it was answered or withdrawn, or asked at another step; WrongStage, NotAllowed,
    ConflictOfInterest.
    """
    entry = entered(question.finding, actor, capacity)
    if question not in open_questions_of_step(entry.evaluation):
        raise NotFound()
    return write(
        question.finding,
        entry.evaluation,
        actor,
        TurnKind.WITHDRAWAL,
        on_behalf_of=entry.on_behalf_of_id,
        question=question,
        is_demonstration=is_demonstration,
    )


def open_questions_of_step(evaluation: Evaluation) -> list[FindingTurn]:
    """What was asked at the present step and waits for its answer."""
    return [turn for turn in FindingsOnRecord(evaluation).open_questions if turn.stage == evaluation.stage]


def require_no_open_question(entry: Entry) -> None:
    """The dossier goes on only when the unit need not see it again: a question would never be answered.

    Raises InvalidInput at each finding with an open question of this step.
    """
    if not entry.has_open_question:
        return
    waiting = Counter(field_of(turn.finding) for turn in open_questions_of_step(entry.evaluation))
    if waiting:
        raise InvalidInput(
            held_up(waiting.total()), fields={field: [held_up(number)] for field, number in waiting.items()}
        )


def held_up(number: int) -> str:
    """What to do about open questions."""
    words = ngettext(
        "%(number)s question to the unit is open: return the dossier, or withdraw the question.",
        "%(number)s questions to the unit are open: return the dossier, or withdraw the questions.",
        number,
    )
    return words % {"number": number}
