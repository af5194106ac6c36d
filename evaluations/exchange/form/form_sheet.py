"""The sheet of the form itself: nine columns, from the title to the seal."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from evaluations.checks.reading import percent_of
from evaluations.dossier import Dossier, FundingRowFacts
from evaluations.exchange.form.layout import (
    FOOT,
    FUNDING_HEADINGS,
    INDICATOR_HEADINGS,
    NO_POINTS,
    NOTHING,
    SEAL,
    TITLE,
    date_line,
    funding_label,
    funding_name,
    funding_rows,
    grade_line,
    is_blank,
    is_summed,
    level1_runs,
    level2_runs,
    places_of,
    printed_level,
    year_line,
)
from evaluations.exchange.form.styles import Pen, format_for
from evaluations.scoring import SchemeParameters
from evaluations.scoring.exact import exact, half_up

A4 = 9
WIDTHS = (9, 9, 11, 20, 14, 14, 9, 9, 24)
LAST = len(WIDTHS) - 1
FUNDING_ROW, FIRST_FUNDS = 4, 5
CHARACTERS_IN_A_LINE, LINE_HEIGHT, TALLEST = 26, 16, 400
POINTS, RATE = "0.00", "0.00%"


def write_form(pen: Pen, dossier: Dossier, scheme: SchemeParameters | None) -> None:
    """Write the whole form to an empty sheet."""
    _set_up(pen)
    _write_head(pen, dossier)
    after_funds = _write_funding(pen, dossier, scheme)
    heading = _write_goal(pen, dossier, after_funds)
    after = _write_indicators(pen, dossier, heading)
    _write_total(pen, dossier, heading + 1, after)
    _write_foot(pen, dossier, after + 1)
    pen.sheet.repeat_rows(heading)


def _set_up(pen: Pen) -> None:
    sheet = pen.sheet
    sheet.set_paper(A4)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页，共 &N 页")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)


def _write_head(pen: Pen, dossier: Dossier) -> None:
    project = dossier.project
    pen.across(0, 0, LAST, TITLE, "title")
    pen.across(1, 0, LAST, year_line(dossier), "year")
    pen.across(2, 0, 1, "项目名称", "label")
    pen.across(2, 2, LAST, project.name)
    pen.across(3, 0, 1, "主管部门", "label")
    pen.across(3, 2, 4, project.department)
    pen.text(3, 5, "实施单位", "label")
    pen.across(3, 6, LAST, project.unit)


def _write_funding(pen: Pen, dossier: Dossier, scheme: SchemeParameters | None) -> int:
    """The funding table; returns the row after it."""
    rows = funding_rows(dossier)
    pen.block(FUNDING_ROW, 0, FUNDING_ROW + len(rows), 0, funding_label(dossier), "label")
    pen.across(FUNDING_ROW, 1, 2, "", "label")
    for column, heading in enumerate(FUNDING_HEADINGS, start=3):
        pen.text(FUNDING_ROW, column, heading, "label")
    for place, row in enumerate(rows):
        at = FIRST_FUNDS + place
        pen.across(at, 1, 2, funding_name(row, place), "boxed")
        for column, amount in enumerate((row.initial, row.annual, row.paid), start=3):
            if is_blank(row):
                pen.text(at, column, NOTHING, "centre")
            else:
                pen.figure(at, column, amount)
        _write_rate(pen, at, row)
        _write_points(pen, at, row, is_total=place == 0)
    _write_execution_score(pen, dossier, rows[0], scheme)
    return FIRST_FUNDS + len(rows)


def _write_rate(pen: Pen, at: int, row: FundingRowFacts) -> None:
    """The execution rate as a formula, where there is something to divide; else as it was stated."""
    if row.annual and row.paid is not None:
        rate = float(exact(row.paid) / exact(row.annual))
        stated = percent_of(row.rate)
        number_format = RATE if stated is None else format_for(stated.value) + "%"
        pen.formula(at, 7, f'=IF(E{at + 1}=0,"",F{at + 1}/E{at + 1})', rate, number_format)
    else:
        pen.text(at, 7, NOTHING if is_blank(row) else row.rate, "centre")


def _write_points(pen: Pen, at: int, row: FundingRowFacts, is_total: bool) -> None:
    for column, points in ((6, row.weight), (8, row.score)):
        if points is None and not is_total:
            pen.text(at, column, NO_POINTS, "centre")
        else:
            pen.figure(at, column, points)


def _write_execution_score(
    pen: Pen, dossier: Dossier, row: FundingRowFacts, scheme: SchemeParameters | None
) -> None:
    """The points of the execution row as a formula, where the unit states any and the rule can stand in one.

    Rules that go by the funds received or by an answer not given cannot: there the stated
    points stay, as a figure.
    """
    if row.score is None or row.weight is None or not row.annual or row.paid is None:
        return
    rate = exact(row.paid) / exact(row.annual)
    if found := _execution_formula(dossier, exact(row.weight), rate, scheme):
        formula, points = found
        pen.formula(FIRST_FUNDS, 8, f"=ROUND({formula},2)", float(half_up(points)), POINTS)


def _execution_formula(
    dossier: Dossier, weight: Fraction, rate: Fraction, scheme: SchemeParameters | None
) -> tuple[str, Fraction] | None:
    """Weight × rate and at most the weight (财预〔2020〕10号), or the scheme's bands (财预〔2021〕101号)."""
    weight_cell, rate_cell = f"G{FIRST_FUNDS + 1}", f"H{FIRST_FUNDS + 1}"
    if scheme is None or (scheme.execution.bands is None and scheme.execution.denominator == "annual"):
        return f"{weight_cell}*MIN({rate_cell},1)", weight * min(rate, Fraction(1))
    is_completed = dossier.budget.completed_within_budget
    if scheme.execution.bands is None or scheme.execution.denominator != "annual" or is_completed is None:
        return None
    if is_completed:
        return weight_cell, weight
    formula, points = "0", Fraction(0)
    for band in scheme.execution.bands:
        within = f"AND({rate_cell}>={band.from_:f},{rate_cell}<{band.to:f})"
        formula = f"IF({within},{weight_cell}*{band.share:f},{formula})"
        if exact(band.from_) <= rate < exact(band.to):
            points = weight * exact(band.share)
    return formula, points


