"""The dossier's make-up: dimensions, duplicates, chapters, who evaluated, files."""

from __future__ import annotations

from typing import Any

import pytest

from evaluations.checks import ERROR, NOTE, WARNING, ProductFacts
from evaluations.dossier import Dossier
from evaluations.exchange.chapters import HEADINGS
from tests.evaluations.checks.dossiers import (
    CORRECT,
    correct_dossier,
    found,
    in_words,
    indicator,
    measured,
    told,
)


def missing(*rows: tuple[str, str | None, str], scheme: str | None = None, **details: Any) -> list[str]:
    """The dimensions that a form with these indicators lacks: level 1, level 2, name."""
    indicators = [indicator(*row, "10", **details) for row in rows]
    dossier = correct_dossier(indicators=indicators, evaluation={"scheme": scheme})
    return [subject for subject, *_ in told("dimension-missing", dossier)]


ALL = ["数量", "质量", "时效", "成本", "效益", "满意度"]


def without(*found: str) -> list[str]:
    return [dimension for dimension in ALL if dimension not in found]


class TestDimensions:
    def test_each_missing_dimension_is_a_warning_of_its_own(self) -> None:
        rows = [row for row in CORRECT["indicators"] if row["level2"] not in ("时效指标", "成本指标")]
        findings = found("dimension-missing", correct_dossier(indicators=rows))
        assert [(finding.subject.text, finding.severity) for finding in findings] == [
            ("时效", WARNING),
            ("成本", WARNING),
        ]
        assert findings[0].message() == "No indicator measures 时效."

    def test_the_2021_scheme_leaves_three_of_them_optional(self) -> None:
        dossier = correct_dossier(
            indicators=[indicator("决策", "", "立项依据", "10")], evaluation={"scheme": "core-2021"}
        )
        severities = {
            finding.subject.text: finding.severity for finding in found("dimension-missing", dossier)
        }
        assert severities == {
            "数量": WARNING,
            "质量": WARNING,
            "效益": WARNING,
            "时效": NOTE,
            "成本": NOTE,
            "满意度": NOTE,
        }

    def test_without_a_scheme_the_ministrys_dimensions_are_asked_for(self) -> None:
        assert missing(("产出", "数量", "件数")) == without("数量")

    def test_a_form_without_indicators_is_not_asked(self) -> None:
        assert missing() == []

    @pytest.mark.parametrize("level2", ["数量", "产出数量", "数量指标", "产出数量指标", "数量和规模"])
    def test_level_2_tells_the_dimension_whatever_its_alias(self, level2: str) -> None:
        assert missing(("产出", level2, "某项")) == without("数量")

    def test_a_level_2_goes_before_the_name(self) -> None:
        assert missing(("产出", "时效", "合格产品数量")) == without("时效")

    @pytest.mark.parametrize("level2", ["经济效益", "社会效益指标", "生态效益", "可持续影响", None])
    def test_any_effect_will_do(self, level2: str | None) -> None:
        assert missing(("效益", level2, "带动就业")) == without("效益")
        assert missing(("项目效果", level2, "带动就业")) == without("效益")

    def test_satisfaction_under_effects_is_satisfaction_and_no_effect(self) -> None:
        assert missing(("效益", "社会效益", "群众满意度")) == without("满意度")
        assert missing(("效益", "满意度指标", "群众评价")) == without("满意度")

    @pytest.mark.parametrize(
        ("level1", "level2"), [("成本", "经济成本"), ("产出", "成本"), ("产出", "产出成本")]
    )
    def test_cost_may_be_a_level_1_or_a_level_2(self, level1: str, level2: str) -> None:
        assert missing((level1, level2, "某项")) == without("成本")

    @pytest.mark.parametrize(
        ("name", "dimension"),
        [
            ("系统开发数量", "数量"),
            ("平均日维护数", "数量"),
            ("培训人次", "数量"),
            ("系统验收合格率", "质量"),
            ("系统故障率", "质量"),
            ("完成及时率", "时效"),
            ("工程工期", "时效"),
            ("项目总成本", "成本"),
            ("短信费用", "成本"),
        ],
    )
    def test_without_a_level_2_the_name_tells_the_dimension(self, name: str, dimension: str) -> None:
        assert missing(("产出", None, name)) == without(dimension)
        assert missing(("产出", "项目产出", name)) == without(dimension)

    @pytest.mark.parametrize(
        ("unit", "dimension"), [("套", "数量"), ("天", "时效"), ("小时", "时效"), ("万元", "成本"), ("%", "")]
    )
    def test_without_a_telling_name_the_unit_of_an_output_does(self, unit: str, dimension: str) -> None:
        assert missing(("产出", None, "某项"), **measured(">=", "3", "3", unit)) == without(dimension)
        assert missing(("过程", None, "某项"), **measured(">=", "3", "3", unit)) == ALL

    def test_an_execution_indicator_measures_no_dimension(self) -> None:
        assert missing(("产出", "数量", "预算执行率")) == ALL
        assert missing(("过程", None, "资金支出率")) == ALL

    def test_a_framework_is_asked_for_the_same(self) -> None:
        rows = [
            indicator("决策", "项目立项", "立项依据充分性", "30"),
            indicator("产出", "产出数量", "实际完成率", "30"),
            indicator("效益", "项目效益", "实施效益", "40"),
        ]
        dossier = correct_dossier(indicators=rows, evaluation={"kind": "finance", "scheme": None})
        assert [subject for subject, *_ in told("dimension-missing", dossier)] == without("数量", "效益")


