"""What reviewers do with a finding, and what the unit answers: each a row that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.entering import Entry, enter_step
from approvals.actions.shape import locked, require_text
from approvals.actions.voices import OWN, Capacity
from approvals.findings_on_record import FindingsOnRecord, known_to_the_unit
from approvals.models import Decision, FindingTurn, RecordedFinding, RectificationItem, TurnKind, Verb
from approvals.procedure import TURNS_FINDINGS, step_at
from audit_log.errors import InvalidInput, WrongStage
from audit_log.record import chain_of, record
from evaluations.computed import latest_scores, points_of
from evaluations.models import Evaluation, Score, ScoreSource
from notices import messages
from notices.jobs import announce

EVENTS = {
    TurnKind.QUESTION: "question_finding",
    TurnKind.ANSWER: "answer_finding",
    TurnKind.WITHDRAWAL: "withdraw_question",
    TurnKind.ADJUSTMENT: "adjust_by_finding",
    TurnKind.ITEM: "item_from_finding",
    TurnKind.ITEM_DROPPED: "drop_item_from_finding",
    TurnKind.DISMISSAL: "dismiss_finding",
}


@transaction.atomic
def ask(
    *,
    finding: RecordedFinding,
    actor: User,
    question: str,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> FindingTurn:
    """Ask the unit about a finding: it is told at once, and answers when the dossier is back with it.

    Raises WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput without a question
    or for one that waits for its answer already.
    """
    entry = under_review(finding, actor, capacity)
    evaluation = entry.evaluation
    require_way_back(evaluation)
    text = require_text(question, field_of(finding), _("Write the question."))
    require_new(finding, evaluation, text)
    turn = write(
        finding,
        evaluation,
        actor,
        TurnKind.QUESTION,
        text=text,
        on_behalf_of=entry.on_behalf_of_id,
        is_demonstration=is_demonstration,
    )
    announce(
        message=messages.QUESTION,
        values={"project": evaluation.project.name, "question": text[:200]},
        path=f"/evaluations/{evaluation.pk}/findings/",
        source=f"question:{turn.pk}",
        owner_id=evaluation.project.lead_id,
        right="view_evaluations",
        organization_id=evaluation.unit_id,
    )
    return turn


@transaction.atomic
def dismiss(
    *,
    finding: RecordedFinding,
    actor: User,
    reason: str,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> FindingTurn:
    """Dismiss a finding: it stays on record, with the reason.

    Raises WrongStage, NotAllowed, ConflictOfInterest, and InvalidInput without a reason.
    """
    entry = under_review(finding, actor, capacity)
    text = require_text(reason, field_of(finding), _("Say why the finding is dismissed."))
    return write(
        finding,
        entry.evaluation,
        actor,
        TurnKind.DISMISSAL,
        text=text,
        on_behalf_of=entry.on_behalf_of_id,
        is_demonstration=is_demonstration,
    )


def require_way_back(evaluation: Evaluation) -> None:
    """Raises WrongStage where the dossier cannot be returned: the unit could never answer."""
    step = step_at(evaluation)
    if step is None or not {Verb.RETURN, Verb.OBJECT} & set(step.verbs):
        raise WrongStage(
            _("A re-check compares what was stated: the unit is asked when it is concluded."),
            found=evaluation.stage,
        )


def require_new(finding: RecordedFinding, evaluation: Evaluation, question: str) -> None:
    """Raises InvalidInput for a question about the same doubt that still waits for its answer."""
    waiting = FindingsOnRecord(evaluation).open_questions
    if any((turn.finding.fingerprint, turn.text) == (finding.fingerprint, question) for turn in waiting):
        raise InvalidInput.at(
            field_of(finding), _("The unit was asked this already, and has not answered yet.")
        )


def field_of(finding: RecordedFinding) -> str:
    """The name of the form's field for what is said to a finding."""
    return f"turn-{finding.pk}"


def under_review(finding: RecordedFinding, actor: User, capacity: Capacity) -> Entry:
    """What ``entered`` says, when its step deals with findings and this one is of the last handing in.

    Raises WrongStage, NotAllowed, ConflictOfInterest.
    """
    entry = entered(finding, actor, capacity)
    require_latest(finding, entry.evaluation)
    return entry


def entered(finding: RecordedFinding, actor: User, capacity: Capacity) -> Entry:
    """The locked evaluation and for whom the actor may act there, when its step deals with findings.

    Raises WrongStage, NotAllowed, ConflictOfInterest.
    """
    evaluation = locked(finding.evaluation_id)
    step = step_at(evaluation)
    if step is None or evaluation.stage not in TURNS_FINDINGS:
        raise WrongStage(_("Findings are dealt with during a review."), found=evaluation.stage)
    return enter_step(evaluation, step, actor, capacity)


