"""The door for moving an evaluation to another scheme or framework: act, tell the unit, note refusals."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from evaluations.actions.migrate import migrate_framework, migrate_scheme
from evaluations.models import Evaluation, Framework, Scheme
from notices import messages
from notices.jobs import announce
from workflow.door import refusals_noted


def move(
    *, actor: User, evaluation: Evaluation, to: Scheme | Framework, reason: str, seen: int | None = None
) -> Evaluation:
    """Move and tell the project lead. Raises NotAllowed, WrongStage, Outdated, InvalidInput."""
    verb = "migrate_scheme" if isinstance(to, Scheme) else "migrate_framework"
    with refusals_noted(verb, actor, "evaluation", evaluation.pk), transaction.atomic():
        common = {"actor": actor, "evaluation": evaluation, "reason": reason, "seen": seen}
        if isinstance(to, Scheme):
            moved = migrate_scheme(scheme=to, **common)  # type: ignore[arg-type]
        else:
            moved = migrate_framework(framework=to, **common)  # type: ignore[arg-type]
        announce(
            message=messages.MOVED,
            values={"project": moved.project.name, "to": str(to), "reason": reason.strip()[:200]},
            path=f"/evaluations/{moved.pk}/history/",
            source=f"{verb}:{moved.pk}:{to.pk}",
            owner_id=moved.project.lead_id,
        )
    return moved