class TestDuplicates:
    def test_two_indicators_of_one_name_are_a_note_at_the_second(self) -> None:
        (finding,) = found("duplicate-indicator", correct_dossier(indicators={7: {"name": "网上 办理率"}}))
        assert finding.severity == NOTE
        assert finding.subject.indicator == 7
        assert "网上办理率" in finding.message()

    def test_the_same_name_under_another_level_is_still_the_same(self) -> None:
        assert found("duplicate-indicator", correct_dossier(indicators={9: {"name": "网上办理率"}}))

    def test_three_of_one_name_are_two_notes(self) -> None:
        same = {1: {"name": "系统模块开发数量"}, 2: {"name": "系统模块开发数量"}}
        findings = found("duplicate-indicator", correct_dossier(indicators=same))
        assert [finding.subject.indicator for finding in findings] == [1, 2]

    def alike(self, **changes: Any) -> list[str]:
        """Two indicators of quality at 100 %, the second with changes."""
        rows = [
            indicator("产出", "质量", "验收合格率", "10"),
            indicator("产出", "质量", "设备完好率", "10") | changes,
        ]
        return [subject for subject, *_ in told("duplicate-indicator", correct_dossier(indicators=rows))]

    def test_the_same_target_actual_and_unit_under_one_level_2_are_a_note(self) -> None:
        assert self.alike() == ["设备完好率"]
        assert self.alike(level2="产出质量") == ["设备完好率"]

    def test_another_target_actual_unit_or_level_2_is_no_duplicate(self) -> None:
        assert self.alike(level2="数量") == []
        assert self.alike(level1="效益") == []
        assert self.alike(**measured(">=", "95", "100", "%")) == []
        assert self.alike(**measured(">=", "100", "99", "%")) == []
        assert self.alike(**measured(">=", "100", "100", "台")) == []
        assert self.alike(**measured("<=", "100", "100", "%", "lower")) == []

    def test_what_is_missing_is_not_alike(self) -> None:
        unknown = {"target": {}, "actual": {}}
        rows = [indicator("产出", "质量", name, "10", **unknown) for name in ("甲", "乙")]
        assert not found("duplicate-indicator", correct_dossier(indicators=rows))
        no_level2 = [indicator("产出", None, name, "10") for name in ("甲", "乙")]
        assert not found("duplicate-indicator", correct_dossier(indicators=no_level2))
        words = [
            indicator("效益", "社会效益", name, "10", **in_words("提升", "提升")) for name in ("甲", "乙")
        ]
        assert not found("duplicate-indicator", correct_dossier(indicators=words))

    def test_a_unit_that_stands_only_in_the_text_counts(self) -> None:
        figures = {"target": {"value": "14", "text": "14条"}, "actual": {"value": "14", "text": "14条"}}
        rows = [indicator("产出", "数量", name, "10", **figures) for name in ("甲", "乙")]
        assert told("duplicate-indicator", correct_dossier(indicators=rows))
        rows[1]["target"] = {"value": "14", "text": "14台"}
        assert not told("duplicate-indicator", correct_dossier(indicators=rows))


CHAPTERS = (
    "一、基本情况",
    "二、绩效评价工作开展情况",
    "三、综合评价情况及评价结论",
    "四、绩效评价指标分析",
    "五、主要经验及做法、存在的问题及原因分析",
    "六、有关建议",
)


