"""The ministry's outline (财预〔2020〕10号, annex 3), read back from the PDF."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from django.utils.translation import override

from approvals.documents.rendering import html_of, render_pdf
from approvals.documents.report import EvaluationReport, Goal, IndicatorRow, ReportKind, Totals
from tests.approvals.documents import sample
from tests.approvals.documents.reading import squeezed, text_of

CHAPTERS = (
    "一、基本情况",
    "（一）项目概况",
    "（二）项目绩效目标",
    "二、绩效评价工作开展情况",
    "（一）绩效评价目的、对象和范围",
    "（二）绩效评价原则、评价指标体系、评价方法、评价标准等",
    "（三）绩效评价工作过程",
    "三、综合评价情况及评价结论（附相关评分表）",
    "四、绩效评价指标分析",
    "（一）项目决策情况",
    "（二）项目过程情况",
    "（三）项目产出情况",
    "（四）项目效益情况",
    "五、主要经验及做法、存在的问题及原因分析",
    "六、有关建议",
    "七、其他需要说明的问题",
    "附件1",
    "附件2",
    "附件3",
)
NOTHING = "（本部分文字内容未填报）"


@cache
def text(kind: str = "finance", language: str = "zh-hans") -> str:
    return text_of(render_pdf({"finance": sample.FINANCE, "department": sample.DEPARTMENT}[kind], language))


def html(report: EvaluationReport) -> str:
    with override("en"):
        return html_of(report)


@pytest.mark.parametrize("kind", ["department", "finance"])
def test_the_chapters_follow_the_ministrys_outline(kind: str) -> None:
    body = text(kind)
    body = body[body.index("附件3") + 3 :]  # behind the table of contents
    places = [body.index(squeezed(heading)) for heading in CHAPTERS]
    assert places == sorted(places)


def test_the_contents_name_the_page_of_every_chapter() -> None:
    contents = text()[: text().index("附件3") + 40]
    assert "一、基本情况" in contents
    assert "七、其他需要说明的问题" in contents


@pytest.mark.parametrize(
    ("kind", "evaluator"), [("department", "示例市政务服务管理局"), ("finance", "示例市财政局")]
)
def test_the_body_that_evaluated_signs_the_report(kind: str, evaluator: str) -> None:
    assert f"评价组织单位{evaluator}" in text(kind)
    assert f"{evaluator}2024年6月28日" in text(kind)


def test_chapter_one_shows_the_money_and_every_payment() -> None:
    assert "160.00152.96125.46125.46121.25000196.64%" in text()
    assert "系统改造尾款2023-12-01—41.250001" in text()


def test_chapter_one_shows_the_goal_overall_by_phase_and_as_reached() -> None:
    body = text()
    assert "总体目标：完成二十八个业务模块升级，群众办事更快。" in body
    assert "2023年6月底前完成需求调研" in body
    assert "实际完成情况：完成二十六个模块升级并通过验收。" in body


def test_chapter_three_shows_the_conclusion_and_the_score_of_each_level() -> None:
    body = text()
    assert "评价得分：90.80评价等级：优" in body
    assert "得分率（专家评分）决策5———4.3687.20%" in body
    assert "总分100———90.8090.80%" in body


def test_an_evaluation_that_is_not_concluded_says_so() -> None:
    assert "(Not concluded yet.)" in html(replace(sample.FINANCE, totals=Totals()))


def test_chapter_four_shows_each_indicator_under_its_aspect() -> None:
    body = text()
    body = body[body.rindex("四、绩效评价指标分析") :]
    order = [
        "（一）项目决策情况",
        "立项依据充分性",
        "（二）项目过程情况",
        "资金使用合规性",
        "（三）项目产出情况",
    ]
    order += ["完成升级的业务模块数量", "（四）项目效益情况", "业务平均办理时长", "办事群众满意度"]
    places = [body.index(words) for words in order]
    assert places == sorted(places)


def test_a_split_that_the_source_does_not_publish_is_marked_illustrative() -> None:
    assert text().count("立项依据充分性示意") == 1
    assert "示意依据较充分。" in text()


def test_a_level_1_outside_the_list_is_kept_as_written() -> None:
    row = IndicatorRow(level1="可持续性", level2="", name="制度建设情况")
    page = html(replace(sample.FINANCE, indicators=(*sample.FINANCE.indicators, row)))
    assert "(5) Other indicators (level 1 as written by the unit)" in page
    assert "(5)" not in html(sample.FINANCE)


def test_a_chapter_without_text_says_that_nothing_was_reported() -> None:
    body = text()
    assert f"（三）绩效评价工作过程{NOTHING}" in body
    assert f"（二）项目过程情况{NOTHING}" in body
    assert f"（一）项目决策情况{NOTHING}" not in body


def test_a_report_without_any_text_invents_none() -> None:
    bare = EvaluationReport(
        kind=ReportKind.FINANCE,
        title="某项目财政绩效评价报告",
        number="CZPJ-1",
        fiscal_year=2023,
        project_name="某项目",
        unit="某单位",
        department="某部门",
        bureau="某财政局",
        made_on=sample.FINANCE.made_on,
        goal=Goal(),
    )
    page = html(bare)
    # Thirteen parts; the goal says so line by line instead.
    assert page.count("(No text was reported for this section.)") == 12
    assert page.count("(not reported)") == 4
    assert page.count("(No indicator was set for this aspect.)") == 4


def test_problems_suggestions_and_notes_stand_in_their_chapters() -> None:
    body = text()
    assert "存在的问题：1.两个模块未按期交付。六、有关建议1.与承建单位商定新的交付日期。" in body
    assert "七、其他需要说明的问题说明：1.原表未公布分值，按二级指标内等权分配。" in body


def test_each_line_of_a_text_becomes_a_paragraph_of_its_own() -> None:
    page = html(sample.FINANCE)
    assert "<p>项目对在用业务系统进行升级改造。</p>" in page
    assert "<p>改造分两期实施，本年度为第一期。</p>" in page


def test_the_report_speaks_english_too() -> None:
    body = text(language="en")
    for words in (
        "1. Basic situation",
        "7. Other matters",
        "Concluded total: 90.80",
        "Annex 3: Rectification status",
    ):
        assert squeezed(words) in body
    assert "一、基本情况" not in body


def test_long_words_wrap_inside_their_cell() -> None:
    row = replace(sample.FINANCE.indicators[0], opinion="长" * 1200, name="A" * 120)
    body = text_of(render_pdf(replace(sample.FINANCE, indicators=(row,))))
    assert body.count("长") == 2 * 1200
    assert "A" * 120 in body
