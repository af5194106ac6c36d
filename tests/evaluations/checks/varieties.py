"""Correct dossiers of every kind that offices write: none of them may give a finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evaluations.dossier import Dossier, parse_dossier
from tests.evaluations.checks.dossiers import correct_dossier, in_words, indicator, measured, stated


def document(**parts: Any) -> dict[str, Any]:
    """A dossier's document with the parts that every variety must have."""
    return {
        "format": "dossier/1",
        "currency_unit": "万元",
        "goal": {"expected": "按计划完成年度任务。", "achieved": "年度任务已按计划完成。"},
    } | parts


def project(unit: str, name: str, year: int, department: str | None = None) -> dict[str, Any]:
    return {"unit": unit, "department": department, "region": None, "name": name, "fiscal_year": year}


def in_yuan_with_local_labels() -> Dossier:
    """No scheme, amounts in 元, labels of another decade, execution as an indicator with its own rule."""
    return parse_dossier(
        document(
            currency_unit="元",
            project=project("南川县图书馆", "公共阅读服务", 2018, "南川县文化局"),
            evaluation={"kind": "self", "scheme": None},
            budget={
                "initial": "860000",
                "annual": "800000",
                "received": "800000",
                "paid": "788000",
                "stated_execution_rates": ["98.5%"],
                "reason": "年中按压减一般性支出的要求核减60000元，占年初预算的6.98%。",
                "lines": [
                    {"item": "图书购置", "budget": "500000", "paid": "495000"},
                    {"item": "阅读活动", "budget": "300000", "paid": "293000"},
                ],
                "stated_totals": [
                    {"column": "budget", "amount": "800000"},
                    {"column": "paid", "amount": "788000"},
                ],
            },
            indicators=[
                indicator(
                    "投入",
                    "资金使用",
                    "预算执行率",
                    "10",
                    **measured(">=", "95", "98.5", "%"),
                    rule={"type": "linear", "zero_below": "80", "full_at": "95"},
                ),
                indicator(
                    "项目完成", "产出数量", "新增图书册数", "15", **measured(">=", "12000", "12600", "册")
                ),
                indicator(
                    "项目完成", "产出数量", "举办阅读活动场次", "15", **measured(">=", "36", "40", "场")
                ),
                indicator(
                    "项目完成", "产出质量", "图书加工差错率", "10", **measured("<=", "1", "0.6", "%", "lower")
                ),
                indicator("项目完成", "产出时效", "新书上架及时率", "10", **measured(">=", "95", "97", "%")),
                indicator(
                    "项目完成", "产出成本", "单册采购成本", "5", **measured("<=", "42", "39.3", "元", "lower")
                ),
                indicator(
                    "项目效果",
                    "社会效益",
                    "年度到馆读者人次",
                    "15",
                    **measured(">=", "150000", "158000", "人次"),
                ),
                indicator(
                    "项目效果",
                    "可持续性影响",
                    "阅读推广机制",
                    "10",
                    **in_words("建立长效机制", "已建立长效机制"),
                ),
                indicator("项目效果", "满意度", "读者满意度", "10", **measured(">=", "90", "94", "%")),
            ],
            stated={"total": "100", "grade": "优秀"},
        )
    )


def completed_within_budget() -> Dossier:
    """The scheme of 2021: completed with a quarter left over, no satisfaction, quantity by its own slope."""
    return parse_dossier(
        document(
            project=project("白水区水务站", "堤防维修养护", 2022, "白水区水务局"),
            evaluation={"kind": "self", "scheme": "core-2021"},
            budget={
                "initial": "400",
                "annual": "400",
                "received": "400",
                "paid": "300",
                "stated_execution_rates": ["75%"],
                "weight": "10",
                "stated_score": "10",
                "completed_within_budget": True,
                "reason": "公开招标后合同价低于预算，预算执行率为75%，节约100万元，占全年预算的25%。",
                "lines": [
                    {"item": "堤防维修养护工程款", "date": "2022-10-20", "budget": "400", "paid": "300"}
                ],
            },
            indicators=[
                indicator(
                    "产出指标",
                    "数量指标",
                    "维修堤防长度",
                    "25",
                    **measured(">=", "20", "18", "公里"),
                    stated=stated("18.75", met=False, rate="90%"),
                    deviation_reason="汛期提前，两公里堤段改在枯水期施工，已签补充协议。",
                ),
                indicator("产出指标", "质量指标", "工程质量合格率", "25"),
                indicator(
                    "效益指标", "社会效益指标", "受保护人口", "20", **measured(">=", "3.2", "3.5", "万人")
                ),
                indicator("效益指标", "生态效益指标", "岸坡植被覆盖", "20", **in_words("得到改善", "已达到")),
            ],
            stated={"total": "93.75", "grade": "优"},
            problems=[{"text": "维修堤防长度比计划少两公里。", "owner": "工程科", "due": "2023-04-30"}],
            recommendations=["工程科在枯水期完成余下两公里，2023年4月底前验收。"],
        )
    )


