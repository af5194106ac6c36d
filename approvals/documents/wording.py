"""Words of a report that follow the language it is printed in, not the one it was made in."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext

from approvals.documents.report import Text
from evaluations.models import Grade
from evaluations.scoring import Explanation


def explained(explanation: Explanation) -> str:
    return explanation.text(gettext)


spoken = lazy(explained, str)


def grade_label(grade: str) -> Text:
    """The grade in words; "" while there is none."""
    return Grade(grade).label if grade else ""
