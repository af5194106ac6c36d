"""The rows of next year's list."""

from __future__ import annotations

from typing import Any

from approvals.models import RectificationState
from workflow.next_year import state_now
from workflow.presentation.uses import TONES, now_named, use_words
from workflow.presentation.words import grade_label


def list_row(use: Any) -> dict[str, Any]:
    """One project, annotated by ``workflow.next_year.listed``."""
    state = state_now(use)
    return {
        "use": use,
        "evaluation": use.evaluation,
        "grade_label": grade_label(use.grade),
        "state": RectificationState(state).label,
        "words": use_words(use.use, use.percent),
        "tone": TONES[use.use],
        "now": now_named(use, state),
    }
