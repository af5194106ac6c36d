from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from audit_log.errors import InvalidInput
from audit_log.record import record
from evaluations.models import Campaign, Framework, Kind, ReviewPolicy, Scheme
from evaluations.policies.chosen import usual_policy


@transaction.atomic
def create_campaign(
    *,
    actor: User,
    organizer: Organization,
    scheme: Scheme,
    framework: Framework | None = None,
    policy: ReviewPolicy | None = None,
    on_behalf_of: int | None = None,
    **details: Any,
) -> Campaign:
    """Prepare a year's evaluations of one kind: scheme, review policy, days for each stage, unit approval.

    The caller has checked that ``actor`` runs evaluations at the organizer, and for whom. Raises
    InvalidInput for a name that is taken, a scheme, framework or policy that is not
    published or another bureau's, a policy for another kind, and a kind that the
    organizer does not run. Without a policy it is the product's own, as it is now.
    """
    campaign = Campaign(organizer=organizer, scheme=scheme, framework=framework, **details)
    expected = Organization.Kind.DEPARTMENT if campaign.kind == Kind.DEPARTMENT else Organization.Kind.BUREAU
    if organizer.kind != expected:
        raise InvalidInput.at("kind", _("This organization does not run evaluations of this kind."))
    bureau_id = organizer.pk if organizer.kind == Organization.Kind.BUREAU else organizer.parent_id
    campaign.policy = policy or usual_policy(campaign.kind)
    for field, version in (("scheme", scheme), ("framework", framework), ("policy", policy)):
        if version and not (version.is_published and version.bureau_id in (None, bureau_id)):
            raise InvalidInput.at(field, _("Choose a published version."))
    if policy and policy.kind != campaign.kind:
        raise InvalidInput.at("policy", _("This review policy is for another kind of evaluation."))
    try:
        campaign.full_clean()
    except ValidationError as error:
        faults = {
            "name" if field == "__all__" else field: list(messages)
            for field, messages in error.message_dict.items()
        }
        raise InvalidInput(_("This campaign cannot be created."), fields=faults) from error
    campaign.save_as(actor, "create")
    record(
        chain=f"campaign:{campaign.pk}",
        verb="create_campaign",
        actor=actor,
        object=campaign,
        on_behalf_of=on_behalf_of,
    )
    return campaign
