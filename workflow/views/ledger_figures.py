"""The rectification ledger in figures (整改统计), on the page and as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.models import ItemKind
from audit_log import clock
from evaluations.exchange.writing import FORMATS
from workflow import ledger as ledgers
from workflow import ledger_figures as figures
from workflow.forms.ledger import LedgerFilters, label_of
from workflow.ledger_files.figures_workbook import figures_xlsx
from workflow.presentation import ledger_figures as shown
from workflow.presentation.ledger import made_in_words
from workflow.presentation.ledger_figures import Address, FigureTable, Group
from workflow.views.ledger import require_meaning
from workflow.views.person_request import PersonRequest

FILTERS = ("year", "department")


@dataclass(frozen=True)
class Read:
    """What the reader asked of the figures, and what there is to count."""

    filters: LedgerFilters
    asked: dict[str, Any]
    departments: dict[int, str]
    units: dict[int, str]
    years: list[int]
    items: QuerySet[Any]
    """What both filters choose of the reader's ledger."""
    all_years: QuerySet[Any]
    """What the filter by department alone chooses."""

    @property
    def is_by_unit(self) -> bool:
        """Within one department its units are compared."""
        return bool(self.asked["department"]) or len(self.departments) <= 1


def read(user: Any, query: QueryDict) -> Read:
    """What there is to count for the reader. Raises InvalidInput for a filter that means nothing."""
    everything = ledgers.ledger_of(user)
    choices = ledgers.choices_of(everything)
    asked_of_us = {name: query.get(name, "") for name in FILTERS}
    filters = LedgerFilters(asked_of_us, **choices)
    require_meaning(filters)
    asked = {name: filters.cleaned_data[name] for name in FILTERS}
    return Read(
        filters,
        asked,
        dict(choices["departments"]),
        dict(choices["units"]),
        choices["years"],
        ledgers.chosen(everything, asked),
        ledgers.chosen(everything, {**asked, "year": None}),
    )


@require_safe
def ledger_figures(request: PersonRequest) -> HttpResponse:
    """Closure, delay, repetition and money of the items that the reader may see."""
    found = read(request.user, request.GET)
    whole = whole_of(found)
    context = {
        "stats": shown.stats(whole),
        "tables": tables_of(found, whole),
        "is_empty": not whole.tally.total,
        "is_filtered": any(found.asked.values()),
        "choices": [
            {
                "name": name,
                "label": found.filters.fields[name].label,
                "options": found.filters.options_of(name),
            }
            for name in FILTERS
        ],
        "export_url": shown.query_address("export_ledger_figures", found.asked),
    }
    return render(request, "workflow/ledger_figures.html", context)


@require_safe
def export(request: PersonRequest) -> HttpResponse:
    """The tables of the page as a workbook, one sheet each. Raises InvalidInput as the page does."""
    found = read(request.user, request.GET)
    title = _("Rectification in figures")
    tables = tables_of(found, whole_of(found))
    content = figures_xlsx(title, made_in_words(request.user), asked_in_words(found), tables)
    response = HttpResponse(content, content_type=FORMATS["xlsx"].media_type)
    name = f"{title}-{clock.today():%Y-%m-%d}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def asked_in_words(found: Read) -> str:
    """The filters in use, for the head of a sheet."""
    pairs = [
        _("%(label)s: %(value)s")
        % {"label": found.filters.fields[name].label, "value": label_of(found.filters.fields[name], value)}
        for name, value in found.asked.items()
        if value is not None
    ]
    return _("; ").join(pairs)


def whole_of(found: Read) -> Group:
    return Group(_("In all"), figures.tally(found.items), Address(found.asked))


def tables_of(found: Read, whole: Group) -> list[FigureTable]:
    """All tables of the page."""
    offices, first = offices_of(found), _("Responsible unit") if found.is_by_unit else _("Department")
    closure, overdue = shown.closure_headings(first), shown.overdue_headings(first)
    by_office = {
        "closure": _("Closure by unit") if found.is_by_unit else _("Closure by department"),
        "overdue": _("Open and overdue by unit") if found.is_by_unit else _("Open and overdue by department"),
        "money": _("Amounts by unit") if found.is_by_unit else _("Amounts by department"),
    }
    in_wan = _("Amounts in 10,000 yuan")
    money = shown.money_headings
    return [
        shown.laid_out("closure", by_office["closure"], closure, offices, shown.closure_row, whole),
        years_table(found),
        shown.laid_out("overdue", by_office["overdue"], overdue, offices, shown.overdue_row, whole),
        shown.age_table(figures.by_age(found.items), whole),
        shown.laid_out("money", by_office["money"], money(first), offices, shown.money_row, whole, in_wan),
        shown.laid_out(
            "kinds",
            _("Amounts by kind"),
            money(_("Kind of rectification")),
            kinds_of(found, whole),
            shown.money_row,
            whole,
            in_wan,
        ),
        repeats_of(found),
    ]


def offices_of(found: Read) -> list[Group]:
    """The departments, or the units of one, by code; a department leads to its units."""
    name, field, names = "department", figures.DEPARTMENT, found.departments
    if found.is_by_unit:
        name, field, names = "unit", figures.UNIT, found.units
    tallies = figures.tallies(found.items, field)
    address = Address(found.asked)
    return [
        Group(
            label,
            tallies[pk],
            address.narrowed(**{name: pk}),
            "" if found.is_by_unit else here({**found.asked, name: pk}),
        )
        for pk, label in names.items()
        if pk in tallies
    ]


def years_table(found: Read) -> FigureTable:
    """The years side by side, whichever year the other tables are of."""
    tallies = figures.tallies(found.all_years, ledgers.YEAR)
    groups = [
        Group(
            _("Year %(year)s") % {"year": year},
            tallies[year],
            Address({**found.asked, "year": year}),
            here({**found.asked, "year": year}),
        )
        for year in found.years
        if year in tallies
    ]
    note = _("All years, for comparison") if found.asked["year"] else ""
    headings = shown.closure_headings(_("Fiscal year"))
    return shown.laid_out(
        "years", _("Closure by fiscal year"), headings, groups, shown.closure_row, note=note
    )


def kinds_of(found: Read, whole: Group) -> list[Group]:
    """The kinds in which money is involved."""
    tallies = figures.tallies(found.items, figures.KIND)
    return [
        Group(capfirst(str(label)), tallies[kind], whole.address.narrowed(kind=kind))
        for kind, label in ItemKind.choices
        if kind in tallies and tallies[kind].with_money
    ]


def repeats_of(found: Read) -> FigureTable:
    """What came back; with a year chosen only what that year has a part in."""
    year = found.asked["year"]
    repeats = [
        repeat
        for repeat in figures.repeats(found.all_years)
        if year is None or repeat.first <= year <= repeat.last
    ]
    return shown.repeat_table(repeats, found.units, Address(found.asked))


def here(asked: dict[str, Any]) -> str:
    return shown.query_address("ledger_figures", asked)
