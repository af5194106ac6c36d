"""What a result is used for, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals.models import RectificationState, ResultUse, UseOfResult
from approvals.uses import may_change_use, rectification_of, table_of, use_on_record
from evaluations.models import Evaluation, Grade
from evaluations.policies.consequences import Consequence
from workflow import next_year
from workflow.presentation.figures import plain

TONES: dict[str, str] = {
    UseOfResult.SUPPORT: "green",
    UseOfResult.KEEP: "blue",
    UseOfResult.CUT: "amber",
    UseOfResult.CANCEL: "red",
    UseOfResult.HOLD: "amber",
}


def use_words(use: str, percent: Decimal | None) -> str:
    """The use, a cut with its percentage: "Cut back 20%"."""
    words = capfirst(str(UseOfResult(use).label))
    return words if percent is None else f"{words} {plain(percent)}%"


def words_of(consequence: Consequence) -> str:
    return use_words(consequence.use, consequence.percent)


def named_words(evaluation: Evaluation, grade: str) -> str:
    """What the table names for a grade and the items as they stand, and why."""
    if not grade:
        return _("The table names a use when the total lies between 0 and 100.")
    state = rectification_of(evaluation)
    return named_because(table_of(evaluation).named(grade, state), grade, state)


def named_because(named: Consequence, grade: str, state: str) -> str:
    """What the table names, with the cell that it stands in."""
    words = _("The table names: %(use)s (grade: %(grade)s; %(state)s).")
    return words % {
        "use": words_of(named),
        "grade": Grade(grade).label,
        "state": RectificationState(state).label,
    }


def now_named(use: ResultUse, state: str) -> str:
    """The use that the table names now, when that is another than it did and than was decided; else ""."""
    named = table_of(use.evaluation).named(use.grade, state)  # type: ignore[arg-type]
    return "" if named in (use.by_table, use.chosen) else words_of(named)


def use_card(evaluation: Evaluation, reader: Any) -> dict[str, Any] | None:
    """What the dossier shows of the use of its result; None before it is concluded."""
    use = use_on_record(evaluation)
    if use is None:
        return None
    use.evaluation = evaluation
    return {
        "use": use,
        "words": words_of(use.chosen),
        "tone": TONES[use.use],
        "because": named_because(use.by_table, use.grade, use.rectification),
        "now": now_named(use, rectification_of(evaluation)),
        "may_change": may_change_use(reader, evaluation),
        "has_list": next_year.may_read(reader),
    }