def _write_goal(pen: Pen, dossier: Dossier, row: int) -> int:
    """The goal; returns the row of the indicators' heading."""
    goal = dossier.goal
    pen.block(row, 0, row + 1, 0, "年度总体目标", "label")
    pen.across(row, 1, 4, "预期目标", "label")
    pen.across(row, 5, LAST, "实际完成情况", "label")
    pen.across(row + 1, 1, 4, goal.expected)
    pen.across(row + 1, 5, LAST, goal.achieved)
    longest = max(len(goal.expected or ""), len(goal.achieved or ""))
    # A spreadsheet fits the height of merged cells to nothing by itself.
    pen.sheet.set_row(row + 1, min(LINE_HEIGHT * (1 + longest // CHARACTERS_IN_A_LINE), TALLEST))
    return row + 2


def _write_indicators(pen: Pen, dossier: Dossier, heading: int) -> int:
    """The indicator table; returns the row of the total."""
    rows = dossier.indicators
    pen.block(heading, 0, heading + len(rows), 0, "绩效指标", "label")
    for column, text in enumerate(INDICATOR_HEADINGS, start=1):
        pen.text(heading, column, text, "label")
    for column, runs in ((1, level1_runs(rows)), (2, level2_runs(rows))):
        for run in runs:
            pen.block(
                heading + 1 + run.first,
                column,
                heading + 1 + run.last,
                column,
                printed_level(run.label),
                "centre",
            )
    for at, row in enumerate(rows, start=heading + 1):
        pen.text(at, 3, row.name)
        pen.text(at, 4, row.target.text, "centre")
        pen.text(at, 5, row.actual.text, "centre")
        pen.figure(at, 6, row.weight)
        pen.figure(at, 7, row.stated.score)
        pen.text(at, 8, row.deviation_reason)
    return heading + 1 + len(rows)


def _write_total(pen: Pen, dossier: Dossier, first: int, at: int) -> None:
    """The sums of weights and scores; a total over missing scores stands as it was stated."""
    pen.across(at, 0, 5, "总分", "label")
    execution = funding_rows(dossier)[0]
    weights = [execution.weight, *(row.weight for row in dossier.indicators)]
    _write_sum(pen, at, 6, f"G{FIRST_FUNDS + 1},G{first + 1}:G{at}", weights)
    if is_summed(dossier):
        scores = [execution.score, *(row.stated.score for row in dossier.indicators)]
        _write_sum(pen, at, 7, f"I{FIRST_FUNDS + 1},H{first + 1}:H{at}", scores)
    else:
        pen.figure(at, 7, dossier.stated.total)
    pen.text(at, 8, grade_line(dossier), "centre")


def _write_sum(pen: Pen, at: int, column: int, cells: str, figures: list[Decimal | None]) -> None:
    known = [figure for figure in figures if figure is not None]
    if not known:
        pen.figure(at, column, None)
        return
    places = min(max(map(places_of, known)), 12)
    number_format = "0." + "0" * places if places else "0"
    pen.formula(at, column, f"=SUM({cells})", float(sum(known, Decimal(0))), number_format)


def _write_foot(pen: Pen, dossier: Dossier, at: int) -> None:
    for column, text in zip((0, 3, 5), FOOT, strict=True):
        pen.text(at, column, text, "plain")
    pen.across(at + 1, 0, 4, date_line(dossier), "plain")
    pen.across(at + 1, 5, LAST, SEAL, "plain")
