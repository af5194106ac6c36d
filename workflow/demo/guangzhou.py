"""Guangzhou 2023: self-assessed as published, waiting at finance review."""

from __future__ import annotations

from workflow.demo.people import Office
from workflow.demo.story import Case, open_case, report_of

NOTE = "自评数据与公布的报告一致；单位负责人审核、部门审核是为演示补充的。"


def load(office: Office) -> Case:
    """Submitted, approved by the unit and the department: it waits for the finance officer."""
    case = open_case(office, "guangzhou-2023", kind="self", days=45, note=NOTE)
    case.turn("submit", "lead", 26, changes=report_of("guangzhou-2023", case.dossier), real=True)
    case.turn("approve", "approver", 22, opinion="同意报送。")
    case.turn(
        "approve", "reviewer", 13, opinion="资金支出与明细一致，同意。新增非结构化数据量请财政部门重点关注。"
    )
    return case
