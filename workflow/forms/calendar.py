"""Forms of the working-day calendar: one day by hand, and a year's notice from text or a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.actions.calendar import FIRST_YEAR, LAST_YEAR, LONGEST_SOURCE, NoticeFields
from evaluations.calendar.marked import LONGEST_NAME, faults_of_days
from evaluations.calendar.reading import MOST_CHARACTERS, Reading, read_file, read_text, written
from evaluations.models import CalendarDay, CalendarNotice
from evaluations.strict_json import Fault
from workflow.forms.rows import label, text_field

WORKS: dict[str, bool | None] = {"week": None, "off": False, "work": True}
MOST_TOLD = 20


class DayForm(forms.Form):
    """Whether one day is worked, and on what that rests."""

    works = forms.ChoiceField(
        label=_("This day is"),
        widget=forms.RadioSelect,
        choices=[("off", _("a day off")), ("work", _("worked")), ("week", _("as the week has it"))],
    )
    name = forms.CharField(
        label=label(CalendarDay, "name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("The holiday, such as 劳动节; nothing for a day that is as the week has it."),
    )
    source = forms.CharField(
        label=label(CalendarDay, "source"),
        max_length=LONGEST_SOURCE,
        help_text=_("The notice, or the decision of the local government, with its number."),
    )

    @classmethod
    def showing(cls, row: CalendarDay | None) -> DayForm:
        """The form with what is stored."""
        if row is None:
            return cls(initial={"works": "week"})
        return cls(initial={"works": "work" if row.works else "off", "name": row.name, "source": row.source})

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "works": WORKS[self.cleaned_data["works"]]}


class NoticeForm(forms.Form):
    """A year's notice: its text, or its days as rows or a file with year, number and date beside them."""

    text = forms.CharField(
        label=_("Text of the notice, or rows"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 12}),
        help_text=_(
            "Paste the whole notice as it was published: year, number, date and days are read from it."
            " Or rows with date, 休 or 班, and name: 2027-01-01 休 元旦."
        ),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput({"accept": ".csv,.xlsx,.txt"}),
        help_text=_("In place of the text: .csv or .xlsx with the columns 日期, 类型 (休 or 班), 名称."),
    )
    year = forms.IntegerField(
        label=label(CalendarNotice, "year"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    number = text_field(CalendarNotice, "number", help_text=_("Such as 国办发明电〔2025〕7号."))
    published_on = forms.DateField(
        label=label(CalendarNotice, "published_on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    address = forms.URLField(
        label=label(CalendarNotice, "address"), required=False, max_length=300, assume_scheme="https"
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    reading = Reading()

    def clean(self) -> dict[str, Any]:
        """Read what was handed in; whatever cannot be read stands at the field that it came in by."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file, text, year = cleaned.get("file"), cleaned.get("text", ""), cleaned.get("year")
        came_by = "file" if file else "text"
        if "text" in self.errors or "file" in self.errors:
            return cleaned
        if bool(file) == bool(text):
            self.add_error("text", _("Paste the text or choose a file, one of the two."))
            return cleaned
        self.reading = read_file(file.read(), year) if file else read_text(text, year)
        faults = list(self.reading.faults)
        if self.reading.year is not None and not faults:
            faults = faults_of_days(self.reading.year, self.reading.days)
        for fault in faults[:MOST_TOLD]:
            self.add_error(came_by, words_of_fault(fault))
        if not faults:
            self.complete(cleaned)
        return cleaned

    def complete(self, cleaned: dict[str, Any]) -> None:
        """Take what was not typed from the notice itself; what neither says is asked for."""
        for name in ("year", "number", "published_on"):
            if not cleaned.get(name) and name not in self.errors:
                cleaned[name] = getattr(self.reading, name)
                if not cleaned[name]:
                    self.add_error(name, _("The text does not say this: fill it in."))

    def notice(self) -> NoticeFields:
        names = ("year", "number", "published_on", "address")
        return NoticeFields(**{name: self.cleaned_data[name] for name in names})

    def to_confirm(self, seen: str) -> list[dict[str, str]]:
        """What the page of the preview posts back: hidden fields with everything that was read."""
        notice = self.notice()
        values = {
            "text": written(self.reading.days),
            "year": str(notice.year),
            "number": notice.number,
            "published_on": notice.published_on.isoformat(),
            "address": notice.address,
            "seen": seen,
        }
        return [{"name": name, "value": value} for name, value in values.items()]


def words_of_fault(fault: Fault) -> str:
    """A fault with where it stands: a row, a paragraph or a day."""
    words = fault.text(gettext)
    if fault.path.isdigit():
        return gettext("Row %(row)s: %(words)s") % {"row": fault.path, "words": words}
    return f"{fault.path} {words}".strip()
