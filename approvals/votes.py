"""How a decision at a step that asks several is called: a vote, not an approval."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.models import Decision, Verb
from approvals.procedure import step_of
from evaluations.models import Evaluation


def is_vote(evaluation: Evaluation, decision: Decision) -> bool:
    """Whether several were asked where this was decided, each with a vote."""
    step = step_of(evaluation, decision.stage, decision.step)
    return step is not None and step.policy is not None and step.policy.who != "any"


def verb_words(evaluation: Evaluation, decision: Decision) -> Any:
    """What was decided, in words: one of several who agree votes for it, and approves nothing alone."""
    if decision.verb == Verb.APPROVE and is_vote(evaluation, decision):
        return _("vote for")
    return Verb(decision.verb).label
