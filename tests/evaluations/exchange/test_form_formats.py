"""Number formats that divide or hide: nothing is read silently as another figure than the one shown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.exchange.form.shown import divisor_of, shown
from evaluations.exchange.understanding import Understanding
from tests.evaluations.exchange.forms import read, remarks_at

PAID = "自评表!E6"  # the total paid, on the form without changes


def paid_with(value: float, number_format: str) -> Understanding:
    """The form with one amount under a number format."""

    def change(sheet) -> None:
        sheet["E6"] = value
        sheet["E6"].number_format = number_format

    return read(change)


@pytest.mark.parametrize(
    ("stored", "number_format", "text", "divisor"),
    [
        ("4644200", "0!.0,", "464.4", 10_000),
        ("4644200", '0"."0,', "464.4", 10_000),
        ("4644200", r"0\.0,", "464.4", 10_000),
        ("4644200", "0!.0000", "464.4200", 10_000),
        ("4644200", '0!.0,"万元"', "464.4万元", 10_000),
        ("4644200", "#,##0.00,", "4644.20", 1000),
        ("464.42", "0.00,", "0.46", 1000),
        ("5", "0!.0000", "0.0005", 10_000),
        ("-4644200", "0!.0,", "-464.4", 10_000),
        ("300", '[>=10000]0!.0,"万";0', "300", 1),
        ("46442", '[>=10000]0!.0,"万";0', "4.6万", 10_000),
        ("4644200", "#,##0.00", "4644200.00", 1),
        ("464.42", '0.00"万元"', "464.42万元", 1),
    ],
)
def test_a_format_shows_a_figure_as_a_spreadsheet_prints_it(
    stored: str, number_format: str, text: str, divisor: int
) -> None:
    assert shown(Decimal(stored), number_format) == text
    assert divisor_of(Decimal(stored), number_format) == divisor


@pytest.mark.parametrize("number_format", ["0!.0,", '0"."0,', "0!.0000", r"0\.0,"])
def test_yuan_that_a_format_shows_as_ten_thousands_are_read_as_shown(number_format: str) -> None:
    understanding = paid_with(4644200, number_format)

    assert understanding.dossier.budget.paid == Decimal("464.42")
    assert any(told.startswith("doubtful: stores 4644200") for told in remarks_at(understanding, PAID))


def test_an_amount_that_a_format_divides_by_a_thousand_is_doubtful() -> None:
    understanding = paid_with(4644200, "#,##0.00,")

    assert understanding.dossier.budget.paid == Decimal("4644.2")
    assert any(told.startswith("doubtful: stores 4644200") for told in remarks_at(understanding, PAID))


@pytest.mark.parametrize("number_format", [";;;", '"";"";""'])
def test_a_hidden_amount_is_doubtful(number_format: str) -> None:
    understanding = paid_with(464.42, number_format)

    assert understanding.dossier.budget.paid == Decimal("464.42")
    assert any(told.startswith("doubtful: is hidden") for told in remarks_at(understanding, PAID))


def test_an_amount_whose_format_shows_words_is_doubtful() -> None:
    understanding = paid_with(4644200, '0"万"0000')

    assert any(told.startswith("doubtful: shows no amount") for told in remarks_at(understanding, PAID))
