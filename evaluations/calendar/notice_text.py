"""Reading the text of a notice on public holidays as the State Council's General Office words it.

二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。

What the text says twice, the days of the week and how many days there are, is compared with the dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evaluations.calendar.counting import DAY
from evaluations.calendar.marked import Period
from evaluations.strict_json import Fault, gettext_noop

PARAGRAPH = re.compile(r"^\s*[一二三四五六七八九十]+、\s*([^：:\n]{1,50})[：:](.+)$", re.MULTILINE)
DATE = re.compile(r"(?:([0-9]{4})年)?(?:([0-9]{1,2})月)?([0-9]{1,2})日(?:[（(]([^）)]*)[）)])?")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
WEEKDAYS = "一二三四五六日"
COUNT = re.compile(r"(?:共|放假|连休)\s*([0-9]{1,2})\s*天")
TITLE_YEAR = re.compile(r"([0-9]{4})年\s*部分节假日")
NUMBER = re.compile(r"国办[^\s〔\[（(]{0,6}\s*[〔\[（(][0-9]{4}[〕\]）)]\s*[0-9]{1,4}\s*号")
SIGNED = re.compile(r"^\s*([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日\s*$", re.MULTILINE)
LONGEST_PERIOD = 15


@dataclass(frozen=True)
class NoticeFacts:
    """What a notice says of itself, as far as the text holds it."""

    year: int | None
    number: str
    published_on: date | None


def is_notice(text: str) -> bool:
    """Whether this is the text of a notice, not a table."""
    return any("放假" in found[1] for found in PARAGRAPH.findall(text))


def facts_of(text: str) -> NoticeFacts:
    """Year, document number and the date under the text."""
    year, number = TITLE_YEAR.search(text), NUMBER.search(text)
    signed = SIGNED.findall(text)
    return NoticeFacts(
        year=int(year[1]) if year else None,
        number=re.sub(r"\s", "", number[0]) if number else "",
        published_on=day_or_none(*map(int, signed[-1])) if signed else None,
    )


def periods_of(text: str, year: int, faults: list[Fault]) -> list[Period]:
    """The periods of every paragraph that can be read; the others leave a fault under their name."""
    periods = []
    for name, sentences in PARAGRAPH.findall(text):
        # Earlier notices wrote "10月1日至10月7日放假，共7天；9月26日上班": either mark ends a sentence.
        found = len(faults)
        period = Paragraph(name.strip(), year, faults).read(re.split(r"[。；;]", sentences))
        if period is not None and len(faults) == found:
            periods.append(period)
    return periods


class Paragraph:
    """One holiday's paragraph, and where what is wrong with it is told."""

    def __init__(self, name: str, year: int, faults: list[Fault]) -> None:
        self.name, self.year, self.faults = name, year, faults

    def read(self, sentences: list[str]) -> Period | None:
        """The period; None when no sentence says which days are off."""
        off: list[date] = []
        worked: list[date] = []
        for sentence in sentences:
            says_off, says_worked = "放假" in sentence, "上班" in sentence
            days = list(self.days_in(sentence))
            if says_off and says_worked:
                self.fault(gettext_noop("has days off and days worked in one sentence"))
            elif says_worked:
                worked += days
            elif says_off:
                off = days
                self.compare_count(sentence, off)
        if not off:
            self.fault(gettext_noop("does not say which days are off"))
            return None
        return Period(self.name, off[0], off[-1], tuple(worked))

    def days_in(self, sentence: str) -> Iterator[date]:
        """The dates of a sentence; a month or year that is left out is that of the date before."""
        year, month = self.year, 0
        for year_text, month_text, day_text, about in DATE.findall(sentence):
            year, month = int(year_text or year), int(month_text or month)
            day = day_or_none(year, month, int(day_text))
            if day is None:
                self.fault(
                    gettext_noop("has a date that does not exist: %(found)s"), found=f"{month}月{day_text}日"
                )
                continue
            if (said := WEEKDAY.search(about)) and said[1].replace("天", "日") != WEEKDAYS[day.weekday()]:
                self.fault(
                    gettext_noop("calls %(day)s 周%(said)s, but it is 周%(found)s"),
                    day=day.isoformat(),
                    said=said[1],
                    found=WEEKDAYS[day.weekday()],
                )
            yield day

    def compare_count(self, sentence: str, off: list[date]) -> None:
        """Compare the number of days that the sentence gives with the days from first to last."""
        if not off:
            return
        days = (off[-1] - off[0]) // DAY + 1
        if len(off) > 2 or not 0 < days <= LONGEST_PERIOD:
            self.fault(gettext_noop("has days off that are no stretch from one day to another"))
        for stated in COUNT.findall(sentence):
            if int(stated) != days:
                words = gettext_noop("gives %(stated)s days off, but from first to last there are %(found)s")
                self.fault(words, stated=stated, found=str(days))

    def fault(self, words: str, **values: str) -> None:
        self.faults.append(Fault(self.name, words, values))


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The date, if there is such a day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
