"""Reading and filling in, in the job queue: a killed worker's job runs again and loses nothing."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from audit_log import clock, origin
from audit_log.errors import Busy, JihengError
from evaluations.actions import DossierChanges
from evaluations.dossier import DossierFaults
from evaluations.exchange.archive import sha256_of
from evaluations.exchange.reading import Read, how_many, read_all
from workflow.door import is_lock_conflict
from workflow.importing.checking import labelled
from workflow.importing.filling import carry_out
from workflow.importing.models import DossierImport, ImportedDossier
from workflow.importing.plan import Plan, plan_for
from workflow.importing.preview import details_of

logger = logging.getLogger(__name__)
Status = DossierImport.Status
State = ImportedDossier.State
Outcome = ImportedDossier.Outcome
FOLDER = "imports"
# Each time a lock is waited for as long as the database is told to (config.settings).
TRIES = 3
# A file without a row may belong to a transaction that is not committed yet.
ORPHAN_AFTER = timedelta(days=1)


@app.task(queue="imports", retry=RetryStrategy(max_attempts=3, wait=10))
def read_import(*, import_id: int) -> str:
    """Read every dossier of the file and plan what it would do. Goes on where it broke off."""
    handed_in = DossierImport.objects.select_related("actor", "campaign__organizer", "evaluation").get(
        pk=import_id
    )
    if handed_in.status != Status.READING:
        return handed_in.status
    with translation.override(handed_in.language):
        try:
            preview_all(handed_in)
        except DossierFaults as error:
            handed_in.error = "; ".join(fault.text(_) for fault in error.faults)
            return ended(handed_in, Status.FAILED)
        except Exception:
            logger.exception("Import %s could not be read.", handed_in.pk)
            handed_in.error = unforeseen()
            return ended(handed_in, Status.FAILED)
    return ended(handed_in, Status.READY)


def preview_all(handed_in: DossierImport) -> None:
    """A row for every file; each is kept at once, so that the page sees how far it is."""
    with handed_in.file.open("rb") as file:
        content = file.read()
    handed_in.total = how_many(content)
    handed_in.save(update_fields=["total"])
    known = {row.place: row.target for row in handed_in.dossiers.all()}
    for place, read in enumerate(read_all(handed_in.name, content)):
        if was_dropped(handed_in):
            return
        if place not in known:
            row = previewed(handed_in, place, read, {target for target in known.values() if target})
            known[place] = row.target


def was_dropped(handed_in: DossierImport) -> bool:
    """Whether its owner has dropped the import since the job began."""
    return not DossierImport.objects.filter(pk=handed_in.pk, status=handed_in.status).exists()


def previewed(handed_in: DossierImport, place: int, read: Read, taken: set[str]) -> ImportedDossier:
    """The row of one file of the import."""
    plan = planned(handed_in, read)
    if plan is not None and plan.target in taken and plan.outcome != Outcome.UNCHANGED:
        plan = Plan(Outcome.REFUSED, refusal=_("Another file of this import goes to the same place."))
    evaluation = plan.evaluation if plan else None
    campaign = handed_in.campaign
    scheme = evaluation.scheme if evaluation else campaign.scheme if campaign else None
    row = ImportedDossier(
        source=handed_in,
        place=place,
        name=read.name,
        digest=sha256_of(read.content),
        outcome=plan.outcome if plan else Outcome.REFUSED,
        target=plan.target if plan else "",
        evaluation=evaluation,
        seen=plan.seen if plan else None,
        details=details_of(read, plan, scheme),
        message=plan.refusal if plan else _("This file is no dossier."),
    )
    row.save(force_insert=True)
    return row


def planned(handed_in: DossierImport, read: Read) -> Plan | None:
    """What the dossier would do now; None for a file that is none."""
    if read.understanding is None:
        return None
    return plan_for(
        read.understanding.dossier,
        actor=handed_in.actor,
        campaign=handed_in.campaign,
        evaluation=handed_in.evaluation,
    )


@app.task(queue="imports", retry=RetryStrategy(max_attempts=3, wait=10))
def fill_import(*, import_id: int) -> str:
    """Fill in the chosen dossiers, each with its mark in one transaction: twice is once."""
    handed_in = DossierImport.objects.select_related("actor", "campaign__organizer", "evaluation").get(
        pk=import_id
    )
    if handed_in.status != Status.FILLING:
        return handed_in.status
    with translation.override(handed_in.language), origin.coming_from(f"import {handed_in.pk}"):
        try:
            fill_chosen(handed_in)
        except Exception:
            logger.exception("Import %s could not be filled in to its end.", handed_in.pk)
            refuse_waiting(handed_in)
    return ended(handed_in, Status.DONE)


def fill_chosen(handed_in: DossierImport) -> None:
    """Fill in what was chosen, one after the other, unless the import is dropped meanwhile.

    A dossier that somebody is working on comes again after the others.
    """
    with handed_in.file.open("rb") as file:
        content = file.read()
    for tries_left in reversed(range(TRIES)):
        waiting = set(handed_in.dossiers.filter(state=State.CHOSEN).values_list("place", flat=True))
        if not waiting:
            return
        for place, read in enumerate(read_all(handed_in.name, content)):
            if was_dropped(handed_in):
                return
            if place in waiting:
                fill_one(handed_in, place, read, comes_again=tries_left > 0)


def fill_one(handed_in: DossierImport, place: int, read: Read, *, comes_again: bool) -> None:
    """One dossier; what nobody foresaw is logged, said in its row, and stops no other."""
    try:
        fill_or_refuse(handed_in, place, read)
    except Exception as error:
        if not is_busy(error):
            logger.exception("File %s of import %s could not be filled in.", place, handed_in.pk)
            refuse_waiting(handed_in, place=place)
        elif not comes_again:
            refuse_waiting(handed_in, str(error) if isinstance(error, Busy) else "", place=place)


def is_busy(error: Exception) -> bool:
    """Whether somebody else holds the dossier, or its row, at this moment."""
    return isinstance(error, Busy) or is_lock_conflict(error)


@transaction.atomic
def fill_or_refuse(handed_in: DossierImport, place: int, read: Read) -> None:
    """One dossier and the mark that it is done: both, or neither.

    What was refused is rolled back alone and said in the row. Raises Busy.
    """
    row = ImportedDossier.objects.select_for_update(of=("self",)).get(source=handed_in, place=place)
    if row.state != State.CHOSEN:
        return
    plan = planned(handed_in, read)
    try:
        row.evaluation = carry_out(as_previewed(row, plan), handed_in.actor)
        row.state, row.message = State.DONE, ""
    except Busy:
        raise
    except JihengError as error:
        changes = plan.changes if plan else DossierChanges()
        row.state, row.message = State.REFUSED, words_of(error, changes)
    row.save(update_fields=["state", "message", "evaluation"])


def refuse_waiting(handed_in: DossierImport, words: str = "", **which: int) -> None:
    """Say in the rows that still wait that nothing became of them, and why if that is known."""
    ImportedDossier.objects.filter(source=handed_in, state=State.CHOSEN, **which).update(
        state=State.REFUSED, message=words or unforeseen()
    )


def unforeseen() -> str:
    """What a person is told of an error that only the log explains."""
    return _(
        "The program failed at this file, and nothing of it was filled in. "
        "The error is in the log: please tell whoever looks after the system."
    )


def as_previewed(row: ImportedDossier, plan: Plan | None) -> Plan:
    """The plan, when it is still the one that the person saw and agreed to.

    Raises JihengError otherwise: nobody overwrites what they have not been shown.
    """
    if plan is None or plan.outcome == Outcome.REFUSED:
        raise JihengError(plan.refusal if plan else _("This file is no dossier."))
    if (plan.outcome, plan.target, plan.seen) != (row.outcome, row.target, row.seen):
        raise JihengError(
            _("The dossier was changed after the preview: hand in the file again to see what it does now.")
        )
    return plan


def words_of(error: JihengError, changes: DossierChanges) -> str:
    """The refusal of these changes with the words at its fields."""
    fields = getattr(error, "fields", {})
    faults = [(name, str(fault)) for name, faults in fields.items() for fault in faults]
    return "\n".join([str(error), *labelled(faults, changes)])


def ended(handed_in: DossierImport, status: str) -> str:
    """Write how it ended, unless it has gone on meanwhile; the status that it has now.

    A worker that was thought dead comes late: it must not take back what a second one
    did, or what the owner decided on that.
    """
    finished_at = None if status == Status.READY else clock.now()
    DossierImport.objects.filter(pk=handed_in.pk, status=handed_in.status).update(
        status=status, error=handed_in.error, finished_at=finished_at
    )
    handed_in.refresh_from_db(fields=["status", "error", "finished_at"])
    return handed_in.status


@app.periodic(cron="17 3 * * *")
@app.task(queue="upkeep", queueing_lock="clean_up_imports")
def clean_up_imports(timestamp: int) -> int:
    """Remove imports with their files when their time is over, and files that no row knows."""
    oldest = clock.now() - timedelta(days=settings.IMPORT_KEEP_DAYS)
    gone = DossierImport.objects.filter(created_at__lt=oldest)
    count = gone.count()
    for handed_in in gone.iterator():
        handed_in.file.storage.delete(str(handed_in.file.name))
        handed_in.delete()
    remove_orphans()
    return count


def remove_orphans() -> None:
    """Delete stored files whose hand-in was cut off before its row was written."""
    known = set(DossierImport.objects.values_list("file", flat=True))
    for name in stored_files(FOLDER):
        is_old = clock.now() - default_storage.get_modified_time(name) > ORPHAN_AFTER
        if name not in known and is_old:
            default_storage.delete(name)


def stored_files(folder: str) -> list[str]:
    """Every file below a folder of the storage."""
    if not default_storage.exists(folder):
        return []
    folders, files = default_storage.listdir(folder)
    below = [name for inner in folders for name in stored_files(str(PurePosixPath(folder, inner)))]
    return [str(PurePosixPath(folder, name)) for name in files] + below
