"""The dossier that other tests spoil has no fault of its own."""

from __future__ import annotations

from evaluations.checks import Finding, case_of, findings_of
from evaluations.dossier import dossier_to_json, parse_dossier
from tests.evaluations.checks.dossiers import CORRECT, codes, correct_dossier


def test_the_correct_dossier_has_no_findings() -> None:
    findings: tuple[Finding, ...] = findings_of(case_of(correct_dossier()))
    assert [(finding.code, finding.message()) for finding in findings] == []


def test_the_correct_dossier_is_scored_as_it_states() -> None:
    case = case_of(correct_dossier())
    assert case.scored.total == case.stated.total
    assert case.scored.grade == case.stated.grade


def test_changes_leave_the_correct_dossier_itself_alone() -> None:
    before = correct_dossier()
    changed = correct_dossier(indicators={2: {"weight": "11"}}, stated={"total": None})
    assert changed.indicators[2].weight != before.indicators[2].weight
    assert changed.indicators[1] == before.indicators[1]
    assert correct_dossier() == before
    assert codes(parse_dossier(dossier_to_json(before))) == set()
    assert CORRECT["stated"]["total"] == "99.4"
