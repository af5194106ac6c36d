"""Units of money that a dossier has no word for: converted exactly, or refused with their cell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.dossier import DossierFaults
from tests.evaluations.exchange.forms import read, remarks_at


@pytest.mark.parametrize(("unit", "paid"), [("千元", "29"), ("百元", "2.9"), ("百万元", "29000")])
def test_amounts_in_an_unusual_unit_are_converted_and_it_is_said(unit: str, paid: str) -> None:
    understanding = read(money=f"项目资金（{unit}）")

    dossier = understanding.dossier
    assert (dossier.currency_unit, dossier.budget.paid) == ("万元", Decimal(paid))
    assert dossier.budget.rows[0].paid == Decimal(paid)
    assert f"understood: names the unit {unit}: the amounts were read in 万元" in remarks_at(
        understanding, "自评表!A5"
    )
    assert not any("names no unit of money" in remark.text() for remark in understanding.remarks)


def test_amounts_with_their_own_unit_are_converted_too() -> None:
    understanding = read(lambda sheet: sheet.__setitem__("E6", "2900千元"))

    assert understanding.dossier.budget.paid == 290


def test_an_unknown_unit_of_money_is_refused_with_its_cell() -> None:
    with pytest.raises(DossierFaults) as error:
        read(money="项目资金（美元）")

    assert [fault.path for fault in error.value.faults] == ["自评表!A5"]


def test_an_unusual_unit_above_the_table_is_refused_with_its_cell() -> None:
    def change(sheet) -> None:
        sheet.unmerge_cells("A2:I2")
        sheet["I2"] = "单位：千元"

    with pytest.raises(DossierFaults) as error:
        read(change, money="项目资金")

    assert [(fault.path, "千元" in fault.text()) for fault in error.value.faults] == [("自评表!I2", True)]
