"""What putting a draft, answering it and weighing the answers have in common: the points and the views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.course import rank
from approvals.exchange import Exchange, exchange_of, last_draft
from approvals.models import Consideration, Decision, DraftPoint, PointKind, Stance, View
from approvals.procedure import Position, steps_of
from audit_log.errors import InvalidInput, WrongStage
from evaluations.models import Evaluation, Stage

ANSWERING, CONSIDERING = (Stage.EXCHANGE_OF_VIEWS, 0), (Stage.EXCHANGE_OF_VIEWS, 1)


@dataclass(frozen=True)
class Views:
    """What an addressee says: to each point by its id a stance and a text, and points of its own."""

    by_point: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    further: Sequence[str] = ()


# --- the draft's points -------------------------------------------------------------


def points_of(evaluation: Evaluation) -> list[DraftPoint]:
    """The points that the draft consists of now, not saved yet."""
    texts = [
        *((PointKind.PROBLEM, problem.text) for problem in evaluation.problems.all()),
        *((PointKind.SUGGESTION, suggestion.text) for suggestion in evaluation.suggestions.all()),
        (PointKind.CONCLUSION, evaluation.draft_conclusion),
    ]
    points = [DraftPoint(place=1, kind=PointKind.RESULT, grade=evaluation.draft_grade)]
    points += [DraftPoint(place=place, kind=kind, text=text) for place, (kind, text) in enumerate(texts, 2)]
    return points


def keep_points(decision: Decision, points: Sequence[DraftPoint]) -> None:
    """Write the points with the decision that puts them forward."""
    for point in points:
        point.decision = decision
    DraftPoint.objects.bulk_create(points)


def points_for_the_event(points: Sequence[DraftPoint]) -> list[list[Any]]:
    return [[point.place, str(point.kind), point.text, str(point.grade)] for point in points]


# --- views --------------------------------------------------------------------------


def require_views(evaluation: Evaluation, views: Views | None) -> list[View]:
    """A view of each point of the last draft, and the addressee's own points, not saved yet.

    Without ``views`` every point is agreed to, and that is what goes on record. Raises InvalidInput at
    each point without a view, and at each objection without words.
    """
    draft = last_draft(evaluation)
    points = list(draft.points.all()) if draft else []
    if views is None:
        said = {point.pk: (str(Stance.AGREE), "") for point in points}
        return made_views(points, said, ())
    missing: dict[str, list[Any]] = {}
    for point in points:
        stance, text = views.by_point.get(point.pk, ("", ""))
        number = {"number": point.place}
        if stance not in Stance.values:
            missing[f"stance-{point.pk}"] = [_("Agree or object to point %(number)s.") % number]
        elif stance == Stance.OBJECT and not text.strip():
            missing[f"said-{point.pk}"] = [_("Say what you see differently in point %(number)s.") % number]
    if missing:
        raise InvalidInput(_("Each point of the draft needs an answer."), fields=missing)
    return made_views(points, views.by_point, views.further)


def made_views(
    points: Sequence[DraftPoint], said: Mapping[int, tuple[str, str]], further: Sequence[str]
) -> list[View]:
    rows = [View(point=point, stance=said[point.pk][0], text=said[point.pk][1].strip()) for point in points]
    rows += [View(stance=Stance.OBJECT, text=text.strip()) for text in further if text.strip()]
    for place, row in enumerate(rows, 1):
        row.place = place
    return rows


def keep_views(decision: Decision, views: Sequence[View]) -> None:
    """Write the views with the decision that gives them."""
    for view in views:
        view.decision = decision
    View.objects.bulk_create(views)


def views_for_the_event(views: Sequence[View]) -> list[list[Any]]:
    return [[view.place, view.point_id, str(view.stance), view.text] for view in views]


# --- considering --------------------------------------------------------------------


def require_considered(
    exchange: Exchange | None, considered: Mapping[int, tuple[bool | None, str]], *, partly: bool = False
) -> list[Consideration]:
    """What is made of each objection, not saved yet.

    Raises InvalidInput at each objection that is neither adopted nor not, or has no reason;
    ``partly`` leaves those out that nothing was said to.
    """
    missing: dict[str, list[Any]] = {}
    rows = []
    for view in exchange.objections if exchange else []:
        adopted, reason = considered.get(view.pk, (None, ""))
        if partly and adopted is None and not reason.strip():
            continue
        if adopted is None:
            missing[f"adopted-{view.pk}"] = [_("Say whether this objection is adopted.")]
        if not reason.strip():
            missing[f"reason-{view.pk}"] = [_("Give the reason for adopting or not adopting it.")]
        rows.append(Consideration(view=view, adopted=bool(adopted), reason=reason.strip()))
    if missing:
        raise InvalidInput(_("Each objection has to be considered, with a reason."), fields=missing)
    return rows


def keep_considerations(decision: Decision, rows: Sequence[Consideration]) -> None:
    """Write what was made of each objection."""
    for row in rows:
        row.decision = decision
    Consideration.objects.bulk_create(rows)


def considerations_for_the_event(rows: Sequence[Consideration]) -> list[list[Any]]:
    return [[row.view_id, row.adopted, row.reason] for row in rows]


def require_exchanged(evaluation: Evaluation) -> None:
    """Nothing is concluded before everybody was heard on the last draft and every objection considered.

    Raises WrongStage. A self-assessment has no draft, and a draft without points is of
    the time before views were exchanged point by point.
    """
    exchange = None if evaluation.is_self else exchange_of(evaluation)
    if evaluation.is_self or (exchange and not exchange.points):
        return
    if exchange is None or not exchange.is_answered:
        raise WrongStage(_("The last draft has not been put to the unit for its views."))
    if exchange.not_considered:
        raise WrongStage(_("An objection to the last draft has not been considered yet."))


# --- straight ways ------------------------------------------------------------------


def close_straight_ways(evaluation: Evaluation, beyond: Position) -> None:
    """A straight way back does not pass by the exchange of views: whatever leads beyond it is dropped.

    A new draft is put to everybody again, and new answers are considered (art. 22).
    """
    limit = rank(evaluation, beyond)
    evaluation.detours = [
        way for way in evaluation.detours if rank(evaluation, (way["stage"], way["step"])) <= limit
    ]


# What these make rests on everything before them: nothing that changed there leads past them.
MAKING = ("draft", "answer", "consider", "conclude")


def require_no_short_cut(evaluation: Evaluation, position: Position, straight_back: bool) -> None:
    """Raises InvalidInput for a straight way back past a step that has to be done anew (art. 22).

    What the unit or the experts change has to be drafted, answered, considered or concluded again.
    """
    if not straight_back:
        return
    there, here = rank(evaluation, position), rank(evaluation, (evaluation.stage, evaluation.step))
    between = [step for step in steps_of(evaluation) if there < rank(evaluation, step.position) < here]
    if any(step.policy is not None and step.policy.work in MAKING for step in between):
        raise InvalidInput.at(
            "straight_back",
            _("What changes there has to be drafted, answered or concluded again: let those steps follow."),
        )