def finance_evaluation() -> Dossier:
    """A finance bureau's evaluation by the common framework: points by level, chapters, a team."""
    points = {"决策": "18.5", "过程": "17", "产出": "26", "效益": "25.5"}
    judged = [
        ("决策", "项目立项", "立项依据充分性", "5"),
        ("决策", "项目立项", "立项程序规范性", "5"),
        ("决策", "绩效目标", "绩效目标合理性", "5"),
        ("决策", "资金投入", "预算编制科学性", "5"),
        ("过程", "资金管理", "资金到位率", "4"),
        ("过程", "资金管理", "预算执行率", "6"),
        ("过程", "组织实施", "制度执行有效性", "10"),
    ]
    nothing_stated = {"target": {}, "actual": {}, "kind": "qualitative", "direction": None, "stated": {}}
    by_level = {"stated": {}}
    rows = [indicator(*row, **nothing_stated) for row in judged]
    rows += [
        indicator(
            "产出", "产出数量", "更新设备台套数", "10", **measured(">=", "320", "320", "台"), **by_level
        ),
        indicator("产出", "产出质量", "设备验收合格率", "10", **measured(">=", "98", "100", "%"), **by_level),
        indicator(
            "产出",
            "产出时效",
            "安装调试时间",
            "5",
            **in_words("2021年8月底前", "2021年8月20日完成"),
            **by_level,
        ),
        indicator(
            "产出",
            "产出成本",
            "设备购置成本",
            "5",
            **measured("<=", "470", "456", "万元", "lower"),
            **by_level,
        ),
        indicator("效益", "项目效益", "实验课开出率", "20", **measured(">=", "95", "97", "%"), **by_level),
        indicator("效益", "项目效益", "师生满意度", "10", **measured(">=", "90", "92.4", "%"), **by_level),
    ]
    chapters = [
        "一、基本情况",
        "二、绩效评价工作开展情况",
        "三、综合评价情况及评价结论",
        "四、绩效评价指标分析",
        "五、主要经验及做法、存在的问题及原因分析",
        "六、有关建议",
        "七、其他需要说明的问题",
    ]
    return parse_dossier(
        document(
            project=project("东岭市第二中学", "教学设备更新", 2021, "东岭市教育局"),
            evaluation={"kind": "finance", "scheme": None, "base_date": "2021-12-31"},
            budget={
                "declared": "560",
                "initial": "500",
                "annual": "500",
                "received": "480",
                "paid": "456",
                "stated_execution_rates": ["95%"],
            },
            indicators=rows,
            stated={
                "total": "87",
                "grade": "良",
                "by_level1": points,
                "level1_weights": {"决策": "20", "过程": "20", "产出": "30", "效益": "30"},
            },
            problems=[
                {
                    "text": "设备入库登记不及时，资产卡片信息不全。",
                    "owner": "总务处",
                    "due": "2022年6月30日前",
                }
            ],
            recommendations=["由总务处补齐资产卡片，2022年6月底前完成。"],
            team=["东岭市财政局绩效科", "外聘专家"],
            report=[{"chapter": name, "text": "见正文。"} for name in chapters],
        )
    )


