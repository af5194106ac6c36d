"""The working-day calendar: Monday to Friday, less the days off, plus the weekend days worked for them.

``counting`` counts and knows neither rows nor clock, ``in_force`` reads the rows, ``reading``
reads what an administrator hands in, ``shipped`` what came with the product.
"""

from evaluations.calendar.counting import Calendar
from evaluations.calendar.in_force import (
    calendar_as_stored,
    calendar_in_force,
    end_of_deadline,
    term_from,
    working_day_after,
    working_days_before,
)

__all__ = [
    "Calendar",
    "calendar_as_stored",
    "calendar_in_force",
    "end_of_deadline",
    "term_from",
    "working_day_after",
    "working_days_before",
]
