from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.roles import Right
from approvals.actions.shape import decide, require_text, standing_of
from approvals.actions.telling import tell_next
from approvals.models import Decision, Verb
from audit_log import clock
from audit_log.errors import InvalidInput
from evaluations.models import (
    Budget,
    Campaign,
    Evaluation,
    Framework,
    Kind,
    Project,
    ReviewPolicy,
    Scheme,
    Stage,
)
from evaluations.policies.chosen import usual_policy


@transaction.atomic
def open_evaluation(
    *,
    actor: User,
    project: Project,
    kind: str,
    scheme: Scheme,
    policy: ReviewPolicy | None = None,
    campaign: Campaign | None = None,
    framework: Framework | None = None,
    title: str = "",
    notice: str = "",
    unit_approval: bool | None = None,
    days_to_fill: int | None = None,
    days_to_review: int | None = None,
    demonstration_note: str = "",
) -> Decision:
    """Open an evaluation: the bureau (or its campaign), or the department its own.

    A department or finance evaluation needs a notice with the list of material.
    ``demonstration_note`` says what of it was made up for a demonstration.
    Returns the decision; its ``evaluation`` is the new dossier. Raises
    NotAllowed, and InvalidInput without the notice, when the project has an
    evaluation of this kind already, and for a scheme or framework that is not
    published, unless the campaign chose it while it was.
    """
    department, bureau = offices_of(project)
    evaluator = department if kind == Kind.DEPARTMENT else bureau
    on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluator.pk)
    policy = policy or (campaign.policy if campaign else None) or usual_policy(kind)
    require_basis(scheme, framework, campaign, bureau.pk)
    require_policy(policy, kind, campaign, bureau.pk)
    require_first_of_kind(project, kind)
    if kind != Kind.SELF:
        notice = require_text(notice, "notice", _("Write the notice and the list of material."))
    evaluation = Evaluation(
        number=next_number(project),
        project=project,
        campaign=campaign,
        scheme=scheme,
        framework=framework,
        policy=policy,
        kind=kind,
        title=title or project.name,
        fiscal_year=project.fiscal_year,
        unit=project.unit,
        department=department,
        bureau=bureau,
        opened_by=actor,
        opened_at=clock.now(),
        unit_approval=default(unit_approval, campaign and campaign.unit_approval, True),
        days_to_fill=default(days_to_fill, campaign and campaign.days_to_fill, 30),
        days_to_review=default(days_to_review, campaign and campaign.days_to_review, 10),
        stage=Stage.SELF_ASSESSMENT if kind == Kind.SELF else Stage.MATERIAL,
        notice=notice,
        demonstration_note=demonstration_note,
    )
    evaluation.save_as(actor, "open")
    Budget(evaluation=evaluation).save_as(actor, "open")
    return opened(evaluation, actor, evaluator, on_behalf_of)


def offices_of(project: Project) -> tuple[Organization, Organization]:
    """The department that the project's unit is of, and the bureau above it."""
    department = project.unit.parent
    assert department is not None
    assert department.parent is not None
    return department, department.parent


def opened(
    evaluation: Evaluation, actor: User, evaluator: Organization, on_behalf_of_id: int | None
) -> Decision:
    """The decision that opened it, with its event; whoever is asked first is told."""
    row = Decision(
        evaluation=evaluation,
        actor=actor,
        verb=Verb.OPEN,
        next_stage=evaluation.stage,
        organization=evaluator,
        on_behalf_of_id=on_behalf_of_id,
        opinion=evaluation.notice,
        is_demonstration=bool(evaluation.demonstration_note),
    )
    decision = decide(row)
    tell_next(evaluation, decision)
    return decision


def require_first_of_kind(project: Project, kind: str) -> None:
    """Lock the project; raises InvalidInput when it has an evaluation of this kind already."""
    Project.objects.select_for_update().get(pk=project.pk)
    if Evaluation.objects.filter(project=project, kind=kind).exists():
        raise InvalidInput.at("project", _("This project has an evaluation of this kind already."))


def require_basis(
    scheme: Scheme, framework: Framework | None, campaign: Campaign | None, bureau_id: int
) -> None:
    """The scheme and the framework are offered to the bureau, or the campaign chose them while they were."""
    chosen = campaign.scheme_id if campaign else None
    require_offered(scheme, "scheme", bureau_id, chosen_before=chosen)
    if framework is not None:
        chosen = campaign.framework_id if campaign else None
        require_offered(framework, "framework", bureau_id, chosen_before=chosen)


def require_policy(policy: ReviewPolicy | None, kind: str, campaign: Campaign | None, bureau_id: int) -> None:
    """The review policy is of this kind, and offered to the bureau or chosen by the campaign."""
    if policy is None:
        return
    if policy.kind != kind:
        raise InvalidInput.at("policy", _("This review policy is for another kind of evaluation."))
    require_offered(policy, "policy", bureau_id, chosen_before=campaign.policy_id if campaign else None)


def require_offered(
    version: Scheme | Framework | ReviewPolicy, field: str, bureau_id: int, *, chosen_before: int | None
) -> None:
    """Raises InvalidInput for a version that a new evaluation of this bureau may not start with."""
    is_ours = version.bureau_id in (None, bureau_id)
    if not is_ours or not (version.is_published or version.pk == chosen_before):
        raise InvalidInput.at(field, _("Choose a published version."))


def default(*candidates: Any) -> Any:
    """The first that was given."""
    return next(candidate for candidate in candidates if candidate is not None)


def next_number(project: Project) -> str:
    """JX, the year, and the next free place in it."""
    prefix = f"JX-{project.fiscal_year}-"
    with connection.cursor() as cursor:  # two openings at once would read the same last number
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [prefix])
    last = (
        Evaluation.objects.filter(number__startswith=prefix)
        .order_by(Length("number").desc(), "-number")  # as text, 10000 would come before 9999
        .values_list("number", flat=True)
    )
    place = int(last[0].removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{place:04d}"
