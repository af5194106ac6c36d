"""Weights: do they add up, do they follow the scheme, does one weigh too much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import ERROR, NOTE, WARNING, Finding, Subject
from evaluations.checks.registry import Check, check
from evaluations.scoring import level1_of
from evaluations.scoring.exact import FULL_MARKS, ZERO, printed, total
from evaluations.scoring.figures import COST, EFFECTS, EXECUTION, OUTPUTS, SATISFACTION
from evaluations.strict_json import gettext_noop

TOLERANCE = Decimal("0.01")
CONCENTRATED = Decimal(25)
LEAST_RESULTS = Decimal(60)
# Where a level counts that the scheme does not have.
RECEIVERS = {COST: OUTPUTS, SATISFACTION: EFFECTS}
COMPARED = (EXECUTION, COST, OUTPUTS, EFFECTS, SATISFACTION)
EXECUTION_TERM = gettext_noop("Execution rate")
SENTENCE_ENDS = re.compile(r"[。；;！!\n]")
# "权重作了适当调整", "调高产出指标分值"; not "设置权重" or "扣减分值", which every report has.
_CHANGED = r"(?<![未不])(?:调[整增减高低为至]|[上下]调|改为|变更)"
_MOVED = r"(?:提高|降低|增加|减少)"
CHANGED_WEIGHTS = re.compile(
    rf"(?:权重|分值).{{0,15}}{_CHANGED}|{_CHANGED}.{{0,15}}(?:权重|分值)"
    rf"|权重.{{0,15}}{_MOVED}|{_MOVED}.{{0,15}}权重"
)


@check("weights-total", ERROR)
def weights_total(case: Case) -> Iterator[Finding]:
    """All weights add up to 100 points: the indicators' and that of the execution row.

    财预〔2020〕10号 art. 18: 总分一般设置为100分. Fires when every weight is known
    and the sum differs from 100 by more than 0.01; never when an indicator's weight
    is not published.
    """
    weights = [row.weight for row in case.rows if row.weight is not None]
    if not weights or len(weights) < len(case.rows):
        return
    apart = case.execution_weight
    found = total(weights) + (apart or ZERO)
    if abs(found - FULL_MARKS) > TOLERANCE:
        values = {"found": printed(found), "apart": printed(apart or ZERO)}
        yield Finding(
            Subject(gettext_noop("Total of weights"), term=True, field="weight"),
            _why_not_100(case, found, apart),
            values,
            stated=printed(found),
            expected="100",
        )


def _why_not_100(case: Case, found: Decimal, apart: Decimal | None) -> str:
    if apart is None and found == Decimal(90) and not case.execution_rows:
        return gettext_noop(
            "The indicators' weights add up to %(found)s and the execution of the budget has no weight: "
            "its 10 points are missing."
        )
    if apart and case.execution_rows and abs(found - apart - FULL_MARKS) <= TOLERANCE:
        return gettext_noop(
            "The weights add up to %(found)s, not to 100: the execution of the budget counts twice, "
            "as an indicator and with %(apart)s points in a row of its own."
        )
    return gettext_noop("The weights add up to %(found)s, not to 100.")


@check("scheme-weights", WARNING)
def scheme_weights(case: Case) -> Iterator[Finding]:
    """The weights by level are the scheme's.

    财预〔2020〕10号 art. 13: execution, outputs, effects and satisfaction (and cost) have
    fixed weights in a self-assessment, unless a reason for the change is given; art. 14:
    outputs and effects together weigh at least 60 in a department's or finance's
    evaluation. Without a satisfaction indicator its points belong to the effects
    (财预〔2021〕101号). Indicators count where they belong, not where they are printed.
    A self-assessment without a scheme is never compared, nor a level one of whose weights
    is unknown.
    """
    if not case.named and not case.by_framework:
        return
    findings = list(_too_little_for_results(case) if case.by_framework else _off_scheme(case))
    if findings and not _says_why_weights_changed(case):
        yield from findings


def _off_scheme(case: Case) -> Iterator[Finding]:
    groups = _rows_by_level(case)
    expected = _expected_weights(case, groups)
    for level, weight in expected.items():
        found = _weight_of(case, level, groups.get(level, ()))
        if found is None or abs(found - weight) <= case.scheme.tolerance:
            continue
        is_execution = level == EXECUTION
        yield Finding(
            Subject(EXECUTION_TERM if is_execution else level, term=is_execution, field="weight"),
            gettext_noop("%(level)s weighs %(found)s points; the scheme gives it %(expected)s."),
            {
                "level": "预算执行率" if is_execution else level,
                "found": printed(found),
                "expected": printed(weight),
            },
            stated=printed(found),
            expected=printed(weight),
        )


def _rows_by_level(case: Case) -> Mapping[str, Sequence[Row]]:
    """The rows by the scheme's level; what the scheme has no level for counts with its receiver."""
    known = case.scheme.level_weights
    groups: dict[str, list[Row]] = {}
    for row in case.rows:
        level = case.level_of(row)
        if level not in known:
            level = RECEIVERS.get(level, level)
        groups.setdefault(level, []).append(row)
    return groups