def require_latest(finding: RecordedFinding, evaluation: Evaluation) -> None:
    """Raises WrongStage for a finding of an earlier round."""
    if finding not in FindingsOnRecord(evaluation).latest:
        raise WrongStage(_("The dossier was handed in anew: this finding is of an earlier round."))


def write(
    finding: RecordedFinding,
    evaluation: Evaluation,
    actor: User,
    kind: TurnKind,
    *,
    text: str = "",
    decision: Decision | None = None,
    on_behalf_of: int | None = None,
    is_demonstration: bool = False,
    **links: Any,
) -> FindingTurn:
    """Write a turn with its event, which names for whom; the caller holds the evaluation's lock.

    ``decision`` is the one that it goes with: by then the evaluation has moved on.
    """
    item: RectificationItem | None = links.get("item")
    stage = decision.stage if decision else evaluation.stage
    round = decision.round if decision else evaluation.round
    turn = FindingTurn(
        finding=finding,
        kind=kind,
        text=text,
        stage=stage,
        round=round,
        actor=actor,
        item_number=item.number if item else "",
        is_demonstration=is_demonstration,
        **links,
    )
    turn.save(force_insert=True)
    record(
        chain=chain_of(evaluation.pk),
        verb=EVENTS[kind],
        actor=actor,
        object=turn,
        data={
            "finding": finding.pk,
            "code": finding.code,
            "fingerprint": finding.fingerprint,
            "text": text,
            "stage": stage,
            "round": round,
        },
        on_behalf_of=on_behalf_of,
    )
    return turn


def note_adjustments(
    evaluation: Evaluation,
    actor: User,
    source: str,
    adjusted: Mapping[int, int],
    *,
    on_behalf_of: int | None = None,
    is_demonstration: bool = False,
) -> None:
    """Tie the scores just given to the findings that led to them.

    ``adjusted`` maps a finding's id to the indicator's; a score that agrees with the
    stated one after all adjusts nothing. Raises InvalidInput for a finding that is
    not of the last handing in, or that is about another indicator.
    """
    latest = {found.pk: found for found in FindingsOnRecord(evaluation).latest}
    given = Score.objects.filter(
        indicator__evaluation=evaluation, source=source, round=evaluation.round, given_by=actor
    )
    scores = {score.indicator_id: score for score in given}
    rows = list(evaluation.indicators.prefetch_related("scores"))
    stated = latest_scores(rows, ScoreSource.STATED)
    for finding_id, indicator_id in adjusted.items():
        score = scores.get(indicator_id)
        if finding_id not in latest:
            raise InvalidInput(_("The dossier was handed in anew: this finding is of an earlier round."))
        if latest[finding_id].indicator_id != indicator_id:
            raise InvalidInput(_("A score names a finding that is about another indicator."))
        if score is not None and score.points != points_of(stated[indicator_id]):
            write(
                latest[finding_id],
                evaluation,
                actor,
                TurnKind.ADJUSTMENT,
                text=score.reason,
                on_behalf_of=on_behalf_of,
                is_demonstration=is_demonstration,
                score=score,
            )


def note_dropped(
    item: RectificationItem, evaluation: Evaluation, actor: User, on_behalf_of: int | None
) -> None:
    """A proposed item was taken back: the finding that it came from is open again."""
    for turn in FindingTurn.objects.filter(kind=TurnKind.ITEM, item=item).select_related("finding"):
        write(turn.finding, evaluation, actor, TurnKind.ITEM_DROPPED, item=item, on_behalf_of=on_behalf_of)


def require_answers(evaluation: Evaluation, answers: Mapping[int, str]) -> list[tuple[FindingTurn, str]]:
    """Each open question that the unit may read now, with its answer.

    Raises InvalidInput at each that has none.
    """
    questions = FindingsOnRecord(evaluation, known_to_the_unit(evaluation.stage)).open_questions
    missing = {
        f"answer-{turn.pk}": [
            _("Answer the question about “%(subject)s”.") % {"subject": turn.finding.subject_text}
        ]
        for turn in questions
        if not answers.get(turn.pk, "").strip()
    }
    if missing:
        raise InvalidInput(_("A reviewer asked: answer before you hand in."), fields=missing)
    return [(turn, answers[turn.pk].strip()) for turn in questions]


def keep_answers(decision: Decision, answered: list[tuple[FindingTurn, str]], actor: User) -> None:
    """Write the answers that went with the handing in."""
    for question, text in answered:
        write(
            question.finding,
            decision.evaluation,
            actor,
            TurnKind.ANSWER,
            text=text,
            decision=decision,
            on_behalf_of=decision.on_behalf_of_id,
            question=question,
            is_demonstration=decision.is_demonstration,
        )
