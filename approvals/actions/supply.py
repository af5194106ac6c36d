from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.shape import enter, leave, require_text
from approvals.models import Decision, Verb
from approvals.procedure import stage_after
from audit_log.errors import WrongStage
from evaluations.actions import seal_content
from evaluations.models import Evaluation


@transaction.atomic
def supply(*, evaluation: Evaluation, actor: User, opinion: str, is_demonstration: bool = False) -> Decision:
    """The unit supplies the material that the notice lists; it never states a score.

    Raises WrongStage (also while no expert is seated), NotAllowed, and
    InvalidInput without a covering note.
    """
    entry = enter(evaluation, actor, Verb.SUPPLY)
    evaluation = entry.evaluation
    note = require_text(opinion, "opinion", _("Say which material you supply."))
    if not evaluation.seats.exists():
        raise WrongStage(
            _("No expert is seated yet: the evaluation's office has to seat at least one first.")
        )
    evaluation.content_digest = seal_content(evaluation)
    return leave(
        entry, actor, Verb.SUPPLY, stage_after(evaluation), opinion=note, is_demonstration=is_demonstration
    )
