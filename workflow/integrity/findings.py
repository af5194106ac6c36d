"""Do the findings on record agree with the decisions that they came with, and with the audit?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from approvals.actions.turn_finding import EVENTS
from approvals.findings import fingerprint_of
from approvals.models import RecordedFinding
from workflow.integrity.asking import Check, rows


def findings_unlike_their_event() -> Iterator[str]:
    """A handing in still has the findings, with the reasons, that its event names."""
    sql = """
        SELECT e.number, d.id, d.verb FROM approvals_decision d
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        JOIN audit_log_auditevent a ON a.object_type = 'decision' AND a.object_id = d.id
             AND a.chain = 'evaluation:' || d.evaluation_id AND a.verb = d.verb
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_object('code', f.code, 'fingerprint', f.fingerprint,
                                                'reason', f.reason) ORDER BY f.position) AS found
            FROM approvals_recordedfinding f WHERE f.decision_id = d.id
        ) AS kept
        WHERE COALESCE(kept.found, '[]') <> COALESCE(a.data -> 'findings', '[]')
    """
    for number, decision, verb in rows(sql):
        yield f"evaluation {number}: the findings of decision {decision} ({verb}) differ from its audit event"


def finding_unlike_its_decision() -> Iterator[str]:
    """A finding belongs to the evaluation and the round of the decision that it came with."""
    sql = """
        SELECT e.number, f.id, d.id FROM approvals_recordedfinding f
        JOIN approvals_decision d ON d.id = f.decision_id
        JOIN evaluations_evaluation e ON e.id = d.evaluation_id
        WHERE (f.evaluation_id, f.round) <> (d.evaluation_id, d.round)
           OR d.item_id IS NOT NULL
           OR (f.code = 'recheck-difference') <> (d.verb = 'recheck')
           OR d.verb NOT IN ('submit', 'supply', 'draft', 'recheck')
    """
    for number, finding, decision in rows(sql):
        yield f"evaluation {number}: finding {finding} does not belong to its decision {decision}"


def finding_without_its_answer() -> Iterator[str]:
    """What was submitted or drafted has a reason for each error, and its warnings were acknowledged."""
    sql = """
        SELECT e.number, f.id, f.code FROM approvals_recordedfinding f
        JOIN approvals_decision d ON d.id = f.decision_id
        JOIN evaluations_evaluation e ON e.id = f.evaluation_id
        WHERE d.verb IN ('submit', 'draft')
          AND ((f.severity = 'error' AND f.reason = '') OR (f.severity = 'warning' AND NOT f.acknowledged))
    """
    for number, finding, code in rows(sql):
        yield f"evaluation {number}: finding {finding} ({code}) was handed in without an answer"


def finding_unlike_its_fingerprint() -> Iterator[str]:
    """A finding still has the words and figures that its fingerprint was made of."""
    seen: Counter[tuple[int, str]] = Counter()
    found = RecordedFinding.objects.select_related("evaluation").order_by("decision_id", "position")
    for finding in found.iterator(chunk_size=1000):
        name = f"{finding.code}:{finding.subject}"
        seen[finding.decision_id, name] += 1
        place = seen[finding.decision_id, name]
        key = name if place == 1 else f"{name}#{place}"
        expected = fingerprint_of(
            key, finding.severity, finding.words, finding.values, finding.stated, finding.expected
        )
        if finding.fingerprint != expected:
            yield (
                f"evaluation {finding.evaluation.number}: finding {finding.pk} ({finding.code}) "
                "does not match its fingerprint"
            )


def turn_unlike_its_event() -> Iterator[str]:
    """What was done with a finding has its event, and still says what the event says."""
    sql = """
        SELECT e.number, t.id, t.kind FROM approvals_findingturn t
        JOIN approvals_recordedfinding f ON f.id = t.finding_id
        JOIN evaluations_evaluation e ON e.id = f.evaluation_id
        JOIN unnest(%(kinds)s::text[], %(verbs)s::text[]) AS v(kind, verb) ON v.kind = t.kind
        LEFT JOIN audit_log_auditevent a ON a.object_type = 'findingturn' AND a.object_id = t.id
             AND a.chain = 'evaluation:' || f.evaluation_id AND a.verb = v.verb
        WHERE a.id IS NULL OR t.actor_id <> a.actor_id
           OR (t.text, t.stage, t.round::text, f.id::text, f.fingerprint) IS DISTINCT FROM
              (a.data ->> 'text', a.data ->> 'stage', a.data ->> 'round', a.data ->> 'finding',
               a.data ->> 'fingerprint')
    """
    kinds = {"kinds": [kind.value for kind in EVENTS], "verbs": list(EVENTS.values())}
    for number, turn, kind in rows(sql, **kinds):
        yield f"evaluation {number}: turn {turn} ({kind}) of a finding differs from its audit event"


def question_passed_over() -> Iterator[str]:
    """A question was answered with the unit's next handing in, unless it was withdrawn.

    One about a draft's finding waits for the next draft when the dossier is back with the material: there
    the unit does not read it.
    """
    sql = """
        SELECT e.number, t.id FROM approvals_findingturn t
        JOIN approvals_recordedfinding f ON f.id = t.finding_id
        JOIN approvals_decision h ON h.id = f.decision_id
        JOIN evaluations_evaluation e ON e.id = f.evaluation_id
        WHERE t.kind = 'question'
          AND NOT EXISTS (SELECT FROM approvals_findingturn r WHERE r.question_id = t.id)
          AND EXISTS (SELECT FROM approvals_decision d WHERE d.evaluation_id = f.evaluation_id
                      AND d.item_id IS NULL AND d.decided_at > t.made_at
                      AND (d.verb = 'submit' OR d.verb = 'supply' AND h.verb <> 'draft'
                           OR (d.verb = 'answer' AND d.organization_id = e.unit_id)))
    """
    for number, turn in rows(sql):
        yield f"evaluation {number}: question {turn} about a finding was never answered"


def question_left_behind() -> Iterator[str]:
    """A step that asked the unit went on only after the answer, or after its question was withdrawn."""
    sql = """
        SELECT e.number, t.id, d.verb FROM approvals_findingturn t
        JOIN approvals_recordedfinding f ON f.id = t.finding_id
        JOIN evaluations_evaluation e ON e.id = f.evaluation_id
        JOIN approvals_decision d ON d.evaluation_id = f.evaluation_id AND d.item_id IS NULL
             AND d.stage = t.stage AND d.decided_at > t.made_at
             AND d.verb IN ('approve', 'accept', 'recheck', 'conclude')
        WHERE t.kind = 'question'
          AND NOT EXISTS (SELECT FROM approvals_findingturn r
                          WHERE r.question_id = t.id AND r.made_at <= d.decided_at)
    """
    for number, turn, verb in rows(sql):
        yield f"evaluation {number}: question {turn} about a finding was left behind by {verb}"


def turn_linked_to_something_else() -> Iterator[str]:
    """A score or an item that a finding led to is one of its evaluation; a lost item was taken back."""
    sql = """
        SELECT e.number, t.id, t.kind FROM approvals_findingturn t
        JOIN approvals_recordedfinding f ON f.id = t.finding_id
        JOIN evaluations_evaluation e ON e.id = f.evaluation_id
        LEFT JOIN evaluations_score s ON s.id = t.score_id
        LEFT JOIN evaluations_indicator n ON n.id = s.indicator_id
        LEFT JOIN approvals_rectificationitem i ON i.id = t.item_id
        WHERE (t.kind = 'adjustment'
               AND (n.evaluation_id, s.given_by_id) IS DISTINCT FROM (f.evaluation_id, t.actor_id))
           OR (t.kind = 'item' AND i.id IS NOT NULL AND i.evaluation_id <> f.evaluation_id)
           OR (t.kind = 'item' AND i.id IS NULL
               AND NOT EXISTS (SELECT FROM approvals_findingturn b
                               WHERE b.kind = 'item_dropped' AND b.item_id = t.item_id))
    """
    for number, turn, kind in rows(sql):
        yield f"evaluation {number}: turn {turn} ({kind}) of a finding is linked to something else"


CHECKS: tuple[Check, ...] = (
    findings_unlike_their_event,
    finding_unlike_its_decision,
    finding_without_its_answer,
    finding_unlike_its_fingerprint,
    turn_unlike_its_event,
    question_passed_over,
    question_left_behind,
    turn_linked_to_something_else,
)
