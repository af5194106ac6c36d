from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit_log import origin
from audit_log.errors import JihengError, NotFound
from audit_log.models import AuditEvent
from evaluations.dossier import Dossier, DossierFaults
from evaluations.exchange.reading import Read, read_all, read_file
from evaluations.exchange.verdict import plain
from evaluations.models import Campaign, Evaluation, Kind
from workflow.importing.filling import carry_out
from workflow.importing.jobs import words_of
from workflow.importing.models import ImportedDossier
from workflow.importing.plan import Plan, named, plan_for
from workflow.importing.preview import details_of, findings_text

Outcome = ImportedDossier.Outcome
REFUSED, UNREADABLE = 1, 2
DESCRIPTION = """\
Take dossiers from files: dossier/1 (JSON), the official form (.xlsx), or a .zip of many.

With --campaign a dossier whose project has no evaluation yet opens one in it; without, a
dossier goes into the evaluation of its project, unit and year. What would be done is told
for each file; --dry-run stops there. Each dossier is filled in whole or not at all, and a
file that changes nothing leaves no trace.

It acts in the name of --user, else of whoever prepared the campaign, else of the project's
lead; that person must hold the right to do it.

Exit status: 0 everything was taken or is there already; 1 a dossier was refused; 2 a file
could not be read."""


class Command(BaseCommand):
    help = DESCRIPTION

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(*args, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--campaign", help="number or name of the campaign that the dossiers belong to")
        parser.add_argument("--user", help="user name of the person in whose name it is done")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done, and do nothing")
        parser.add_argument("--overwrite", action="store_true", help="also change what was entered before")
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans")

    def handle(self, *args: Any, **options: Any) -> None:
        self.options, self.status = options, 0
        with translation.override(options["language"]), origin.coming_from("command import_dossier"):
            try:
                self.campaign = campaign_called(options["campaign"]) if options["campaign"] else None
                self.actor = self.acting_person()
            except JihengError as error:
                self.stderr.write(plain(str(error)))
                sys.exit(UNREADABLE)
            for path in options["files"]:
                for read in self.reads(path):
                    self.take(read)
        if self.status:
            sys.exit(self.status)

    def acting_person(self) -> User | None:
        """In whose name it is done; None leaves it to each project's lead."""
        if self.options["user"]:
            found = User.objects.filter(username=self.options["user"], is_active=True).first()
            if found is None:
                raise NotFound(_("There is no user “%(name)s”.") % {"name": self.options["user"]})
            return found
        return preparer_of(self.campaign) if self.campaign else None

    def reads(self, path: Path) -> Iterator[Read]:
        """The dossiers of one file; what cannot be opened is told."""
        try:
            yield from read_all(path.name, read_file(path))
        except DossierFaults as error:
            yield Read(str(path), b"", faults=error.faults)

    def take(self, read: Read) -> None:
        """Tell what the dossier would do, and do it."""
        if read.understanding is None:
            for fault in read.faults:
                parts = (read.name, fault.path, fault.text(_))
                self.stderr.write(plain(": ".join(part for part in parts if part)))
            self.status = UNREADABLE
            return
        plan = self.planned(read.understanding.dossier)
        self.tell(read, plan)
        if plan.outcome == Outcome.REFUSED:
            self.refuse(plan.refusal)
        elif plan.outcome == Outcome.OVERWRITE and not self.options["overwrite"]:
            self.refuse(_("Nothing was done: --overwrite changes what was entered before."))
        elif not self.options["dry_run"] and plan.outcome != Outcome.UNCHANGED:
            self.carry_out(plan)

    def planned(self, dossier: Dossier) -> Plan:
        """The plan, in the name of the person or of the project's lead."""
        if self.actor is not None:
            return plan_for(dossier, actor=self.actor, campaign=self.campaign)
        evaluation = evaluation_of(dossier)
        if evaluation is None or evaluation.project.lead is None:
            refusal = _("No evaluation of this project, unit and year: name the campaign with --campaign.")
            return Plan(Outcome.REFUSED, refusal=refusal)
        return plan_for(dossier, actor=evaluation.project.lead, evaluation=evaluation)

    def tell(self, read: Read, plan: Plan) -> None:
        """What was understood and what it would do, row by row."""
        scheme = self.campaign.scheme if self.campaign else None
        details = details_of(read, plan, plan.evaluation.scheme if plan.evaluation else scheme)
        words = {**details, "findings": findings_text(details["findings"])}
        self.stdout.write(plain(f"{read.name}: {Outcome(plan.outcome).label}"))
        facts = _("%(project)s · %(unit)s · %(year)s · %(indicators)s indicators · %(findings)s")
        self.stdout.write(plain("  " + facts % words))
        if details["new_project"]:
            self.stdout.write("  " + _("The project is entered with it."))
        for remark in details["remarks"]:
            found = f" “{remark['found']}”" if remark["found"] else ""
            self.stdout.write(plain(f"  {remark['place']}{found}: {remark['text']}"))
        for row in details["differences"]:
            self.stdout.write(plain(f"  {row['label']}: {row['before'] or '—'} → {row['after'] or '—'}"))

    def carry_out(self, plan: Plan) -> None:
        """Fill in one dossier, whole or not at all."""
        lead = plan.project.lead if plan.project else None
        actor = self.actor or lead
        assert actor is not None
        try:
            evaluation = carry_out(plan, actor)
        except JihengError as error:
            self.refuse(words_of(error, plan.changes))
        else:
            words = _("Done: %(evaluation)s, in the name of %(person)s.")
            self.stdout.write(plain("  " + words % {"evaluation": evaluation, "person": actor}))

    def refuse(self, words: str) -> None:
        self.status = max(self.status, REFUSED)
        for line in words.splitlines():
            self.stdout.write(plain(f"  {line}"))


def campaign_called(name: str) -> Campaign:
    """The campaign by its number or its name. Raises NotFound, also when several have the name."""
    campaigns = Campaign.objects.select_related("organizer", "scheme")
    by_number = campaigns.filter(pk=int(name)) if name.isdecimal() and len(name) < 10 else campaigns.none()
    found = list(by_number or campaigns.filter(name=name)[:2])
    if len(found) != 1:
        known = ", ".join(f"{row.pk} {row}" for row in (found or campaigns[:20]))
        raise NotFound(
            _("“%(name)s” is not one campaign. There are: %(known)s") % {"name": name, "known": known}
        )
    return found[0]


def preparer_of(campaign: Campaign) -> User:
    """Who prepared the campaign. Raises NotFound when that person has left."""
    event = AuditEvent.objects.filter(chain=f"campaign:{campaign.pk}", verb="create_campaign").first()
    found = User.objects.filter(pk=event.actor_id, is_active=True).first() if event else None
    if found is None:
        raise NotFound(_("Say in whose name it is done: --user."))
    return found


def evaluation_of(dossier: Dossier) -> Evaluation | None:
    """The self-evaluation of the dossier's project, unit and year."""
    facts = dossier.project
    candidates = Evaluation.objects.filter(
        kind=Kind.SELF, fiscal_year=facts.fiscal_year, unit__name=facts.unit
    ).select_related("project__lead", "scheme", "unit", "department", "budget")
    found: Evaluation | None = named(candidates, facts.name, lambda evaluation: evaluation.project.name)
    return found
