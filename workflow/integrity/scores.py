"""Do the scores keep within their indicators' weights?"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.integrity.asking import Check, rows


def score_above_weight() -> Iterator[str]:
    """No score of the present round exceeds the weight of its indicator; none at all is below zero."""
    sql = """
        SELECT e.number, n.name, s.source, s.points, n.weight FROM evaluations_score s
        JOIN evaluations_indicator n ON n.id = s.indicator_id
        JOIN evaluations_evaluation e ON e.id = n.evaluation_id
        WHERE s.points < 0 OR (s.points > n.weight AND s.round = e.round)
    """
    for number, name, source, points, weight in rows(sql):
        yield f"evaluation {number}: {source} score {points} of {name} is outside 0 to {weight}"


CHECKS: tuple[Check, ...] = (score_above_weight,)
