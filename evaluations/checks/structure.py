"""The dossier's make-up: dimensions, duplicates, chapters, who evaluated, files."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import ERROR, NOTE, WARNING, Finding, Subject
from evaluations.checks.reading import half_width, plain
from evaluations.checks.registry import Check, check
from evaluations.checks.team import team_not_independent
from evaluations.scoring.exact import printed
from evaluations.scoring.figures import COST, EFFECTS, OUTPUTS, SATISFACTION
from evaluations.strict_json import gettext_noop

PRODUCT_DIMENSIONS = ("数量", "质量", "时效")
MANAGEMENT = ("决策", "过程")
EFFECT_KINDS = ("效益", "影响")
# What an indicator without a telling level 2 measures, by the last words of its name first.
NAMES: Mapping[str, re.Pattern[str]] = {
    "时效": re.compile(r"时效|及时|按时|按期|如期|时限|工期|进度|时间|时长|期限|周期|准时|提前"),
    COST: re.compile(r"成本|费用?$|费用|经费|单价|造价|价格|支出|投资|金额|补助标准|节约率|控制数"),
    "质量": re.compile(
        r"质量|合格|达标|优良|优秀率|准确|完好|正确|精度|验收|通过率|合规|规范|故障|差错|破损|返工|有效率|成活率|测评"
    ),
    "数量": re.compile(
        r"数量|数$|[次个人件套台条项户份期篇批]数|人次|面积|里程|长度|规模|总量|[容产用]量|完成率|覆盖率|完成情况"
    ),
}
UNITS_OF_TIME = re.compile(r"天|日|小时|分钟|秒|月|周|工作日|个月|年")
UNITS_OF_MONEY = re.compile(r"元")
HEADING_LINE = re.compile(r"^\s*[一二三四五六]、(.{2,40})$", re.MULTILINE)
SUGGESTIONS = "六、有关建议"
# The words of a chapter's heading, or of one of its sections' (财预〔2020〕10号, annex 3).
_HEADINGS = {
    "一、基本情况": r"基本情况|概况|简介|项目背景|绩效目标|^(?:overview|goal)$",
    "二、绩效评价工作开展情况": (
        r"工作开展|评价工作|评价目的|评价对象|评价原则|评价方法|评价过程|评价实施|评价组织|工作过程|工作情况"
        r"|^(?:purpose|method|course)$"
    ),
    "三、综合评价情况及评价结论": (
        r"综合评价|评价结论|综合结论|总体评价|总体结论|评价结果(?![应运]用)|综合得分|^conclusion$"
    ),
    "四、绩效评价指标分析": (
        r"指标[^体、]{0,6}(?:分析|情况)|决策情况|过程情况|产出情况|效益情况|绩效分析"
        r"|^(?:decision|process|output|effect)$"
    ),
    "五、主要经验及做法、存在的问题及原因分析": r"经验|做法|(?<!说明的)(?<!说明)问题|^experience$",
    SUGGESTIONS: r"建议|改进措施|整改措施|^suggestion$",
}
CHAPTERS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"{words}|^第?{name[0]}[章、.]?(?:部分)?$") for name, words in _HEADINGS.items()
}


@check("dimension-missing", WARNING)
def dimension_missing(case: Case) -> Iterator[Finding]:
    """Every dimension that the scheme asks for has an indicator.

    财预〔2020〕10号 art. 13: quantity, quality, timeliness, cost, an effect and
    satisfaction, each a warning; 财预〔2021〕101号: quantity, quality and an effect, while
    timeliness, cost and satisfaction are optional (a note). Told by level 2, else by the
    name. Never fires without indicators.
    """
    if not case.rows:
        return
    scheme = case.scheme
    missing = set(scheme.required_dimensions).union(scheme.optional_dimensions)
    for row in case.rows:
        missing -= _dimensions_of(row)
        if not missing:
            return
    for dimension in (*scheme.required_dimensions, *scheme.optional_dimensions):
        if dimension in missing:
            missing.discard(dimension)
            is_required = dimension in scheme.required_dimensions
            yield Finding(
                Subject(dimension, field="level2"),
                gettext_noop("No indicator measures %(dimension)s.")
                if is_required
                else gettext_noop("No indicator measures %(dimension)s; the scheme leaves it optional."),
                {"dimension": dimension},
                severity=WARNING if is_required else NOTE,
            )


def _dimensions_of(row: Row) -> Set[str]:
    """What an indicator measures; by its name it may measure more than one."""
    if row.is_satisfaction:
        return {SATISFACTION}
    if row.level1 in MANAGEMENT or row.is_execution:
        return frozenset()
    return _dimensions_of_levels(row.level1, row.level2) or _dimensions_by_name(row)


@lru_cache(maxsize=4096)
def _dimensions_of_levels(level1: str, level2: str) -> Set[str]:
    if COST in (level1, level2):
        return {COST}
    found = {dimension for dimension in (*PRODUCT_DIMENSIONS, COST) if dimension in level2}
    if level1 == EFFECTS or any(kind in level2 for kind in EFFECT_KINDS):
        found.add(EFFECTS)
    return found


def _dimensions_by_name(row: Row) -> Set[str]:
    name = half_width(row.name)
    found = {dimension for dimension, words in NAMES.items() if words.search(name)}
    if EFFECTS in name:
        found.add(EFFECTS)
    if found or row.level1 != OUTPUTS:
        return found
    unit = row.target.unit or ""
    if not unit or unit == "%":
        return set()
    if UNITS_OF_MONEY.search(unit):
        return {COST}
    return {"时效"} if UNITS_OF_TIME.fullmatch(unit) else {"数量"}


@check("duplicate-indicator", NOTE)
def duplicate_indicator(case: Case) -> Iterator[Finding]:
    """No indicator counts twice (财预〔2020〕10号 art. 14: 精简实用).

    Fires for the second of two indicators with the same name, or with the same target,
    actual and unit under one level 2; never where one of these is missing.
    """
    names: dict[str, Row] = {}
    figures: dict[Hashable, Row] = {}
    for row in case.rows:
        name = plain(row.name)
        first = names.setdefault(name, row) if name else row
        if first is not row:
            yield _duplicate(
                row, first, gettext_noop("An indicator of the same name is in the form already: %(first)s.")
            )
            continue
        key = _figures_of(row)
        if key is None:
            continue
        first = figures.setdefault(key, row)
        if first is not row:
            yield _duplicate(
                row,
                first,
                gettext_noop(
                    "%(first)s under the same level 2 has the same target, actual and unit "
                    "(%(target)s, %(actual)s): is one thing counted twice?"
                ),
            )


def _figures_of(row: Row) -> Hashable | None:
    target, actual = row.target, row.actual
    if not row.level2 or target.value is None or actual.value is None:
        return None
    unit = target.unit or target.text
    return (row.level1, row.level2, target.comparator, target.value, actual.value, unit) if unit else None


def _duplicate(row: Row, first: Row, words: str) -> Finding:
    values = {"first": first.name, "target": row.target_words, "actual": row.actual_words}
    return Finding(Subject(row.name, indicator=row.place, field="name"), words, values)


@check("section-missing", ERROR)
def section_missing(case: Case) -> Iterator[Finding]:
    """The report has the chapters that the outline asks for, the form its goal.

    财预〔2020〕10号 annex 3, chapters 一 to 六, for a department's or finance's evaluation
    with report text; for a self-assessment both boxes of the year's goal (annex 1).
    Never fires where the document has neither chapters nor a goal at all: figures taken
    from a report do not show what the report says.
    """
    yield from _chapters_missing(case) if case.by_framework else _goal_missing(case)


def _chapters_missing(case: Case) -> Iterator[Finding]:
    missing = _missing_chapters(_headings(case))
    if case.product is not None and case.dossier.recommendations:
        missing = [name for name in missing if name != SUGGESTIONS]  # printed under this heading
    for name in missing:
        yield Finding(
            Subject(name, field="report"),
            gettext_noop("The report lacks the chapter “%(chapter)s”."),
            {"chapter": name},
            expected=name,
        )


def _headings(case: Case) -> Sequence[str]:
    """The headings of the report's chapters that have text; of one long text the lines that are headings."""
    chapters = [chapter for chapter in case.dossier.report if chapter.text and chapter.text.strip()]
    headings = [half_width(chapter.chapter).strip() for chapter in chapters]
    if headings and len(_missing_chapters(headings)) == len(CHAPTERS):
        headings += [line for chapter in chapters for line in HEADING_LINE.findall(chapter.text or "")]
    return headings