def _expected_weights(case: Case, groups: Mapping[str, Sequence[Row]]) -> Mapping[str, Decimal]:
    """The scheme's weights of the compared levels; those of an absent satisfaction go where it says."""
    weights = {
        level: case.scheme.level_weights[level] for level in COMPARED if level in case.scheme.level_weights
    }
    receiver = case.scheme.without_satisfaction
    if SATISFACTION not in weights or receiver not in weights or receiver is None:
        return weights
    satisfaction = [row.weight for row in groups.get(SATISFACTION, ())]
    if all(weight == ZERO for weight in satisfaction):
        weights[receiver] += weights.pop(SATISFACTION)
    elif None in satisfaction:
        del weights[receiver]
    return weights


def _weight_of(case: Case, level: str, rows: Sequence[Row]) -> Decimal | None:
    """What a level weighs: its indicators, and for execution the form's row; None while unknown."""
    weights = [row.weight for row in rows if row.weight is not None]
    if len(weights) < len(rows):
        return _printed_weight(case, level, rows)
    if level != EXECUTION:
        return total(weights)
    apart = case.execution_weight
    return total(weights) + (apart or ZERO) if rows or apart is not None else None


def _printed_weight(case: Case, level: str, rows: Sequence[Row]) -> Decimal | None:
    """The level's printed weight, if the form prints exactly these indicators under it."""
    if list(rows) != list(case.rows_by_level1.get(level, ())):
        return None
    return next(
        (weight for label, weight in case.stated.level1_weights.items() if level1_of(label) == level), None
    )


def _too_little_for_results(case: Case) -> Iterator[Finding]:
    rows = [row for row in case.rows if row.dimension not in (EXECUTION, "决策", "过程")]
    found = _weight_of_results(case, rows)
    if found is not None and found < LEAST_RESULTS - TOLERANCE:
        yield Finding(
            Subject(gettext_noop("Outputs and effects"), term=True, field="weight"),
            gettext_noop("Outputs and effects weigh %(found)s points together; they must weigh at least 60."),
            {"found": printed(found)},
            stated=printed(found),
            expected="≥ 60",
        )


def _weight_of_results(case: Case, rows: Sequence[Row]) -> Decimal | None:
    results = (OUTPUTS, EFFECTS, COST, SATISFACTION)
    counted = [row for row in rows if row.level1 in results or row.dimension in results]
    weights = [row.weight for row in counted if row.weight is not None]
    if counted and len(weights) == len(counted):
        return total(weights)
    levels = {level1_of(label): weight for label, weight in case.stated.level1_weights.items()}
    if not {OUTPUTS, EFFECTS} <= levels.keys() or any(row.level1 not in results for row in counted):
        return None
    return total(levels.get(level, ZERO) for level in results)


def _says_why_weights_changed(case: Case) -> bool:
    """Whether a sentence speaks of changed weights; problems and recommendations give no reason."""
    dossier = case.dossier
    texts = [dossier.goal.expected, dossier.goal.achieved, dossier.budget.reason]
    texts += [row.facts.deviation_reason for row in case.rows]
    texts += [chapter.text for chapter in dossier.report]
    return any(
        CHANGED_WEIGHTS.search(sentence)
        for text in texts
        if text and ("权重" in text or "分值" in text)
        for sentence in SENTENCE_ENDS.split(text)
    )


@check("weight-concentration", NOTE)
def weight_concentration(case: Case) -> Iterator[Finding]:
    """No single indicator decides the result.

    Fires for an indicator that weighs more than 25 points; never for execution, for
    a checklist, nor for the only indicator of a level that weighs more than 25 in
    the scheme.
    """
    for row in case.rows:
        if row.weight is None or row.weight <= CONCENTRATED or row.is_execution or _is_checklist(row):
            continue
        groups = _rows_by_level(case)
        level = next(name for name, rows in groups.items() if row in rows)
        if len(groups[level]) == 1 and _scheme_weight(case, level, groups) > CONCENTRATED:
            continue
        yield Finding(
            Subject(row.name, indicator=row.place, field="weight"),
            gettext_noop("One indicator weighs %(found)s points, more than 25: it alone decides the result."),
            {"found": printed(row.weight)},
            stated=printed(row.weight),
            expected="≤ 25",
        )


def _is_checklist(row: Row) -> bool:
    return row.facts.rule is not None and row.facts.rule.get("type") == "checklist"


def _scheme_weight(case: Case, level: str, groups: Mapping[str, Sequence[Row]]) -> Decimal:
    expected = _expected_weights(case, groups)
    return expected.get(level, case.scheme.level_weights.get(level, ZERO))


CHECKS: tuple[Check, ...] = (weights_total, scheme_weights, weight_concentration)
