"""The verbs on launches: launch a campaign, pause, go on, try the refused ones again."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from approvals.actions.shape import require_text, standing_of
from audit_log.errors import AlreadyHandled, InvalidInput, NotFound
from audit_log.record import record
from evaluations.models import Campaign, Kind, Project
from workflow.door import refusals_noted
from workflow.launch_models import CampaignLaunch, LaunchedProject
from workflow.launching.campaigns import projects_within_reach, without_evaluation
from workflow.launching.jobs import go_on, put_into_the_queue

Status = CampaignLaunch.Status
State = LaunchedProject.State
ROWS_AT_ONCE = 2000


def request_launch(
    *, campaign: Campaign, actor: User, projects: Iterable[Project], notice: str = ""
) -> CampaignLaunch:
    """Have one evaluation opened for each of the projects, in the job queue.

    Projects that the campaign does not reach, or that have an evaluation of its kind, are
    left out. A department or finance evaluation needs a notice. Raises NotAllowed,
    AlreadyHandled while a launch of this campaign is under way, and InvalidInput at
    "notice" or, when no project is left, at "projects".
    """
    with refusals_noted("launch_campaign", actor, "campaign", campaign.pk), transaction.atomic():
        found = locked_campaign(campaign.pk)
        on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, found.organizer_id)
        require_none_under_way(found)
        if found.kind != Kind.SELF:
            notice = require_text(notice, "notice", _("Write the notice and the list of material."))
        launch = CampaignLaunch(campaign=found, actor=actor, notice=notice, language=language())
        launch.save(force_insert=True)
        number = choose(launch, projects)
        note("launch_campaign", launch, actor, on_behalf_of, projects=number, notice=notice)
        put_into_the_queue(launch)
    return launch


def launch(
    *, campaign: Campaign, actor: User, projects: Iterable[Project], notice: str = ""
) -> list[LaunchedProject]:
    """Launch, and open the projects here and now instead of waiting for a worker.

    The queue has its job all the same: should this program be killed, a worker goes on.
    Returns what became of each. Raises as ``request_launch``.
    """
    begun = request_launch(campaign=campaign, actor=actor, projects=projects, notice=notice)
    go_on(begun.pk)
    return list(begun.projects.select_related("project", "evaluation"))


def pause_launch(*, launch: CampaignLaunch, actor: User) -> CampaignLaunch:
    """Stop after the project at hand; what is paused already stays so.

    Raises NotFound, NotAllowed, AlreadyHandled when it has ended.
    """
    with refusals_noted("pause_launch", actor, "campaignlaunch", launch.pk), transaction.atomic():
        found, on_behalf_of = locked_launch(launch.pk, actor)
        require_under_way(found)
        if found.status != Status.PAUSED:
            found.status = Status.PAUSED
            found.save(update_fields=["status"])
            note("pause_launch", found, actor, on_behalf_of)
    return found


def resume_launch(*, launch: CampaignLaunch, actor: User) -> CampaignLaunch:
    """Go on with a paused launch; one that is going on already does so.

    Raises NotFound, NotAllowed, AlreadyHandled when it has ended.
    """
    with refusals_noted("resume_launch", actor, "campaignlaunch", launch.pk), transaction.atomic():
        found, on_behalf_of = locked_launch(launch.pk, actor)
        require_under_way(found)
        if found.status == Status.PAUSED:
            found.status = Status.QUEUED
            found.save(update_fields=["status"])
            note("resume_launch", found, actor, on_behalf_of)
            put_into_the_queue(found)
    return found


def retry_launch(*, launch: CampaignLaunch, actor: User) -> CampaignLaunch:
    """Try again, in the actor's name, what was refused or left over; twice is once.

    Projects that have got their evaluation elsewhere stay as they are. Raises NotFound,
    NotAllowed, AlreadyHandled while another launch is under way, InvalidInput when
    nothing is left to try.
    """
    with refusals_noted("retry_launch", actor, "campaignlaunch", launch.pk), transaction.atomic():
        found, on_behalf_of = locked_launch(launch.pk, actor)
        if found.under_way:
            return found
        require_none_under_way(found.campaign)
        number = put_back(found)
        if not number:
            raise InvalidInput(_("No project of this launch is left to be opened."))
        found.status, found.error, found.finished_at = Status.QUEUED, "", None
        found.actor, found.language = actor, language()
        found.save(update_fields=["status", "error", "finished_at", "actor", "language"])
        note("retry_launch", found, actor, on_behalf_of, projects=number)
        put_into_the_queue(found)
    return found


def choose(launch: CampaignLaunch, projects: Iterable[Project]) -> int:
    """A row for each project within reach; how many. Raises InvalidInput for none."""
    wanted = projects.order_by() if isinstance(projects, QuerySet) else [project.pk for project in projects]
    chosen = projects_within_reach(launch.campaign).filter(pk__in=wanted).values_list("pk", flat=True)
    rows = [LaunchedProject(launch=launch, project_id=pk) for pk in chosen]
    if not rows:
        raise InvalidInput.at("projects", _("Choose at least one project."))
    LaunchedProject.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return len(rows)


def put_back(launch: CampaignLaunch) -> int:
    """Let the refused projects wait again; how many wait now."""
    open_still = without_evaluation(launch.campaign.kind, "project")
    LaunchedProject.objects.filter(open_still, launch=launch, state=State.REFUSED).update(
        state=State.WAITING, refusal=""
    )
    return LaunchedProject.objects.filter(launch=launch, state=State.WAITING).count()


def locked_campaign(pk: int) -> Campaign:
    """The campaign under a lock that lets its evaluations be opened meanwhile. Raises NotFound."""
    found = Campaign.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def locked_launch(pk: int, actor: User) -> tuple[CampaignLaunch, int | None]:
    """The launch and its campaign under their locks, and for whom the actor runs it.

    Raises NotFound, NotAllowed.
    """
    locked = CampaignLaunch.objects.select_for_update(of=("self", "campaign"), no_key=True)
    found = locked.select_related("campaign").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found, standing_of(actor, Right.RUN_EVALUATION, found.campaign.organizer_id)


def require_under_way(launch: CampaignLaunch) -> None:
    """Raises AlreadyHandled when the launch has ended."""
    if not launch.under_way:
        raise AlreadyHandled(_("This launch has ended already."), found=launch.status)


def require_none_under_way(campaign: Campaign) -> None:
    """Raises AlreadyHandled while a launch of the campaign has not ended."""
    if campaign.launches.filter(status__in=CampaignLaunch.UNDER_WAY).exists():
        raise AlreadyHandled(_("This campaign is being launched already: wait until that has ended."))


def note(verb: str, launch: CampaignLaunch, actor: User, on_behalf_of: int | None, **data: object) -> None:
    """An event on the campaign's chain; the caller holds the campaign's lock."""
    record(
        chain=f"campaign:{launch.campaign_id}",
        verb=verb,
        actor=actor,
        object=launch,
        data=data,
        on_behalf_of=on_behalf_of,
    )


def language() -> str:
    """The language that the actor reads now."""
    return get_language() or "zh-hans"
