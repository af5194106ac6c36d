"""The official form as .xlsx: what is read of it, and what is said of the rest."""

from __future__ import annotations

from decimal import Decimal

from tests.evaluations.exchange.forms import read


def test_the_official_form_is_read_without_a_remark() -> None:
    understanding = read()

    assert [
        (remark.place, remark.text()) for remark in understanding.remarks if remark.weight != "understood"
    ] == []
    dossier = understanding.dossier
    assert (dossier.project.name, dossier.project.unit, dossier.project.department) == (
        "政务平台升级",
        "某市信息中心",
        "某市数据局",
    )
    assert dossier.project.fiscal_year == 2023
    assert (dossier.budget.initial, dossier.budget.annual, dossier.budget.paid) == (280, 300, 290)
    assert dossier.budget.stated_execution_rates == ("96.67%",)
    assert (dossier.budget.weight, dossier.budget.stated_score) == (10, Decimal("9.67"))
    assert [row.name for row in dossier.budget.rows] == [
        "年度资金总额",
        "当年财政拨款",
        "上年结转资金",
        "其他资金",
    ]
    assert (dossier.goal.expected, dossier.goal.achieved) == ("建成统一平台", "二十六个模块上线")
    assert len(dossier.indicators) == 7
    assert dossier.stated.total == Decimal("98.24")
