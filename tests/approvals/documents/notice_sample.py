"""Notices as plain data, made up for these tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from approvals.documents.notice import NoticeContents, NoticeItem, NoticeReceipt

UNSIGNED = NoticeReceipt(unit="示例市政务服务中心")
SIGNED = NoticeReceipt(
    unit="示例市政务服务中心", signed_by="签收的人", signed_at=datetime(2026, 3, 5, 9, 41, tzinfo=UTC)
)
ITEMS = (
    NoticeItem(
        number="ZG-2025-0007-01",
        requirement="退回闲置资金。",
        kind="退回资金",
        responsible_unit="示例市政务服务中心",
        due=date(2026, 4, 30),
        assisting=("示例市信息中心", "示例市档案馆"),
        problem="部分资金闲置超过一年。",
        amount=Decimal("12.345678"),
    ),
    NoticeItem(
        number="ZG-2025-0007-02",
        requirement="补齐验收材料。",
        kind="完成交付",
        responsible_unit="示例市大数据中心",
        due=date(2026, 5, 15),
    ),
)
NOTICE = NoticeContents(
    issuer="示例市财政局",
    year=2026,
    number=3,
    issued_on=date(2026, 3, 2),
    addressee="示例市政务服务中心",
    project_name="业务系统升级项目",
    fiscal_year=2025,
    evaluation_number="CZPJ-2025-0007",
    report_title="业务系统升级项目财政绩效评价报告",
    copies="示例市政务服务管理局",
    basis="《示例市预算绩效管理办法》\n年度绩效评价工作计划",
    total=Decimal("84.6"),
    grade="良",
    conclusion="主要目标基本实现。\n资金使用效率有待提高。",
    problems=("部分资金闲置超过一年。", "验收材料不齐。"),
    items=ITEMS,
    measures_days=30,
    report_due=date(2026, 5, 15),
    contact="联系的人",
    telephone="0575-1234567",
    receipts=(UNSIGNED, NoticeReceipt(unit="示例市大数据中心")),
)
LETTER = replace(
    NOTICE, number=4, items=(), problems=(), measures_days=None, report_due=None, receipts=(UNSIGNED,)
)
HOSTILE = "<b>粗体</b> & \"引号\" '撇' {{ 变量 }} <script>alert(1)</script> 𠮷 \x0b完"
