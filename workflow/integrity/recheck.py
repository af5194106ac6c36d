"""Do the draws for re-checks agree with their lots, with what was drawn, and with the audit?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from approvals.actions.comparing import finding_of
from approvals.actions.draw_recheck import content_of
from approvals.models import RecheckDraw, RecheckResult, RecordedFinding
from audit_log.models import AuditEvent
from evaluations.sampling import in_order_of_lots, weight_of
from workflow.integrity.asking import Check, rows


def draw_unlike_its_lots() -> Iterator[str]:
    """Drawn again, a draw brings out the same, in the same order; each weight follows from its facts."""
    for draw in RecheckDraw.objects.prefetch_related("candidates"):
        candidates = sorted(draw.candidates.all(), key=lambda each: each.place)
        for each in candidates:
            if each.weight != weight_of(each.facts, draw.used_weights):
                yield f"re-check draw {draw.pk}: the weight of candidate {each.pk} does not follow"
        order = in_order_of_lots({each.evaluation_id: each.weight for each in candidates}, draw.seed)
        if order != [each.evaluation_id for each in candidates]:
            yield f"re-check draw {draw.pk}: drawn again, the lots come out in another order"
        drawn = [each.place for each in candidates if each.decision_id is not None]
        if drawn != list(range(1, draw.number + 1)):
            yield f"re-check draw {draw.pk}: others were drawn than came out first"


def draw_unlike_its_event() -> Iterator[str]:
    """A draw is what its event says."""
    found = AuditEvent.objects.filter(object_type="recheckdraw", verb="draw_recheck")
    events = {event.object_id: event for event in found}
    for draw in RecheckDraw.objects.prefetch_related("candidates"):
        candidates = sorted(draw.candidates.all(), key=lambda each: each.place)
        event, content = events.get(draw.pk), content_of(draw, candidates)
        content["percent"] = None if draw.percent is None else f"{draw.percent:f}"
        if event is None or event.actor_id != draw.drawn_by_id or unlike(event.data, content):
            yield f"re-check draw {draw.pk}: differs from its audit event"


def unlike(kept: dict[str, Any], content: dict[str, Any]) -> bool:
    """Whether an event says something else; 10 percent and 10.00 percent are the same."""
    said = {**kept, "percent": content["percent"] and kept.get("percent") and float(kept["percent"])}
    return said != {**content, "percent": content["percent"] and float(content["percent"])}


def drawn_without_draw() -> Iterator[str]:
    """An evaluation is marked as drawn, has the decision of it and is in a draw: all three or none."""
    sql = """
        SELECT e.number FROM evaluations_evaluation e
        LEFT JOIN approvals_recheckcandidate c ON c.evaluation_id = e.id AND c.decision_id IS NOT NULL
        LEFT JOIN approvals_recheckdraw w ON w.id = c.draw_id
        LEFT JOIN approvals_decision d ON d.evaluation_id = e.id AND d.verb = 'draw'
        WHERE (c.id IS NOT NULL OR d.id IS NOT NULL OR e.drawn_at IS NOT NULL)
          AND (d.id IS DISTINCT FROM c.decision_id OR e.drawn_at IS DISTINCT FROM w.drawn_at)
    """
    for (number,) in rows(sql):
        yield f"evaluation {number}: its mark, its decision and its place in a draw for re-check differ"


def recheck_without_result() -> Iterator[str]:
    """Each re-check of what was drawn has its result, with the total decided; nothing else has one."""
    sql = """
        SELECT e.number, d.id FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        LEFT JOIN approvals_recheckresult r ON r.decision_id = d.id
        WHERE d.verb = 'recheck' AND e.drawn_at IS NOT NULL AND (r.id IS NULL OR r.found <> d.total)
           OR r.id IS NOT NULL
              AND (d.verb <> 'recheck' OR e.drawn_at IS NULL OR r.evaluation_id <> d.evaluation_id)
    """
    for number, decision in rows(sql):
        yield f"evaluation {number}: the result of re-check {decision} is missing or another"


def difference_without_finding() -> Iterator[str]:
    """A difference above the threshold has its finding with the same figures, any other has none."""
    found = dict(
        RecordedFinding.objects.filter(decision__verb="recheck").values_list("decision", "fingerprint")
    )
    for result in RecheckResult.objects.select_related("evaluation"):
        expected = finding_of(result)
        if found.get(result.decision_id) != (expected.fingerprint if expected else None):
            number = result.evaluation.number
            yield f"evaluation {number}: the finding of re-check {result.decision_id} is missing or another"


def result_unlike_its_event() -> Iterator[str]:
    """The stated total and the threshold are those that the event of the re-check names."""
    sql = """
        SELECT e.number, r.decision_id FROM approvals_recheckresult r
        JOIN evaluations_evaluation e ON e.id = r.evaluation_id
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = r.decision_id
             AND a.chain = 'evaluation:' || r.evaluation_id AND a.verb = 'recheck'
        WHERE (r.stated, r.threshold) IS DISTINCT FROM
              ((a.data ->> 'stated')::numeric, (a.data ->> 'threshold')::numeric)
    """
    for number, decision in rows(sql):
        yield f"evaluation {number}: the result of re-check {decision} differs from its audit event"


CHECKS: tuple[Check, ...] = (
    draw_unlike_its_lots,
    draw_unlike_its_event,
    drawn_without_draw,
    recheck_without_result,
    difference_without_finding,
    result_unlike_its_event,
)
