"""Campaigns: who may prepare one, which projects it can reach, and launching it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import rights_for_reading
from accounts.models import Organization, User
from accounts.roles import Right
from approvals.actions.shape import require_right
from audit_log.errors import JihengError, NotFound
from evaluations.actions import create_campaign
from evaluations.models import Campaign, Evaluation, Kind, Project
from workflow import services
from workflow.door import refusals_noted


@dataclass(frozen=True)
class Launched:
    """What became of one project: its evaluation, or why there is none."""

    project: Project
    evaluation: Evaluation | None = None
    refusal: str = ""


def prepare(*, actor: User, organizer: Organization, **details: Any) -> Campaign:
    """Prepare a campaign. Raises NotAllowed, InvalidInput."""
    with (
        refusals_noted("create_campaign", actor, "organization", organizer.pk),
        transaction.atomic(),
    ):
        require_right(actor, Right.RUN_EVALUATION, organizer.pk)
        return create_campaign(actor=actor, organizer=organizer, **details)


def launch(
    *, campaign: Campaign, actor: User, projects: Iterable[Project], notice: str = ""
) -> list[Launched]:
    """Open one evaluation for each project, each in its own transaction; twice is once."""
    results = []
    for project in projects:
        try:
            evaluation = services.open_evaluation(
                actor=actor,
                project=project,
                kind=campaign.kind,
                scheme=campaign.scheme,
                framework=campaign.framework if campaign.kind != Kind.SELF else None,
                campaign=campaign,
                notice=notice,
            )
        except JihengError as error:
            results.append(Launched(project, refusal=str(error)))
        else:
            results.append(Launched(project, evaluation))
    return results


def campaigns_of(user: Any) -> QuerySet[Campaign]:
    """The campaigns of the organizations for which ``user`` runs evaluations."""
    return Campaign.objects.filter(
        organizer__in=sorted(rights_for_reading(user).at(Right.RUN_EVALUATION))
    ).select_related("organizer", "scheme", "framework")


def campaign_for(user: Any, pk: int) -> Campaign:
    """The campaign, when it is ``user``'s to run. Raises NotFound."""
    found = campaigns_of(user).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def projects_within_reach(campaign: Campaign) -> QuerySet[Project]:
    """The year's projects below the organizer that have no evaluation of this kind yet."""
    below = Q(unit__parent=campaign.organizer) | Q(unit__parent__parent=campaign.organizer)
    taken = Evaluation.objects.filter(project=OuterRef("pk"), kind=campaign.kind)
    return (
        Project.objects.filter(below, ~Exists(taken), fiscal_year=campaign.fiscal_year)
        .select_related("unit", "lead")
        .order_by("code")
    )
