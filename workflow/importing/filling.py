"""Carrying out a plan: through the one door, in one transaction for each dossier."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.shape import locked, standing_of
from audit_log.errors import NotAllowed, Outdated, WrongStage
from evaluations.actions import DossierChanges, fill_dossier
from evaluations.models import Campaign, Evaluation, Stage
from workflow import services
from workflow.door import open_task_under_lock, refusals_noted
from workflow.flows import JihengFlow
from workflow.importing.models import ImportedDossier
from workflow.importing.plan import Plan, open_task_of, unit_has_begun

Outcome = ImportedDossier.Outcome


def carry_out(plan: Plan, actor: User) -> Evaluation | None:
    """Do what the plan says, all of it or nothing; the evaluation that it went into.

    Raises every JihengError of opening and filling in, Outdated among them when the
    dossier was saved after the plan was made.
    """
    if plan.outcome == Outcome.CREATE:
        return open_from_file(plan, actor)
    if plan.outcome in (Outcome.FILL, Outcome.OVERWRITE):
        assert plan.evaluation is not None
        fill_from_file(plan, plan.evaluation, actor)
    return plan.evaluation


def open_from_file(plan: Plan, actor: User) -> Evaluation:
    """A new evaluation of the campaign that starts with what the file holds."""
    campaign = plan.campaign
    assert campaign is not None
    return services.open_evaluation(
        actor=actor,
        project=plan.project,
        new_project=plan.new_project,
        changes=plan.changes,
        kind=campaign.kind,
        scheme=campaign.scheme,
        framework=campaign.framework,
        campaign=campaign,
        title=plan.title,
    )


def fill_from_file(plan: Plan, evaluation: Evaluation, actor: User) -> None:
    """Fill in a dossier that is in the unit's hands."""
    task = open_task_of(evaluation)
    changes = replace(plan.changes, seen=plan.seen)
    if plan.as_runner:
        assert plan.campaign is not None
        fill_untouched(
            process_id=task.process_id, task_id=task.pk, actor=actor, campaign=plan.campaign, changes=changes
        )
    else:
        services.save_draft(process_id=task.process_id, task_id=task.pk, actor=actor, changes=changes)


def fill_untouched(
    *, process_id: int, task_id: int, actor: User, campaign: Campaign, changes: DossierChanges
) -> None:
    """Fill in a dossier of one's campaign that its unit has not begun, as if it had been opened with it.

    Raises NotAllowed, WrongStage, Outdated, InvalidInput.
    """
    with refusals_noted("fill_untouched", actor, "task", task_id), JihengFlow.lock(process_id):
        task = open_task_under_lock(process_id, task_id)
        evaluation = locked(task.evaluation_id)
        if evaluation.stage != Stage.SELF_ASSESSMENT:
            raise WrongStage(_("The dossier is not open for changes now."), found=evaluation.stage)
        on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, campaign.organizer_id)
        if evaluation.campaign_id != campaign.pk:
            raise NotAllowed(_("This dossier is not yours to fill in: it belongs to its project lead."))
        if unit_has_begun(evaluation):
            raise Outdated(
                _("The unit has begun to fill in this dossier: only its project lead changes it now.")
            )
        fill_dossier(evaluation=evaluation, actor=actor, changes=changes, on_behalf_of=on_behalf_of)
