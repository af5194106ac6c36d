"""Figures that cannot be scored, refused with what was found and in which field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evaluations.strict_json import gettext_noop

REFUSALS: Mapping[str, str] = {
    "weight-negative": gettext_noop("The weight of %(subject)s is %(found)s: it cannot be negative."),
    "weight-over-100": gettext_noop("The weight of %(subject)s is %(found)s: it cannot be over 100."),
    "not-finite": gettext_noop("%(subject)s has a figure that is no number: %(found)s."),
    "unknown-choice": gettext_noop("%(subject)s has “%(found)s” where only %(choices)s may stand."),
    "target-zero": gettext_noop(
        "The target of %(subject)s is zero, yet more is better: nothing could be missed."
    ),
    "rule-invalid": gettext_noop("The rule of %(subject)s cannot be read: %(fault)s."),
    "rule-direction": gettext_noop(
        "The rule of %(subject)s rewards more, yet less is better (or the reverse)."
    ),
    "rule-over-weight": gettext_noop(
        "The rule of %(subject)s gives %(found)s points, more than its weight %(weight)s."
    ),
    "points-out-of-range": gettext_noop(
        "An expert gave %(found)s points for %(subject)s, outside 0 to %(weight)s."
    ),
    "amount-negative": gettext_noop("The amount %(found)s cannot be negative."),
    "total-out-of-range": gettext_noop("A total of %(found)s is outside 0 to 100: it has no grade."),
}


class ScoringError(ValueError):
    """Figures that no rule may score.

    ``code`` is a key of REFUSALS, ``field`` the name of the figure's field,
    ``values`` what fills the message (always texts; "subject" is the indicator).
    """

    def __init__(self, code: str, field: str, **values: str) -> None:
        self.code = code
        self.field = field
        self.values = values
        super().__init__(self.text())

    @property
    def words(self) -> str:
        """The message id, with named placeholders."""
        return REFUSALS[self.code]

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The message in the language that ``translate`` gives."""
        return translate(self.words) % self.values