def report(*headings: str, kind: str = "finance", text: str | None = "内容。", **changes: Any) -> Dossier:
    chapters = [{"chapter": heading, "text": text} for heading in headings]
    return correct_dossier(evaluation={"kind": kind, "scheme": None}, report=chapters, **changes)


def lacking(*headings: str, **details: Any) -> list[str]:
    return [subject for subject, *_ in told("section-missing", report(*headings, **details))]


class TestChapters:
    @pytest.mark.parametrize("kind", ["department", "finance"])
    @pytest.mark.parametrize("lost", CHAPTERS)
    def test_each_missing_chapter_is_an_error(self, kind: str, lost: str) -> None:
        rest = [heading for heading in CHAPTERS if heading != lost]
        (finding,) = found("section-missing", report(*rest, "七、其他需要说明的问题", kind=kind))
        assert finding.severity == ERROR
        assert finding.subject.text == lost

    def test_the_seventh_chapter_may_be_missing(self) -> None:
        assert lacking(*CHAPTERS) == []

    def test_the_outlines_own_headings_are_known_section_by_section(self) -> None:
        assert lacking(*HEADINGS.values()) == []
        first_of_each = [
            HEADINGS[code] for code in ("goal", "course", "conclusion", "effect", "experience", "suggestion")
        ]
        assert lacking(*first_of_each) == []

    @pytest.mark.parametrize("place", range(6))
    def test_a_chapter_is_missing_when_all_its_sections_are(self, place: int) -> None:
        number = "一二三四五六"[place]
        rest = [heading for heading in HEADINGS.values() if heading[0] != number]
        assert lacking(*rest) == [CHAPTERS[place]]

    def test_a_report_in_one_text_is_read_by_its_lines(self) -> None:
        assert lacking("报告正文", text="\n内容。\n".join(CHAPTERS)) == []
        assert lacking("报告正文", text="\n内容。\n".join(CHAPTERS[1:])) == [CHAPTERS[0]]

    @pytest.mark.parametrize(
        "headings",
        [
            ("项目概况", "评价工作情况", "评价结论", "指标分析", "存在的问题及原因", "改进建议"),
            (
                "（一）项目基本情况",
                "绩效评价目的",
                "综合评价结论",
                "项目决策情况",
                "主要经验及做法",
                "相关建议",
            ),
            (
                "1. 项目概况",
                "2. 评价组织实施 评价工作过程",
                "3. 评价结果",
                "4. 指标完成情况分析",
                "5. 存在问题和建议",
            ),
        ],
    )
    def test_headings_as_they_are_printed_elsewhere_are_known(self, headings: tuple[str, ...]) -> None:
        assert lacking(*headings) == []

    def test_a_heading_without_text_is_missing(self) -> None:
        chapters = [{"chapter": heading, "text": "内容。"} for heading in CHAPTERS[:5]]
        chapters.append({"chapter": CHAPTERS[5], "text": " "})
        dossier = correct_dossier(evaluation={"kind": "finance"}, report=chapters)
        assert [subject for subject, *_ in told("section-missing", dossier)] == [CHAPTERS[5]]

    def test_without_report_text_nothing_is_missing(self) -> None:
        assert lacking() == []
        assert lacking(*CHAPTERS[:2], text=None) == []

    def test_a_self_assessment_needs_no_chapters(self) -> None:
        assert lacking(CHAPTERS[0], kind="self") == []

    def test_in_the_product_recommendations_stand_under_their_heading(self) -> None:
        dossier = report(*CHAPTERS[:5])
        assert told("section-missing", dossier)
        assert not told("section-missing", dossier, product=ProductFacts())
        bare = report(*CHAPTERS[:5], recommendations=[])
        assert told("section-missing", bare, product=ProductFacts())


class TestGoal:
    def goal(self, expected: str | None, achieved: str | None, **details: Any) -> list[str]:
        dossier = correct_dossier(goal={"expected": expected, "achieved": achieved}, **details)
        return [subject for subject, *_ in told("section-missing", dossier)]

    def test_a_blank_box_of_the_form_is_missing(self) -> None:
        assert self.goal(None, "已建成。") == ["Goal expected"]
        assert self.goal("建成平台。", " ") == ["Goal achieved"]
        assert self.goal("", "") == ["Goal expected", "Goal achieved"]

    def test_figures_without_any_goal_say_nothing_of_the_boxes(self) -> None:
        assert self.goal(None, None) == []

    def test_in_the_product_both_boxes_are_always_there(self) -> None:
        dossier = correct_dossier(goal={"expected": None, "achieved": None})
        assert len(told("section-missing", dossier, product=ProductFacts())) == 2

    @pytest.mark.parametrize("kind", ["department", "finance"])
    def test_other_evaluations_have_no_boxes(self, kind: str) -> None:
        assert self.goal(None, "已建成。", evaluation={"kind": kind, "scheme": None}) == []


