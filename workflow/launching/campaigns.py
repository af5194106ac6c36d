"""Campaigns: who may prepare one, and which projects it can reach."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import rights_for_reading
from accounts.models import Organization, User
from accounts.roles import Right
from approvals.actions.shape import standing_of
from audit_log.errors import NotFound
from evaluations.actions import create_campaign
from evaluations.models import Campaign, Evaluation, Project
from workflow.door import refusals_noted


def prepare(*, actor: User, organizer: Organization, **details: Any) -> Campaign:
    """Prepare a campaign. Raises NotAllowed, InvalidInput."""
    with (
        refusals_noted("create_campaign", actor, "organization", organizer.pk),
        transaction.atomic(),
    ):
        on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, organizer.pk)
        return create_campaign(actor=actor, organizer=organizer, on_behalf_of=on_behalf_of, **details)


def campaigns_of(user: Any) -> QuerySet[Campaign]:
    """The campaigns of the organizations for which ``user`` runs evaluations."""
    return Campaign.objects.filter(
        organizer__in=sorted(rights_for_reading(user).at(Right.RUN_EVALUATION))
    ).select_related("organizer", "scheme", "framework", "policy")


def campaign_for(user: Any, pk: int) -> Campaign:
    """The campaign, when it is ``user``'s to run. Raises NotFound."""
    found = campaigns_of(user).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def without_evaluation(kind: str, project: str = "pk") -> Q:
    """A filter: the project at this field has no evaluation of this kind yet."""
    return Q(~Exists(Evaluation.objects.filter(project=OuterRef(project), kind=kind)))


def projects_within_reach(campaign: Campaign) -> QuerySet[Project]:
    """The year's projects below the organizer that have no evaluation of this kind yet."""
    below = Q(unit__parent=campaign.organizer_id) | Q(unit__parent__parent=campaign.organizer_id)
    return (
        Project.objects.filter(below, without_evaluation(campaign.kind), fiscal_year=campaign.fiscal_year)
        .select_related("unit", "lead")
        .order_by("code")
    )


def searched(text: str) -> Q:
    """A filter: code or name of the project, or its unit, contains the text."""
    if not text:
        return Q()
    return Q(code__icontains=text) | Q(name__icontains=text) | Q(unit__name__icontains=text)


def departments_of(campaign: Campaign) -> QuerySet[Organization]:
    """The departments below the organizer; none for a department's own campaign."""
    return Organization.objects.filter(
        parent=campaign.organizer_id, kind=Organization.Kind.DEPARTMENT
    ).order_by("code")
