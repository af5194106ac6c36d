from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit_log import clock
from audit_log.errors import WrongStage
from audit_log.record import chain_of, record
from evaluations.models import Evidence


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, actor: User, on_behalf_of: int | None = None) -> Evidence:
    """Take a file out of the dossier; the file itself stays, for the record.

    The caller has checked that ``actor`` may act on the evaluation now, for whom, and that
    the present step may take this file out. Raises WrongStage when it was
    withdrawn already.
    """
    if evidence.withdrawn_at:
        raise WrongStage(_("This file was withdrawn already."))
    evidence.withdrawn_at = clock.now()
    evidence.save_as(actor, "withdraw")
    record(
        chain=chain_of(evidence.evaluation_id),
        verb="withdraw_evidence",
        actor=actor,
        object=evidence,
        on_behalf_of=on_behalf_of,
    )
    return evidence