def without_weights() -> Dossier:
    """Neither weights nor scores are printed: rates and met or not, and a total that equal shares allow."""
    return parse_dossier(
        document(
            project=project("沙河市就业中心", "招聘会服务", 2020),
            evaluation={"kind": "self", "scheme": None},
            budget={
                "initial": "60",
                "annual": "60",
                "received": "60",
                "paid": "57.3",
                "stated_execution_rates": ["95.5%"],
            },
            indicators=[
                indicator(
                    "产出",
                    "数量",
                    "举办招聘会场次",
                    None,
                    **measured(">=", "50", "47", "场"),
                    stated=stated(None, met=False, rate="94%"),
                    deviation_reason="三场改为线上举办，未计入现场场次，下年调整统计口径。",
                ),
                indicator(
                    "产出",
                    "质量",
                    "参会企业资质合格率",
                    None,
                    stated=stated(None, met=True, rate="100%"),
                ),
                indicator(
                    "产出",
                    "时效",
                    "信息发布时限",
                    None,
                    **measured("<=", "3", "2", "天", "lower"),
                    stated=stated(None, met=True, rate="100%"),
                ),
                indicator(
                    "产出",
                    "成本",
                    "单场活动成本",
                    None,
                    **measured("<=", "1.2", "1.146", "万元", "lower"),
                    stated=stated(None, met=True, rate="95.5%"),
                ),
                indicator(
                    "效益",
                    "社会效益",
                    "达成就业意向人数",
                    None,
                    **measured(">=", "4000", "4200", "人"),
                    stated=stated(None, met=True, rate="105%"),
                ),
                indicator(
                    "满意度",
                    "服务对象满意度",
                    "求职者满意度",
                    None,
                    **measured(">=", "85", "91.2", "%"),
                    stated=stated(None, met=True, rate="107.29%"),
                ),
            ],
            stated={"total": "98.5", "grade": "优"},
            problems=["举办招聘会场次比计划少三场，由市场科负责，2021年3月底前补办。"],
            recommendations=["扩大线上招聘会规模。"],
        )
    )


def department_evaluation() -> Dossier:
    """A department's evaluation with figures of its own, measured on received funds."""
    return parse_dossier(
        document(
            project=project("云台县农技站", "测土配方推广", 2023, "云台县农业农村局"),
            evaluation={"kind": "department", "scheme": None},
            budget={
                "initial": "210",
                "annual": "210",
                "received": "200",
                "paid": "190",
                "stated_execution_rates": ["95.00%"],
            },
            indicators=[
                indicator("决策", "项目立项", "立项程序规范性", "10", **in_words("规范", "规范")),
                indicator("过程", "资金管理", "预算执行率", "10", **measured(">=", "95", "95", "%")),
                indicator("过程", "组织实施", "管理制度健全性", "10", **in_words("健全", "健全")),
                indicator("产出", "产出数量", "推广面积", "15", **measured(">=", "12", "12.6", "万亩")),
                indicator("产出", "产出质量", "配方准确率", "10", **measured(">=", "98", "98.7", "%")),
                indicator("产出", "产出时效", "配方卡发放及时率", "10", **measured(">=", "95", "99", "%")),
                indicator(
                    "产出", "产出成本", "每亩推广成本", "5", **measured("<=", "17.5", "15.8", "元", "lower")
                ),
                indicator("效益", "经济效益", "亩均节本增效", "10", **measured(">=", "60", "66", "元")),
                indicator(
                    "效益",
                    "生态效益",
                    "化肥用量下降率",
                    "10",
                    **measured(">=", "5", "4.2", "%"),
                    stated=stated("8.4", met=False, rate="84%"),
                    deviation_reason="部分合作社仍按习惯施肥，已安排田间示范。",
                ),
                indicator("满意度", "服务对象满意度", "农户满意度", "10", **measured(">=", "90", "92", "%")),
            ],
            stated={"total": "98.4", "grade": "优"},
            problems=[
                {"text": "化肥用量下降率没有达到目标。", "owner": "土肥科", "due": "2024-10-31"},
            ],
            recommendations=["由土肥科增加田间示范，2024年10月底前见效。"],
            team=["云台县农业农村局财务科", "云台县农业农村局计划科"],
        )
    )


def with_figures_in_its_words() -> Dossier:
    """A text full of amounts and percentages that are all right."""
    return correct_dossier(
        goal={
            "achieved": (
                "平台按期建成。全年支出117.6万元，占全年预算120万元的98%，其中平台软件开发支出69万元，"
                "占支出总额的58.67%；自助终端购置节约0.6万元，节约率为2%。"
                "全年预算120万元，其中当年财政拨款100万元，占83.33%，上年结转20万元，占16.67%。"
                "网上办理率为81.6%，为目标值的96%。"
            )
        }
    )


VARIETIES: dict[str, Callable[[], Dossier]] = {
    "the ministry's form": correct_dossier,
    "in yuan with local labels": in_yuan_with_local_labels,
    "completed within the budget": completed_within_budget,
    "a finance evaluation": finance_evaluation,
    "without weights": without_weights,
    "a department evaluation": department_evaluation,
    "figures in its words": with_figures_in_its_words,
}
