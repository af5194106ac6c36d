"""Status and reasons: what is said of a target beside its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import ERROR, NOTE, WARNING, Finding, Subject
from evaluations.checks.reading import PrintedPercent, half_width, percent, rate_of
from evaluations.checks.registry import Check, check
from evaluations.checks.targets import FRAMEWORK_LEVELS
from evaluations.scoring.exact import FULL_MARKS, ZERO, exact
from evaluations.scoring.judgement import POOR, tier_of
from evaluations.strict_json import gettext_noop

TITLE = re.compile("《[^》]*》")
NOT_DONE = "未达|未完成|未[按如][期时]完成|未按计划完成|未全部完成|未及时完成|未全面|未能"
LATE = "滞后|延期|推迟"
SHORT = re.compile(f"{NOT_DONE}|{LATE}|不足")
# The same words where they say the opposite, or speak of something else.
DENIED = re.compile(
    "(?:不存在|[未没](?:有)?(?:出现|发生|造成|导致|产生|因)|没有|无(?![法力奈人])|从未|并未|不会"
    "|(?:避免|防止|杜绝|克服|弥补|补齐|补足|解决|改善|缓解|扭转|消除)了?)"
    f"(?:(?!导致|致使|造成|引起|使得|因此|因而|所以|故)[^,。;、!?]){{0,8}}?(?:{NOT_DONE}|{LATE}|不足)"
    f"|[未不](?:{LATE})"
    f"|(?:上一?年度?|去年|往年|历年|前年|以前年度)[^,。;、]{{0,8}}?(?:{NOT_DONE})"
    "|未达到?[^,。;、]{0,4}(?:上限|警戒|红线|预警|限额|封顶)"
    "|(?:偏差|差异|误差|相差|差距)[率度值]?(?:仅为?)?不足"
    # A shortfall that was there before, and what was done about it this year.
    f"|针对[^,。;!?]{{0,20}}?(?:{NOT_DONE}|{LATE}|不足)[^,。;!?]{{0,4}}(?:问题|短板|情况|现象|薄弱环节)"
    "(?=,(?![^。;!?]{0,40}?(?:仍|尚未|正在|拟|将|下一?步|明年|建议|未))"
    "[^。;!?]{0,40}?(?:新增|增加|增设|增配|增派|补充|补齐|加密|扩大|扩充|提[高升]|完善|改进|改造|加大|加强|优化|调整))"
)
UNDERRATED = re.compile("(?:估计|预估|估算|预计|预判|预测|预见|测算|考虑|经验)[^,。;、]{0,4}?不足")


@check("completion-rate", NOTE)
def completion_rate(case: Case) -> Iterator[Finding]:
    """A completion rate is actual ÷ target (财预〔2020〕10号 附2: 实际完成率).

    Fires when the stated rate, at its printed places, is not actual ÷ target, rates over
    100 % printed as 100 % among them. Where less is better target ÷ actual and, if the
    target is met, 100 % are right too. Never for qualitative indicators and targets of zero.
    """
    for row in case.rows:
        text = row.facts.stated.completion_rate
        if text is None or (figures := _figures(row)) is None:
            continue
        actual, target = figures
        rate = rate_of(text)
        if rate is None or rate.is_share(actual, target):
            continue
        if not _less_may_be_better(row):
            yield _rate_finding(row, HIGHER_RATE, text, exact(actual) / exact(target), rate.places)
        elif not _is_reading_of_less(row, rate, actual, target):
            inverse = exact(target) / exact(actual) if actual else Fraction(0)
            right = Fraction(1) if row.met else inverse
            yield _rate_finding(row, LOWER_RATE, text, right, rate.places, exact(actual) / exact(target))


@check("reason-missing", ERROR)
def reason_missing(case: Case) -> Iterator[Finding]:
    """A deviation has a reason (财预〔2020〕10号 art. 11, 附1: 偏差原因分析及改进措施).

    Fires as an error for a target that is not met, by its figures, else by the stated
    status, else by the actual's own words; as a warning for one that is over-achieved.
    无, —, 不适用 and 同上 are no reasons. Never for checklists of decision and process.
    """
    for row in case.rows:
        words = _words_of_failure(row)
        if not (words or is_over_achieved(row)) or row.has_reason or _is_framework_checklist(row):
            continue
        if words:
            values = {"target": row.target_words, "actual": row.actual_words}
            yield Finding(_at(row, "reason"), words, values, row.actual_words, row.target_words)
        else:
            yield _over(case, row, OVER_WITHOUT_REASON, "reason")


@check("over-achieved", WARNING)
def over_achieved(case: Case) -> Iterator[Finding]:
    """A target far exceeded was set too low (财预〔2020〕10号 art. 16).

    Fires when more is better and actual ÷ target reaches the scheme's threshold, 130 %
    by default. Never where less is better: a saving, or few faults, is no low target.
    """
    for row in case.rows:
        if is_over_achieved(row):
            yield _over(case, row, OVER, "target")


@check("status-contradiction", WARNING)
def status_contradiction(case: Case) -> Iterator[Finding]:
    """Met or not met agrees with the figures and with the reason (财预〔2020〕10号 art. 25: 数据真实).

    Fires for met beside figures that are not, for not met beside figures that are, and
    for met beside a reason that says 未达 未完成 未全面 未能 滞后 延期 推迟 不足. Never when the status
    is not stated, nor where the reason denies those words (未出现延期), says them of an
    earlier year, or of an estimate that was exceeded.
    """
    for row in case.rows:
        stated = row.facts.stated.met
        if stated is None:
            continue
        met = row.met if row.met is not None else _clear_words(row)
        if met is not None and met != stated:
            yield _contradiction(row, STATED_NOT_MET if met else STATED_MET)
        elif stated and (word := word_of_failure(row)):
            yield Finding(_at(row, "met"), REASON_SAYS, {"word": word}, stated=word)


def is_over_achieved(row: Row) -> bool:
    """Whether the target is over-achieved; not where less may be better."""
    return row.over_achieved and not _less_may_be_better(row)


def word_of_failure(row: Row) -> str:
    """The word by which the reason says that the target was missed or late; or empty."""
    reason = row.facts.deviation_reason
    if not reason or not SHORT.search(reason):
        return ""
    text = TITLE.sub("", half_width(reason).replace(" ", "")).replace(half_width(row.name), "")
    # A mark in its place: what stood around it makes no new word.
    text = DENIED.sub("|", text)
    if _exceeded(row):
        text = UNDERRATED.sub("", text)
    return next((word for word in SHORT.findall(text) if word not in row.name), "")


def _figures(row: Row) -> tuple[Decimal, Decimal] | None:
    """Actual and target of a quantitative indicator, where a quotient of them means something."""
    actual, target = row.actual.value, row.target.value
    if actual is None or target is None or target <= ZERO or actual < ZERO:
        return None
    return None if row.facts.kind == "qualitative" else (actual, target)


def _less_may_be_better(row: Row) -> bool:
    """Whether less is better by the comparator or the direction, or, where neither is given, as a cost."""
    if row.better == "lower" or row.facts.direction == "lower":
        return True
    return row.facts.direction is None and row.target.comparator in (None, "=") and row.is_cost


def _is_reading_of_less(row: Row, rate: PrintedPercent, actual: Decimal, target: Decimal) -> bool:
    if actual > ZERO and rate.is_share(target, actual):
        return True
    return rate.value == FULL_MARKS and row.met is True


def _rate_finding(
    row: Row, words: str, stated: str, right: Fraction, places: int, quotient: Fraction | None = None
) -> Finding:
    expected = percent(right, max(places, 2))
    values = {
        "stated": stated,
        "actual": row.actual_words,
        "target": row.target_words,
        "expected": expected,
        "quotient": percent(right if quotient is None else quotient),
    }
    return Finding(_at(row, "completion_rate"), words, values, stated=stated, expected=expected)


def _is_framework_checklist(row: Row) -> bool:
    if row.level1 not in FRAMEWORK_LEVELS:
        return False
    return row.facts.kind == "qualitative" or (row.facts.rule or {}).get("type") == "checklist"


def _words_of_failure(row: Row) -> str:
    """In which words the target is not met; empty when it is, or when nothing says so."""
    if row.met is not None:
        return "" if row.met else UNMET_FIGURES
    if row.facts.stated.met is not None:
        return "" if row.facts.stated.met else UNMET_STATUS
    return UNMET_WORDS if row.met_by_words is False else ""


def _clear_words(row: Row) -> bool | None:
    """Whether a target judged by words is met; None where the words leave room (基本完成)."""
    if row.met_by_words is False:
        poor = tier_of(row.actual.text or "", row.target.text or "") == POOR
        return False if poor else None
    return row.met_by_words


def _exceeded(row: Row) -> bool:
    figures = _figures(row)
    return figures is not None and figures[0] > figures[1] and not _less_may_be_better(row)


def _contradiction(row: Row, words: str) -> Finding:
    values = {"actual": row.actual_words, "target": row.target_words}
    return Finding(_at(row, "met"), words, values, stated=row.actual_words, expected=row.target_words)


def _over(case: Case, row: Row, words: str, field: str) -> Finding:
    rate = "" if row.completion is None else percent(row.completion)
    threshold = percent(exact(case.scheme.over_achievement_threshold))
    values: Mapping[str, str] = {
        "actual": row.actual_words,
        "target": row.target_words,
        "rate": rate,
        "threshold": threshold,
    }
    return Finding(_at(row, field), words, values, rate, f"< {threshold}", WARNING)


def _at(row: Row, field: str) -> Subject:
    return Subject(row.name, indicator=row.place, field=field)


HIGHER_RATE = gettext_noop(
    "The completion rate is stated as %(stated)s, but actual %(actual)s ÷ target %(target)s is %(expected)s."
)
LOWER_RATE = gettext_noop(
    "The completion rate is stated as %(stated)s. For actual %(actual)s and target %(target)s,"
    " where less is better, it is neither actual ÷ target (%(quotient)s) nor %(expected)s."
)
UNMET_FIGURES = gettext_noop("The target %(target)s is not met (actual %(actual)s), and no reason is given.")
UNMET_STATUS = gettext_noop("The target is stated as not met, and no reason is given.")
UNMET_WORDS = gettext_noop("By the words “%(actual)s” the target is not fully met, and no reason is given.")
OVER = gettext_noop(
    "The actual %(actual)s is %(rate)s of the target %(target)s:"
    " from %(threshold)s on the target counts as set too low."
)
OVER_WITHOUT_REASON = gettext_noop(
    "The actual %(actual)s is %(rate)s of the target %(target)s, and no reason is given for the deviation."
)
STATED_MET = gettext_noop("Stated as met, but the actual %(actual)s does not meet the target %(target)s.")
STATED_NOT_MET = gettext_noop("Stated as not met, but the actual %(actual)s meets the target %(target)s.")
REASON_SAYS = gettext_noop("Stated as met, but the reason given says “%(word)s”.")

CHECKS: tuple[Check, ...] = (completion_rate, reason_missing, over_achieved, status_contradiction)