class TestTeam:
    def team(self, *members: str, kind: str = "finance", **project: Any) -> list[str]:
        dossier = correct_dossier(
            team=list(members), evaluation={"kind": kind, "scheme": None}, project=project
        )
        return [subject for subject, *_ in told("team-not-independent", dossier)]

    @pytest.mark.parametrize(
        ("kind", "severity"), [("self", NOTE), ("department", ERROR), ("finance", ERROR)]
    )
    def test_the_project_lead_does_not_evaluate(self, kind: str, severity: str) -> None:
        member = "网络科科长（同时为项目负责人）"
        dossier = correct_dossier(team=["会计", member], evaluation={"kind": kind, "scheme": None})
        (finding,) = found("team-not-independent", dossier)
        assert (finding.subject.text, finding.severity) == (member, severity)

    @pytest.mark.parametrize("kind", ["department", "finance"])
    def test_a_member_of_the_unit_does_not_evaluate_it_from_outside(self, kind: str) -> None:
        member = "江州市政务服务中心财务科会计"
        assert self.team(member, "评审专家", kind=kind) == [member]
        assert self.team("项目实施单位财务负责人", kind=kind) == ["项目实施单位财务负责人"]

    def test_a_unit_assesses_itself_with_its_own_people(self) -> None:
        assert self.team("江州市政务服务中心财务科会计", kind="self") == []

    def test_the_unit_is_known_without_own_level_and_without_its_outer_place(self) -> None:
        own_level = {"unit": "江州市公积金中心（本级）", "department": "江州市住房局"}
        assert self.team("江州市公积金中心稽核科", **own_level)
        district = {"unit": "江州市南城区人力资源局", "department": "江州市南城区人力资源局"}
        assert self.team("南城区人力资源局办公室", **district)
        assert self.team("江州市人力资源局专家", **district) == []

    def test_others_are_independent(self) -> None:
        assert self.team("江州市财政局绩效科", "江州市政务服务管理局财务处", "评议专家", "高校教授") == []

    def test_a_department_whose_name_holds_the_units_is_another_body(self) -> None:
        names = {"unit": "江州市医院", "department": "江州市医院管理局"}
        assert self.team("江州市医院管理局审计处", kind="department", **names) == []
        assert self.team("江州市医院审计处", kind="department", **names) == ["江州市医院审计处"]

    def test_a_department_that_evaluates_itself_does_so_with_its_review_section(self) -> None:
        same = {"unit": "江州市住房局本级", "department": "江州市住房局"}
        assert self.team("江州市住房局财务处", "江州市住房局分管副局长", kind="department", **same) == []
        assert self.team("江州市住房局信息处", kind="department", **same) == ["江州市住房局信息处"]
        assert self.team("江州市住房局财务处", kind="finance", **same) == ["江州市住房局财务处"]

    def test_an_agency_calls_the_lead_of_its_assignment_so(self) -> None:
        assert self.team("某会计师事务所项目负责人", "第三方机构项目负责人（主评人）", "评价项目负责人") == []

    def test_without_a_team_there_is_nobody_to_doubt(self) -> None:
        assert self.team() == []


class TestEvidence:
    def test_what_is_scored_without_a_file_is_a_warning(self) -> None:
        with_files = ProductFacts(with_evidence=frozenset(range(1, 10)))
        (finding,) = found("evidence-missing", correct_dossier(), product=with_files)
        assert finding.severity == WARNING
        assert (finding.subject.indicator, finding.stated) == (0, "10")

    def test_what_is_not_scored_needs_no_file(self) -> None:
        dossier = correct_dossier(indicators={0: {"stated": {"score": None}}})
        with_files = ProductFacts(with_evidence=frozenset(range(1, 10)))
        assert not found("evidence-missing", dossier, product=with_files)

    def test_outside_the_product_nobody_asks_for_files(self) -> None:
        assert not found("evidence-missing", correct_dossier())
