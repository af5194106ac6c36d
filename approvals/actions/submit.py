from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.entering import enter
from approvals.actions.gate import (
    NOTHING_SAID,
    Explanations,
    for_the_event,
    has_error,
    keep_findings,
    require_all,
    require_explained,
)
from approvals.actions.moving import pass_on
from approvals.actions.turn_finding import keep_answers, require_answers
from approvals.actions.voices import OWN, Capacity
from approvals.findings import findings_now
from approvals.models import Decision, Verb
from audit_log.errors import InvalidInput
from evaluations.actions import seal_content
from evaluations.models import Evaluation, Indicator


@transaction.atomic
def submit(
    *,
    evaluation: Evaluation,
    actor: User,
    opinion: str = "",
    explanations: Explanations = NOTHING_SAID,
    answers: Mapping[int, str] | None = None,
    is_demonstration: bool = False,
    capacity: Capacity = OWN,
) -> Decision:
    """Hand the self-assessment in for review, with what the checks find in it.

    Raises WrongStage, NotAllowed, and InvalidInput when an indicator lacks its
    target, its actual, or (where it has a weight) its score, when an error of the
    checks has no reason, when their warnings are not acknowledged, and when a
    reviewer's question (``answers``, by its id) has no answer: all of it at once.
    """
    entry = enter(evaluation, actor, Verb.SUBMIT, capacity)
    evaluation = entry.evaluation
    indicators = list(evaluation.indicators.prefetch_related("scores"))
    found = findings_now(evaluation)
    require_all(
        lambda: require_complete(indicators),
        lambda: require_answers(evaluation, answers or {}),
        lambda: require_explained(found, explanations),
    )
    answered = require_answers(evaluation, answers or {})
    evaluation.content_digest = seal_content(evaluation, indicators)
    decision = pass_on(
        entry,
        actor,
        Verb.SUBMIT,
        has_error=has_error(found),
        opinion=opinion,
        total=evaluation.stated_total,
        is_demonstration=is_demonstration,
        data={"findings": for_the_event(found, explanations)},
    )
    keep_findings(decision, found, explanations)
    keep_answers(decision, answered, actor)
    return decision


def require_complete(indicators: list[Indicator]) -> None:
    """Every indicator says what was aimed at and what was reached.

    Raises InvalidInput with one message at each missing field.
    """
    if not indicators:
        raise InvalidInput.at("indicators", _("Add at least one indicator before you submit."))
    missing: dict[str, list[Any]] = {}
    for position, indicator in enumerate(indicators):
        for field, message in lacks(indicator):
            missing[f"indicators-{position}-{field}"] = [message % {"name": indicator.name}]
    if missing:
        raise InvalidInput(_("Some indicators are not complete."), fields=missing)


def lacks(indicator: Indicator) -> list[tuple[str, Any]]:
    """The fields that this indicator still needs, each with what to say."""
    found = []
    if indicator.target_value is None and not indicator.target_text:
        found.append(("target_text", _("Enter the target of “%(name)s”.")))
    if indicator.actual_value is None and not indicator.actual_text:
        found.append(("actual_text", _("Enter the actual result of “%(name)s”.")))
    scored = any(score.source == "stated" for score in indicator.scores.all())
    if indicator.weight is not None and not scored:
        found.append(("score", _("Enter the score of “%(name)s”.")))
    return found
