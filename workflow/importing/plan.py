"""Where one dossier of a file would go, and what it would do there; nothing is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import holders_of, rights_of
from accounts.models import Organization, User
from accounts.roles import Right
from approvals.procedure import step_at
from audit_log.errors import InvalidInput, JihengError, NotAllowed, NotFound, WrongStage
from audit_log.models import AuditEvent
from audit_log.record import chain_of
from evaluations.access import visible_to
from evaluations.actions import DossierChanges, last_filled
from evaluations.dossier import Dossier
from evaluations.exchange.changes import changes_from
from evaluations.exchange.merging import Difference, merge
from evaluations.models import Campaign, Evaluation, Kind, Project
from workflow.access import open_tasks_of
from workflow.importing.checking import faults_in
from workflow.importing.models import ImportedDossier
from workflow.models import FlowTask

Outcome = ImportedDossier.Outcome


@dataclass(frozen=True)
class Plan:
    """What a dossier would do: open an evaluation, fill one, or nothing, and why."""

    outcome: str
    changes: DossierChanges = field(default_factory=DossierChanges)
    campaign: Campaign | None = None
    evaluation: Evaluation | None = None
    project: Project | None = None
    new_project: Mapping[str, Any] | None = None
    title: str = ""
    """Of the evaluation that it opens; empty for the project's name."""
    differences: tuple[Difference, ...] = ()
    refusal: str = ""
    target: str = ""
    """The same for two files that would go to the same place."""
    seen: int | None = None
    as_runner: bool = False
    """Filled in by whoever runs the campaign, for a unit that has not begun."""


def plan_for(
    dossier: Dossier, *, actor: User, campaign: Campaign | None = None, evaluation: Evaluation | None = None
) -> Plan:
    """The plan for one dossier; a refusal is a plan too, with its reason."""
    try:
        require_self_assessment(dossier)
        if evaluation is None:
            return checked(planned_by_name(dossier, actor, campaign))
        require_year(dossier, evaluation.fiscal_year)
        return checked(planned_at(dossier, actor, evaluation, campaign))
    except JihengError as error:
        return Plan(Outcome.REFUSED, refusal=str(error), evaluation=evaluation)


def checked(plan: Plan) -> Plan:
    """The plan, refused with every fault when filling it in would be: nobody is promised what fails."""
    place = plan.evaluation or plan.campaign
    if plan.outcome == Outcome.UNCHANGED or place is None:
        return plan
    faults = faults_in(plan.changes, place.scheme, title=plan.title, new_project=plan.new_project)
    if not faults:
        return plan
    refusal = "\n".join([_("Some fields cannot be taken:"), *faults])
    # What is refused goes nowhere: another file may.
    return replace(plan, outcome=Outcome.REFUSED, refusal=refusal, target="")


def planned_by_name(dossier: Dossier, actor: User, campaign: Campaign | None) -> Plan:
    """The plan for a dossier that says itself whose it is. Raises NotFound, InvalidInput and the rest."""
    if campaign is None:
        return planned_at(dossier, actor, evaluation_named(dossier, actor), None)
    require_year(dossier, campaign.fiscal_year)
    if campaign.kind != Kind.SELF:
        raise InvalidInput(_("Only campaigns of unit self-assessments take files."))
    unit = unit_named(dossier.project.unit, campaign.organizer)
    project = project_named(dossier, unit)
    existing = Evaluation.objects.filter(project=project, kind=Kind.SELF).first() if project else None
    if existing is not None:
        return planned_at(dossier, actor, whole(existing.pk), campaign)
    if not rights_of(actor).holds(Right.RUN_EVALUATION, campaign.organizer_id):
        raise NotAllowed(_("You do not run evaluations of this unit."))
    return Plan(
        Outcome.CREATE,
        changes=changes_from(dossier),
        campaign=campaign,
        project=project,
        title=dossier.evaluation.title or "",
        new_project=None if project else facts_of_project(dossier, unit),
        target=f"{unit.pk}:{dossier.project.fiscal_year}:{fingerprint(dossier.project.name)}",
    )


def planned_at(dossier: Dossier, actor: User, evaluation: Evaluation, campaign: Campaign | None) -> Plan:
    """The plan for a dossier that goes into an evaluation. Raises WrongStage, NotAllowed."""
    merged = merge(evaluation, changes_from(dossier))
    details: dict[str, Any] = {
        "evaluation": evaluation,
        "project": evaluation.project,
        "target": f"evaluation:{evaluation.pk}",
        "seen": last_filled(evaluation),
    }
    if not merged.differences:
        return Plan(Outcome.UNCHANGED, **details)
    as_runner = require_open_for(actor, evaluation, campaign)
    return Plan(
        Outcome.OVERWRITE if merged.overwrites else Outcome.FILL,
        changes=merged.changes,
        campaign=campaign,
        differences=merged.differences,
        as_runner=as_runner,
        **details,
    )


