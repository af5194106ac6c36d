"""What a dossier holds beyond the form: the further sheets of an exported workbook, in and out.

Payments, totals, problems and chapters stand in tables that people can read and change.
Every other thing, and whatever a table does not say exactly, stands on the last sheet with
its path (``differences``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluations.exchange.form.notebook import Notebook
from evaluations.exchange.form.sheet import Cell, Sheet
from evaluations.strict_json import FIGURE, gettext_noop

COLUMNS_IN_WORDS = {"budget": "预算数", "paid": "执行数"}
PROBLEM, RECOMMENDATION = "问题", "建议"


@dataclass(frozen=True)
class Table:
    """A further sheet: its headings with the keys of the document that stand under them."""

    name: str
    headings: Mapping[str, str]
    figures: frozenset[str] = frozenset()


LINES = Table(
    "支出明细",
    {"支出分类": "group", "支出内容": "item", "支付日期": "date", "预算数": "budget", "执行数": "paid"},
    frozenset({"budget", "paid"}),
)
STATED_TOTALS = Table(
    "支出合计", {"支出分类": "group", "所在列": "column", "合计金额": "amount"}, frozenset({"amount"})
)
PROBLEMS = Table(
    "问题与建议",
    {"类别": "kind", "内容": "text", "责任单位": "owner", "整改期限": "due", "对应指标": "indicator"},
)
CHAPTERS = Table("报告正文", {"章节": "chapter", "内容": "text"})
TABLES = (LINES, STATED_TOTALS, PROBLEMS, CHAPTERS)


def rows_to_write(table: Table, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a further sheet, from a dossier/1 document."""
    budget = document["budget"]
    if table is LINES:
        return list(budget["lines"])
    if table is STATED_TOTALS:
        return [{**row, "column": COLUMNS_IN_WORDS[row["column"]]} for row in budget["stated_totals"]]
    if table is CHAPTERS:
        return list(document.get("report", ()))
    problems = [{"text": row} if isinstance(row, str) else row for row in document["problems"]]
    return [
        *({"kind": PROBLEM, **row} for row in problems),
        *({"kind": RECOMMENDATION, "text": text} for text in document["recommendations"]),
    ]


def table_on(sheet: Sheet) -> Table | None:
    """The table that a sheet holds, by its name and its headings; None for any other sheet."""
    for table in TABLES:
        if sheet.name == table.name and [cell.text for cell in sheet.row(1)] == list(table.headings):
            return table
    return None


def read_table(notebook: Notebook, sheet: Sheet, table: Table) -> None:
    """Read a further sheet into the document."""
    rows = list(_rows(notebook, sheet, table))
    document = notebook.document
    if table is LINES:
        document["budget"]["lines"] = [{**row, "item": row["item"] or ""} for row in rows]
    elif table is STATED_TOTALS:
        document["budget"]["stated_totals"] = [row for row in map(_stated_total, rows) if row]
    elif table is CHAPTERS:
        document["report"] = [{**row, "chapter": row["chapter"] or ""} for row in rows]
    else:
        document["problems"] = [_problem(row) for row in rows if row["kind"] != RECOMMENDATION]
        document["recommendations"] = [row["text"] or "" for row in rows if row["kind"] == RECOMMENDATION]


def _rows(notebook: Notebook, sheet: Sheet, table: Table) -> Iterator[dict[str, Any]]:
    keys = dict(enumerate(table.headings.values(), start=1))
    for row in sheet.rows()[1:]:
        values: dict[str, Any] = dict.fromkeys(table.headings.values())
        for cell in sheet.row(row):
            key = keys.get(cell.column)
            if key is None:
                notebook.left(cell, gettext_noop("stands outside of the table"))
            else:
                values[key] = _value(notebook, cell, key in table.figures)
        yield values


def _value(notebook: Notebook, cell: Cell, is_figure: bool) -> str | None:
    if cell.is_formula and not is_figure:
        notebook.fault(cell, gettext_noop("holds a formula where a text belongs: enter the text itself"))
    if not is_figure:
        return cell.value if isinstance(cell.value, str) else cell.text
    text = format(cell.value, "f") if isinstance(cell.value, Decimal) else cell.text
    # The places that are shown say how the figure was printed, as long as they say the same figure.
    if FIGURE.fullmatch(cell.text) and FIGURE.fullmatch(text) and Decimal(cell.text) == Decimal(text):
        text = cell.text
    if FIGURE.fullmatch(text):
        return text
    notebook.left(cell, gettext_noop("is no figure"))
    return None


def _stated_total(row: Mapping[str, Any]) -> dict[str, Any] | None:
    column = next((key for key, words in COLUMNS_IN_WORDS.items() if words == row["column"]), None)
    return {**row, "column": column} if column and row["amount"] is not None else None


def _problem(row: Mapping[str, Any]) -> Any:
    known = {key: row[key] for key in ("owner", "due", "indicator") if row[key] is not None}
    return {"text": row["text"] or "", **known} if known else row["text"] or ""
