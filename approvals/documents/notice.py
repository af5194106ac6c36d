"""What a notice of result and rectification says, as plain data: no database, no settings, no clock.

Points are out of 100, amounts in 万元. ``letter`` turns it into words, once for PDF and Word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from approvals.documents.report import Figure, Text


@dataclass(frozen=True, kw_only=True)
class NoticeItem:
    """One requirement, as it was issued: ``due`` is the first due date, which never changes."""

    number: str
    requirement: str
    kind: Text
    responsible_unit: str
    due: date
    assisting: tuple[str, ...] = ()
    problem: Text = ""
    amount: Figure = None


@dataclass(frozen=True, kw_only=True)
class NoticeReceipt:
    """The receipt of one unit: who signed it when, both empty until somebody has."""

    unit: str
    signed_by: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeContents:
    """Everything that a notice, or a letter of feedback without items, prints.

    ``total`` and ``grade`` are there only when the evaluation is concluded; ``measures_days`` are
    calendar days from the receipt.
    """

    issuer: str
    year: int
    number: int
    issued_on: date
    addressee: str
    project_name: str
    fiscal_year: int
    evaluation_number: str
    report_title: str
    copies: str = ""
    basis: str = ""
    total: Figure = None
    grade: Text = ""
    conclusion: str = ""
    problems: tuple[Text, ...] = ()
    items: tuple[NoticeItem, ...] = ()
    measures_days: int | None = None
    report_due: date | None = None
    contact: str = ""
    telephone: str = ""
    receipts: tuple[NoticeReceipt, ...] = ()
    is_demonstration: bool = False
    demonstration_note: str = ""

    @property
    def document_number(self) -> str:
        return document_number(self.issuer, self.year, self.number)


def document_number(issuer: str, year: int | None, number: int | None) -> str:
    """Office, year and number, as an official document carries them (GB/T 9704); "" before it has any."""
    return f"{issuer}〔{year}〕{number}号" if year and number else ""
