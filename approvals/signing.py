"""Whether a conclusion is final, or waits for somebody's signature."""

from __future__ import annotations

from approvals.procedure import steps_of
from evaluations.models import Evaluation, Stage


def waits_for_signature(evaluation: Evaluation) -> bool:
    """Whether the evaluation stands behind its conclusion and before its last signature."""
    if evaluation.concluded_total is None or evaluation.stage != Stage.CONCLUSION:
        return False
    concluding = (
        step.number
        for step in steps_of(evaluation)
        if step.stage == Stage.CONCLUSION and step.policy is not None and step.policy.work == "conclude"
    )
    return evaluation.step > next(concluding, evaluation.step)
