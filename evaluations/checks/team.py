"""Who evaluated: nobody evaluates their own project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evaluations.checks.case import Case
from evaluations.checks.finding import ERROR, NOTE, Finding, Subject
from evaluations.checks.reading import half_width, plain
from evaluations.checks.registry import check
from evaluations.strict_json import gettext_noop

PROJECT_LEAD = re.compile(r"(?<!非)(?<!不是)(?<!评价)(?<!前)项目(总?负责人|主要负责人)")
# The lead of an agency's assignment is called so too.
AGENCY = re.compile(r"第三方|事务所|咨询|评价机构|评估机构|主评人")
OF_THE_UNIT = re.compile(r"(被评价|项目实施|项目承担|项目执行|项目)单位(?!以外)")
# Where unit and department are one body, its own review section and leaders evaluate.
REVIEWERS = re.compile(r"财务|计财|财审|绩效|审计|内审|内控|纪检|监督|分管")
OWN_LEVEL = re.compile(r"[(]?本级[)]?$")
# The place before a place: 北京市 in 北京市东城区…
OUTER_PLACE = re.compile(r"^.{2,8}?(?:省|自治区|自治州|地区|市)(?=.{2,6}?[区县市旗镇乡])")
SHORTEST_NAME = 4


@check("team-not-independent", ERROR)
def team_not_independent(case: Case) -> Iterator[Finding]:
    """Nobody evaluates a project that they lead or, outside a self-assessment, that their unit carries out.

    财预〔2020〕10号 art. 5 (客观、公正), art. 24 (委托人与项目实施主体相分离). Fires for a
    member who is called 项目负责人 (an error; in a self-assessment a note) and, in a
    department's or finance's evaluation, for one who belongs to the unit; never for the lead of an agency's
    assignment, nor for the review section of a department that evaluates itself.
    """
    if not case.dossier.team:
        return
    unit_names = _names_of_unit(case) if case.by_framework else ()
    for member in case.dossier.team:
        words = _why_not_independent(case, half_width(member), unit_names)
        if words:
            yield Finding(
                Subject(member, field="team"),
                words,
                {"member": member, "unit": case.dossier.project.unit},
                stated=member,
                severity=ERROR if case.by_framework else NOTE,
            )


def _why_not_independent(case: Case, member: str, unit_names: Sequence[str]) -> str:
    if PROJECT_LEAD.search(member) and not AGENCY.search(member):
        return gettext_noop("%(member)s leads the project and evaluates it.")
    if not case.by_framework or not _belongs(case, member, unit_names):
        return ""
    return gettext_noop("%(member)s belongs to %(unit)s, whose project is evaluated.")


def _belongs(case: Case, member: str, unit_names: Sequence[str]) -> bool:
    project = case.dossier.project
    words, department = plain(member), plain(project.department or "")
    if OF_THE_UNIT.search(words):
        return True
    is_own_level = bool(department) and _bare(department) == _bare(plain(project.unit))
    if not is_own_level and department:
        words = words.replace(department, "")
    if not any(name in words for name in unit_names):
        return False
    return not (is_own_level and case.kind == "department" and REVIEWERS.search(words))


def _names_of_unit(case: Case) -> Sequence[str]:
    """The unit's name, without 本级, and without the place around its own."""
    name = _bare(plain(case.dossier.project.unit))
    return [text for text in (name, OUTER_PLACE.sub("", name)) if len(text) >= SHORTEST_NAME]


def _bare(name: str) -> str:
    return OWN_LEVEL.sub("", name)