def _missing_chapters(headings: Sequence[str]) -> Sequence[str]:
    if not headings:
        return ()
    return [
        name for name, words in CHAPTERS.items() if not any(words.search(heading) for heading in headings)
    ]


def _goal_missing(case: Case) -> Iterator[Finding]:
    goal = case.dossier.goal
    if goal.expected is None and goal.achieved is None and case.product is None:
        return
    if not (goal.expected or "").strip():
        yield Finding(
            Subject(gettext_noop("Goal expected"), term=True, field="expected"),
            gettext_noop("The form's box for the year's expected goal is blank."),
        )
    if not (goal.achieved or "").strip():
        yield Finding(
            Subject(gettext_noop("Goal achieved"), term=True, field="achieved"),
            gettext_noop("The form's box for how far the year's goal was achieved is blank."),
        )


@check("evidence-missing", WARNING)
def evidence_missing(case: Case) -> Iterator[Finding]:
    """What is scored is backed by a file (财预〔2020〕10号 art. 25: 依据充分、数据真实).

    Only in the product, where files can be attached; fires for an indicator with a
    score and without a file.
    """
    if case.product is None:
        return
    for row in case.rows:
        if row.score is not None and row.place not in case.product.with_evidence:
            yield Finding(
                Subject(row.name, indicator=row.place, field="evidence"),
                gettext_noop("Scored with %(score)s points, but no file backs it."),
                {"score": printed(row.score)},
                stated=printed(row.score),
            )


CHECKS: tuple[Check, ...] = (
    dimension_missing,
    duplicate_indicator,
    section_missing,
    team_not_independent,
    evidence_missing,
)
