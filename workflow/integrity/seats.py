"""Do the experts' seats agree with their rights, their ballots and the draws that they came from?"""

from __future__ import annotations

from collections.abc import Iterator

from evaluations.drawing import drawn
from evaluations.models import Draw, Seat
from workflow.integrity.asking import Check, rows


def seat_without_its_right() -> Iterator[str]:
    """Whoever has a seat in force may score, and nobody else may."""
    sql = """
        SELECT e.number, COALESCE(s.expert_id, p.user_id), s.id IS NOT NULL
        FROM (SELECT * FROM evaluations_seat WHERE recused_at IS NULL) s
        FULL JOIN (SELECT o.* FROM evaluations_evaluationuserpermission o
                   JOIN auth_permission a ON a.id = o.permission_id AND a.codename = 'score_evaluation') p
             ON p.user_id = s.expert_id AND p.content_object_id = s.evaluation_id
        JOIN evaluations_evaluation e ON e.id = COALESCE(s.evaluation_id, p.content_object_id)
        WHERE s.id IS NULL OR p.id IS NULL
    """
    for number, expert, has_seat in rows(sql):
        what = "has a seat but may not score" if has_seat else "may score without a seat in force"
        yield f"evaluation {number}: person {expert} {what}"


def seat_without_its_ballot() -> Iterator[str]:
    """While experts score, each seat in force has a ballot of the round, a recused one none that is open.

    A late expert's ballot may be excused: the seat stays, for it is asked again in the next round.
    """
    sql = """
        SELECT e.number, s.id, s.recused_at IS NULL FROM evaluations_seat s
        JOIN evaluations_evaluation e ON e.id = s.evaluation_id AND e.stage = 'expert_scoring'
        LEFT JOIN approvals_ballot b ON b.seat_id = s.id AND b.round = e.round
             AND (s.recused_at IS NULL OR b.decision_id IS NULL AND b.excused_at IS NULL)
        WHERE (s.recused_at IS NULL) = (b.id IS NULL)
    """
    for number, seat, in_force in rows(sql):
        what = "is not asked" if in_force else "is asked though recused"
        yield f"evaluation {number}: seat {seat} {what}"


def replacement_of_nobody() -> Iterator[str]:
    """Whoever replaces takes a recused expert's seat on the same evaluation."""
    sql = """
        SELECT e.number, s.id, r.id FROM evaluations_seat s JOIN evaluations_seat r ON r.id = s.replaces_id
        JOIN evaluations_evaluation e ON e.id = s.evaluation_id
        WHERE r.recused_at IS NULL OR r.evaluation_id <> s.evaluation_id
    """
    for number, seat, replaced in rows(sql):
        yield f"evaluation {number}: seat {seat} replaces seat {replaced}, which is not free"


def draw_unlike_its_lots() -> Iterator[str]:
    """Drawn again, a draw gives whom it gave, and they are the ones who got seats by it."""
    seated: dict[int, set[int]] = {}
    for draw_id, expert_id in Seat.objects.exclude(draw=None).values_list("draw", "expert"):
        seated.setdefault(draw_id, set()).add(expert_id)
    for draw in Draw.objects.select_related("evaluation"):
        if drawn(draw.candidates, draw.number, draw.seed) != draw.chosen:
            yield f"evaluation {draw.evaluation.number}: draw {draw.pk} gives others when drawn again"
        elif seated.get(draw.pk, set()) != set(draw.chosen):
            yield f"evaluation {draw.evaluation.number}: draw {draw.pk} seated others than it gave"


CHECKS: tuple[Check, ...] = (
    seat_without_its_right,
    seat_without_its_ballot,
    replacement_of_nobody,
    draw_unlike_its_lots,
)
