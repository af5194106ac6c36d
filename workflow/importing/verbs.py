"""The verbs on imports: hand in a file, have it filled in, drop it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit_log.errors import AlreadyHandled, InvalidInput, NotFound
from audit_log.record import record
from evaluations.dossier import DossierFaults
from evaluations.exchange.archive import MIB, MOST_BYTES, sha256_of
from evaluations.exchange.reading import kind_of
from evaluations.models import Campaign, Evaluation
from workflow.door import refusals_noted
from workflow.importing.access import dossiers_for, imports_of
from workflow.importing.jobs import fill_import, read_import
from workflow.importing.models import DossierImport, ImportedDossier

Status = DossierImport.Status
State = ImportedDossier.State


def chain_of_import(pk: int) -> str:
    """The name of an import's chain of events."""
    return f"import:{pk}"


def hand_in_file(
    *,
    actor: User,
    file: Any,
    name: str,
    campaign: Campaign | None = None,
    evaluation: Evaluation | None = None,
) -> DossierImport:
    """Keep a file and have it read in the job queue; nothing is filled in yet.

    The caller has checked that the campaign or the evaluation is the actor's. Raises
    InvalidInput at "file" for one that is empty, too large or plainly of another kind.
    """
    target: Campaign | Evaluation | None = campaign or evaluation
    assert target is not None
    with refusals_noted("hand_in_file", actor, target._meta.model_name or "", target.pk):
        content = required_content(file)
    wanted = DossierImport(
        actor=actor,
        campaign=campaign,
        evaluation=evaluation,
        language=get_language() or "zh-hans",
        name=PurePosixPath(name.replace("\\", "/")).name[-200:],
        digest=sha256_of(content),
    )
    return kept(wanted, content)


def kept(handed_in: DossierImport, content: bytes) -> DossierImport:
    """The file on the disk, its row with its event, and the job that reads it: all of them or none."""
    # The name on disk says nothing and cannot clash; the person's name is in the row.
    handed_in.file.save(handed_in.digest[:32], ContentFile(content), save=False)
    try:
        with transaction.atomic():
            handed_in.save(force_insert=True)
            record(
                chain=chain_of_import(handed_in.pk),
                verb="hand_in_file",
                actor=handed_in.actor,
                object=handed_in,
                data={"digest": handed_in.digest},
            )
            read_import.defer(import_id=handed_in.pk)
    except BaseException:
        handed_in.file.storage.delete(str(handed_in.file.name))
        raise
    return handed_in


def confirm_import(*, handed_in: DossierImport, actor: User, places: Collection[int]) -> DossierImport:
    """Have the chosen dossiers filled in, in the job queue.

    Raises NotFound for another person's, AlreadyHandled unless it waits for this word,
    InvalidInput for a dossier that cannot be chosen, or for none.
    """
    with refusals_noted("confirm_import", actor, "dossierimport", handed_in.pk), transaction.atomic():
        found = locked_import(handed_in, actor, Status.READY)
        chosen = chosen_at(dossiers_for(actor, found), places)
        for dossier in chosen:
            dossier.state = State.CHOSEN
            dossier.save(update_fields=["state"])
        found.status = Status.FILLING
        found.save(update_fields=["status"])
        record(
            chain=chain_of_import(found.pk),
            verb="confirm_import",
            actor=actor,
            object=found,
            data={"digests": [dossier.digest for dossier in chosen]},
        )
        fill_import.defer(import_id=found.pk)
    return found


def chosen_at(dossiers: QuerySet[ImportedDossier], places: Collection[int]) -> list[ImportedDossier]:
    """The dossiers at these places. Raises InvalidInput."""
    chosen = [dossier for dossier in dossiers if dossier.place in places]
    if not chosen:
        raise InvalidInput.at("places", _("Choose at least one dossier."))
    if len(chosen) < len(set(places)) or not all(dossier.may_be_chosen for dossier in chosen):
        raise InvalidInput.at("places", _("One of these dossiers cannot be filled in."))
    return chosen


def discard_import(*, handed_in: DossierImport, actor: User) -> DossierImport:
    """Fill nothing in, or nothing more; the file goes with the next clean-up.

    A job that is under way stops at its next file; what it has filled in stays.
    Raises NotFound, AlreadyHandled.
    """
    with refusals_noted("discard_import", actor, "dossierimport", handed_in.pk), transaction.atomic():
        found = locked_import(handed_in, actor, Status.READING, Status.READY, Status.FILLING)
        ImportedDossier.objects.filter(source=found, state=State.CHOSEN).update(state=State.PREVIEWED)
        found.status = Status.DISCARDED
        found.save(update_fields=["status"])
        record(chain=chain_of_import(found.pk), verb="discard_import", actor=actor, object=found)
    return found


def locked_import(handed_in: DossierImport, actor: User, *statuses: str) -> DossierImport:
    """The import under its lock, when it stands at one of these. Raises NotFound, AlreadyHandled."""
    own = imports_of(actor).select_for_update(of=("self",))
    found = own.filter(pk=handed_in.pk).first()
    if found is None:
        raise NotFound()
    if found.status not in statuses:
        raise AlreadyHandled(_("This import has been decided on already."), found=found.status)
    return found


def required_content(file: Any) -> bytes:
    """What the file holds, within bounds. Raises InvalidInput."""
    file.seek(0)
    content: bytes = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InvalidInput.at(
            "file", _("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // MIB}
        )
    try:
        kind_of(content)
    except DossierFaults as error:
        words = _("This file cannot be taken: it %(fault)s.")
        fault = error.faults[0]
        raise InvalidInput.at("file", words % {"fault": fault.text(translated)}) from None
    return content


def translated(message: str) -> str:
    return str(_(message))
