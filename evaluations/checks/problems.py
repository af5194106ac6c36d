"""Problems: is each one somebody's by a date, and is what was missed among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from evaluations.checks.case import Case, Row
from evaluations.checks.finding import NOTE, WARNING, Finding, Subject
from evaluations.checks.reading import half_width, is_reason, plain
from evaluations.checks.registry import Check, check
from evaluations.checks.words import CHINESE, is_generic, telling_words
from evaluations.dossier import ProblemFacts
from evaluations.strict_json import gettext_noop

# Who: "责任单位：…", "…牵头", "由…负责"; not 责任意识不强 nor 缺少牵头部门.
OWNER = re.compile(
    r"责任(?:单位|部门|科室|处室|股室|人|领导|主体|方|科|处|股)(?!不|未|缺)"
    r"|(?<!主体)(?<!落实)(?<!压实)(?<!强化)(?<!增强)(?<!明确)(?<!社会)(?<!法律)(?<!安全)"
    r"责任(?![心感意不制体划界追落压保事分缺约担重])(?!单位|部门|科|处|股|人|领导|主体|方)"
    r"|(?<!缺少)(?<!缺乏)(?<!没有)(?<!无)牵头|负责人[:为]"
    r"|(?<![自理缘])由(?!于|此)[^,。;]{1,30}?(?:负责|承担|落实|督促|跟踪|督办|整改)"
    r"|(?:科|处|室|局|部|股|办|中心|单位|公司|院|所|站|队|组|委)(?:具体|直接|全面|统一)?负责"
)
MONTH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"
DAY = r"(?:\d{1,2}[日号])"
COUNT = r"(?:\d+|[一二三四五六七八九十两半几]+)"
# By when: a date as a limit ("2024年6月底前", "计划2025年"), or a term ("三个月内"). The month in
# which something happened is none.
LIMIT = re.compile(
    rf"{MONTH}(?:份|[上中下]旬|{DAY})?(?:底|末|初)?(?:以?前|之前|内|止|起|完成|整改|落实|建成|(?=[,;。、)\]】]|$))"
    rf"|{MONTH}(?:底|末)"
    rf"|(?:期限|时限|时间|截止|预计|计划|力争|争取|确保|拟|将于)[:为是至]?(?:20\d\d年|明年|今年|本年)?{MONTH}"
    r"|20\d\d[-./]\d{1,2}[-./]\d{1,2}"
    r"|(?:计划|预计|力争|争取|确保|拟|将于)(?:在|于)?(?:20\d\d年|明年|下一?年)"
    r"|年(?:底|末)(?:之?前|以前|完成|到位|建成|整改|落实)|年度?内|20\d\d年(?:之?前|以前)|季度(?:底|末|内|前)"
    r"|20\d\d年(?:上半年|下半年|第?[一二三四]季度|完成|建成|整改)|下半年|下一?个?(?:年度|季度|月)"
    rf"|{COUNT}个?(?:工作日|自然日|日|天|周|星期|个?月|季度|年)(?:之内|以内|内)"
    r"|(?:(?<!超过)(?<!超出)(?:整改|完成|落实|解决)(?:期限|时限)|限期|(?<![\u4e00-\u9fff])(?:期限|时限))[:为是在]{0,2}"
    rf"{COUNT}个?(?:工作日|自然日|日|天|周|星期|月|季度|年)"
    r"|20\d\d年度(?:内|之?前|以前|完成|建成|整改|落实)(?![率度情的了投])"
    r"|下一?(?:次|轮|批|学期)[^,。;]{0,8}?(?:前|时)(?:完成|整改|落实|到位|[,。;)]|$)"
    r"|明年度?(?:第?[一二三四1-4]个?季度|上半年|年?[初底内]|完成|整改|建成|落实)"
    "|立行立改|即知即改|即行即改|立即整改|长期坚持"
)
# One of these stands in every date, term or owner: most sentences have none and need no closer look.
HINT_OF_LIMIT = re.compile(r"[月年季天周日期限次轮批即立坚]|20\d\d[-./]")
HINT_OF_OWNER = re.compile("[责由牵负]")
NO_PROBLEM = re.compile(
    "(?:暂|目前|暂时|本年度?|本项目)*(?:无|没有|未发现|不存在)(?:存在|明显|重大|突出|主要|相关|其他|的)*(?:问题)?"
)
# Marks of a recommendation for every problem.
FOR_ALL = re.compile("上述|以上|前述|各项问题|所有问题|全部问题|逐项|逐条")

NOT_COMPLETED = re.compile(
    "未(?!来)[^,。;、]{0,12}?(?:完成|达到|达成|实现|达标|建成|达(?=[^到成标]|$))"
    "|(?:没有|没能|尚未|无法)[^,。;]{0,16}?(?:完成|达到|达成|实现|达标|建成)"
    "|滞后|延期|推迟|逾期|拖延|延误|延迟|进[度展](?:较|偏|相对|比较|略|过)?[慢缓]"
    "|(?:完成率|完成度|完成情况|完成质量)(?:较|偏|仍|还|相对)?(?:低|差|不高|不好|不理想|不到位)|不达标"
)
# Money that was spent late says nothing of what was done.
OF_MONEY = re.compile(
    "^(?:由于|部分|个别|项目|专项|年度|整体|财政|建设|本级)*(?:预算|资金|支[付出]|拨付|付款|经费|执行率)"
)
CLAUSES = re.compile("[,。;!?:]")
EXECUTION_WORDS = (
    "预算执行",
    "执行率",
    "支出进度",
    "支出率",
    "执行进度",
    "结余",
    "结转",
    "资金支付",
    "资金使用进度",
)


@check("problem-untracked", NOTE)
def problem_untracked(case: Case) -> Iterator[Finding]:
    """A problem is put right by somebody and by some time (财预〔2020〕10号 art. 21, 27: 明确整改时限).

    Fires when the problem with its recommendation names not both an owner (责任单位, 牵头,
    由…负责) and a date or a term; in the product, unless a rectification item follows it.
    Never when there are no problems, or when "无" is all that is said of them.
    """
    followed_up = case.product.followed_up if case.product else frozenset()
    untold = {
        place: problem
        for place, problem in enumerate(case.dossier.problems)
        if place not in followed_up and not (problem.owner and problem.due) and is_problem(problem.text)
    }
    advice = recommendations_by_problem(case) if untold else ()
    for place, problem in untold.items():
        text = "。".join([problem.text, *advice[place]])
        if lacking := _lacking(problem, half_width(text).replace(" ", "")):
            yield Finding(Subject(problem.text, field="problems"), lacking)


@check("unmet-not-a-problem", WARNING)
def unmet_not_a_problem(case: Case) -> Iterator[Finding]:
    """What was not reached is among the problems (财预〔2020〕10号 art. 11, 附3).

    Fires when an indicator is unmet by its figures, else by its stated status, and no
    problem shares a telling word with its name or its reason. Never where a problem
    states non-completion and names no other indicator, nor on a bare form without
    problems and recommendations.
    """
    if not (case.dossier.problems or case.dossier.recommendations):
        return
    for row in case.rows:
        if is_unmet(row) and not any(speaks_of(problem, row, case.rows) for problem in case.dossier.problems):
            values = {"target": row.target_words, "actual": row.actual_words}
            words = UNMET if row.met is False else STATED_UNMET
            subject = Subject(row.name, indicator=row.place, field="problems")
            yield Finding(subject, words, values, row.actual_words, row.target_words)


def is_problem(text: str) -> bool:
    """Whether a text tells a problem: not an empty cell, nor "无", nor "未发现明显问题"."""
    return is_reason(text) and NO_PROBLEM.fullmatch(plain(text)) is None


def is_unmet(row: Row) -> bool:
    """Whether the indicator is unmet: by its figures, else as the unit states it."""
    return (row.facts.stated.met if row.met is None else row.met) is False


def recommendations_by_problem(case: Case) -> Sequence[Sequence[str]]:
    """Which recommendations that name somebody or a date belong to each problem.

    As many recommendations as problems answer them in turn. Otherwise each answers the
    problems that it shares most telling words with, and all of them if it shares none.
    """
    problems, advice = case.dossier.problems, case.dossier.recommendations
    if len(problems) == len(advice):
        general = [text for text in advice if FOR_ALL.search(text)]
        return [[text, *general] for text in advice]
    answers: list[list[str]] = [[] for _ in problems]
    for text in filter(_names_somebody_or_a_date, advice):
        shared = [len(telling_words(text) & telling_words(problem.text)) for problem in problems]
        most = 0 if FOR_ALL.search(text) else max(shared, default=0)
        for answer, count in zip(answers, shared, strict=True):
            if most == 0 or count == most:
                answer.append(text)
    return answers


def _names_somebody_or_a_date(text: str) -> bool:
    """Whether it matters to whose problem a recommendation belongs."""
    bare = half_width(text).replace(" ", "")
    return _names_an_owner(bare) or _names_a_limit(bare)


def _names_an_owner(text: str) -> bool:
    return HINT_OF_OWNER.search(text) is not None and OWNER.search(text) is not None


def _names_a_limit(text: str) -> bool:
    return HINT_OF_LIMIT.search(text) is not None and LIMIT.search(text) is not None


def speaks_of(problem: ProblemFacts, row: Row, rows: Sequence[Row]) -> bool:
    """Whether a problem is about an unmet indicator, or about what was not completed at large."""
    if problem.indicator == row.name or row.name in problem.text or _shares_a_word(problem.text, row):
        return True
    if problem.indicator or not says_not_completed(problem.text):
        return False
    return not any(_names(problem.text, other, row) for other in rows if other is not row)


@lru_cache(maxsize=1024)
def says_not_completed(text: str) -> bool:
    """Whether a problem says that something was not completed, or late: of the work, not of the money."""
    return any(
        NOT_COMPLETED.search(clause) and not OF_MONEY.search(clause)
        for clause in CLAUSES.split(half_width(text).replace(" ", ""))
    )


def _shares_a_word(text: str, row: Row) -> bool:
    if row.is_execution and any(word in text for word in EXECUTION_WORDS):
        return True
    if any(part in text for part in _long_parts(row.name)):
        return True
    about = telling_words(row.name)
    if not about and any(part in text for part in _parts(row.name)):
        return True
    if row.has_reason:
        about |= telling_words(row.facts.deviation_reason or "")
    return not about.isdisjoint(telling_words(text))


@lru_cache(maxsize=4096)
def _long_parts(name: str) -> Sequence[str]:
    """Every three characters of a name that say more than a generic word does: 服务站, of 服务站建成数."""
    parts = (name[at : at + 3] for at in range(len(name) - 2))
    return [part for part in parts if CHINESE.fullmatch(part) and not is_generic(part)]


def _parts(name: str) -> Iterator[str]:
    """Every four characters of a name that has generic words only: 系统建设, of 系统建设数量."""
    return (name[at : at + 4] for at in range(max(len(name) - 3, 1)))


def _names(text: str, other: Row, row: Row) -> bool:
    """Whether a text names another indicator: half or more of what its name tells and this one's does not."""
    if other.name in text:
        return True
    telling = telling_words(other.name) - telling_words(row.name)
    return bool(telling) and 2 * len(telling & telling_words(text)) >= len(telling)


def _lacking(problem: ProblemFacts, text: str) -> str:
    """In which words the problem lacks an owner, a date or both; empty when it has both."""
    owner = bool(problem.owner) or _names_an_owner(text)
    limit = bool(problem.due) or _names_a_limit(text)
    if owner:
        return "" if limit else NO_LIMIT
    return NO_OWNER if limit else NEITHER


NEITHER = gettext_noop("Neither this problem nor its recommendation names who puts it right, and by when.")
NO_OWNER = gettext_noop("Neither this problem nor its recommendation names who puts it right.")
NO_LIMIT = gettext_noop("Neither this problem nor its recommendation names a date or a term.")
UNMET = gettext_noop("The target %(target)s is not met (actual %(actual)s), but no problem speaks of it.")
STATED_UNMET = gettext_noop("The target is stated as not met, but no problem speaks of it.")

CHECKS: tuple[Check, ...] = (problem_untracked, unmet_not_a_problem)
