from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.shape import enter, leave, require_text
from approvals.models import Decision, Verb
from approvals.procedure import return_targets
from audit_log.errors import InvalidInput
from evaluations.models import Evaluation


@transaction.atomic
def return_(
    *, evaluation: Evaluation, actor: User, opinion: str, to: str = "", is_demonstration: bool = False
) -> Decision:
    """Return the dossier with a reason, to the unit or to the step before.

    Opens a new round and keeps the old one. ``to`` is a stage; without it the
    dossier goes to the unit. Raises WrongStage, NotAllowed, ConflictOfInterest,
    and InvalidInput without a reason or with a stage that cannot be returned to.
    """
    entry = enter(evaluation, actor, Verb.RETURN)
    reason = require_text(
        opinion, "opinion", _("Say why you return it: the reader has to know what to change.")
    )
    targets = return_targets(entry.evaluation)
    target = to or targets[0]
    if target not in targets:
        raise InvalidInput.at(
            "to", _("The dossier cannot be returned to this stage."), expected=targets, found=to
        )
    return leave(
        entry, actor, Verb.RETURN, target, opinion=reason, new_round=True, is_demonstration=is_demonstration
    )