def require_open_for(actor: User, evaluation: Evaluation, campaign: Campaign | None) -> bool:
    """Whether the actor fills in as the campaign's runner; False for the unit's own people.

    Raises WrongStage when the dossier is no longer in the unit's hands, NotAllowed
    when it is, but not in the actor's.
    """
    step = step_at(evaluation)
    if step is None or step.right is None or not step.fills or evaluation.kind != Kind.SELF:
        raise WrongStage(
            _("The dossier is no longer in the unit's hands (%(stage)s): nothing of it is overwritten.")
            % {"stage": evaluation.get_stage_display()},
            found=evaluation.stage,
        )
    rights = rights_of(actor)
    task = open_task_of(evaluation)
    if rights.holds(step.right, step.organization_id(evaluation)) and task.owner_id in (None, actor.pk):
        return False
    is_runner = campaign is not None and rights.holds(Right.RUN_EVALUATION, campaign.organizer_id)
    is_theirs = is_runner and campaign is not None and evaluation.campaign_id == campaign.pk
    if not is_theirs:
        raise NotAllowed(_("This dossier is not yours to fill in: it belongs to its project lead."))
    if unit_has_begun(evaluation):
        raise NotAllowed(
            _("The unit has begun to fill in this dossier: only its project lead changes it now.")
        )
    return True


def unit_has_begun(evaluation: Evaluation) -> bool:
    """Whether somebody of the unit has filled in anything."""
    filled = AuditEvent.objects.filter(chain=chain_of(evaluation.pk), verb="fill_dossier")
    leads = holders_of(Right.FILL_SELF_ASSESSMENT, evaluation.unit_id)
    return filled.filter(actor_id__in=leads.values("pk")).exists()


def open_task_of(evaluation: Evaluation) -> FlowTask:
    """The step at which the unit fills in."""
    return open_tasks_of(evaluation.pk).get(item=None)


def require_self_assessment(dossier: Dossier) -> None:
    """Raises InvalidInput for an evaluation that a unit does not fill in."""
    if dossier.evaluation.kind != Kind.SELF:
        raise InvalidInput(
            _("Only unit self-assessments are taken from files; this is a %(kind)s.")
            % {"kind": Kind(dossier.evaluation.kind).label}
        )


def require_year(dossier: Dossier, year: int) -> None:
    """Raises InvalidInput for a dossier of another year."""
    if dossier.project.fiscal_year != year:
        raise InvalidInput(
            _("The file is about the fiscal year %(found)s, not %(expected)s.")
            % {"found": dossier.project.fiscal_year, "expected": year}
        )


def evaluation_named(dossier: Dossier, actor: User) -> Evaluation:
    """The self-evaluation with this project, unit and year that the actor sees. Raises NotFound."""
    facts = dossier.project
    candidates = visible_to(actor).filter(kind=Kind.SELF, fiscal_year=facts.fiscal_year)
    related = candidates.filter(unit__name=facts.unit).select_related("project", "unit")
    found = named(related, facts.name, lambda evaluation: evaluation.project.name)
    if found is None:
        raise NotFound(
            _("You have no evaluation of “%(project)s” (%(unit)s, %(year)s).")
            % {"project": facts.name, "unit": facts.unit, "year": facts.fiscal_year}
        )
    return whole(found.pk)


def whole(pk: int) -> Evaluation:
    """The evaluation with what comparing and filling it read."""
    return Evaluation.objects.select_related("project", "scheme", "unit", "department", "budget").get(pk=pk)


def unit_named(name: str, organizer: Organization) -> Organization:
    """The budget unit of this name below the organizer. Raises NotFound."""
    below = Organization.objects.filter(kind=Organization.Kind.UNIT).select_related("parent__parent")
    units = below.filter(parent=organizer) | below.filter(parent__parent=organizer)
    exact = units.filter(name=name).first()
    found = exact or named(units, name, lambda unit: unit.name)
    if found is None:
        raise NotFound(
            _("There is no unit “%(unit)s” below %(organizer)s.") % {"unit": name, "organizer": organizer}
        )
    return found


def project_named(dossier: Dossier, unit: Organization) -> Project | None:
    """The unit's project of this name and year."""
    projects = Project.objects.filter(unit=unit, fiscal_year=dossier.project.fiscal_year)
    projects = projects.select_related("unit__parent", "lead")
    return named(projects, dossier.project.name, lambda project: project.name)


def facts_of_project(dossier: Dossier, unit: Organization) -> dict[str, Any]:
    """What a project that nobody has entered yet is entered with. Raises InvalidInput without one lead."""
    leads = list(holders_of(Right.FILL_SELF_ASSESSMENT, unit.pk)[:2])
    if len(leads) != 1:
        raise InvalidInput(
            _("The project is not entered yet, and %(unit)s has %(count)s: enter the project first.")
            % {"unit": unit, "count": _("several project leads") if leads else _("no project lead")}
        )
    facts = dossier.project
    return {
        "unit": unit,
        "lead": leads[0],
        "name": facts.name,
        "fiscal_year": facts.fiscal_year,
        "region": facts.region or "",
        "code": f"{unit.code}-{facts.fiscal_year}-{fingerprint(facts.name)}",
    }


def named(rows: Iterable[Any], name: str, name_of: Any) -> Any:
    """The first row of this name, width and spaces of letters left aside."""
    wanted = plain(name)
    return next((row for row in rows if plain(name_of(row)) == wanted), None)


def plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def fingerprint(name: str) -> str:
    """A few letters that stand for a name."""
    return sha256(plain(name).encode()).hexdigest()[:8]
