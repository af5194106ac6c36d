"""Kashgar 2019: self-assessed as published, returned by the department."""

from __future__ import annotations

from workflow.demo.people import Office
from workflow.demo.story import Case, open_case, report_of

NOTE = (
    "自评数据与公布的报告一致；报告没有公布分值，本系统按默认评分办法、同一二级指标内平均分配测算。"
    "单位负责人审核、部门退回是为演示补充的。"
)
REASON = (
    "短信数量完成16万条，低于18万条的目标，自评总分却为满分；短信费用、设备使用年限的完成情况与是否达标填写不一致；"
    "上年结转项目的完成值与支出明细不符。请核对后重新报送，并补充短信发送量的说明。"
)
QUESTION = "短信发送量没有达到目标，总分为什么仍是满分？请逐项列出得分依据。"


def load(office: Office) -> Case:
    """Round 1 submitted, approved by the unit, returned by the department; round 2 waits for the lead."""
    case = open_case(office, "kashgar-2019", kind="self", days=42, note=NOTE)
    case.turn("submit", "lead", 24, changes=report_of("kashgar-2019", case.dossier), real=True)
    case.turn("approve", "approver", 21, opinion="情况属实，同意报送。")
    case.ask("reviewer", 15, "total-mismatch", QUESTION)
    case.turn("return", "reviewer", 14, opinion=REASON)
    return case
