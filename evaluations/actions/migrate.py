"""Moving a running evaluation to another scheme or framework: refused, or recorded, never silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from accounts.standing import standing_of
from audit_log.errors import InvalidInput, Outdated, WrongStage
from audit_log.record import chain_of, record
from evaluations.actions.fill_dossier import last_filled
from evaluations.document_changes import changes_between
from evaluations.migration_plan import KEPT, REMOVED, PlannedIndicator, framework_plan
from evaluations.models import Evaluation, Framework, Indicator, Kind, Scheme, Score, ScoreSource, Stage

V = TypeVar("V", Scheme, Framework)
OPEN_TO_MIGRATION = (Stage.SELF_ASSESSMENT, Stage.MATERIAL)
"""Nobody has handed anything in at these: no decision rests on the old figures of this round."""


@transaction.atomic
def migrate_scheme(
    *, actor: User, evaluation: Evaluation, scheme: Scheme, reason: str, seen: int | None = None
) -> Evaluation:
    """Score an evaluation by another scheme from now on; every parameter that differs is recorded.

    Raises NotAllowed, WrongStage once it was handed in, Outdated when the dossier
    was changed after the preview, InvalidInput without a reason or for a scheme
    that is not offered or is the present one.
    """
    evaluation, on_behalf_of = locked_for_migration(evaluation, actor, seen)
    before = evaluation.scheme
    scheme = require_another(scheme, before, "scheme", evaluation)
    reason = require_reason(reason)
    evaluation.scheme = scheme
    evaluation.save_as(actor, reason[:100])
    note(
        evaluation,
        actor,
        "migrate_scheme",
        before,
        scheme,
        reason,
        changes_between(before.as_parameters().to_json(), scheme.as_parameters().to_json()),
        on_behalf_of,
    )
    return evaluation


@transaction.atomic
def migrate_framework(
    *, actor: User, evaluation: Evaluation, framework: Framework, reason: str, seen: int | None = None
) -> Evaluation:
    """Give an evaluation the indicators of another framework; every indicator is recorded.

    What both have keeps its actual, its files and its scores. Raises NotAllowed,
    WrongStage once it was handed in, Outdated when the dossier was changed after
    the preview, InvalidInput without a reason, for a self-assessment, and for a
    framework that is not offered or is the present one.
    """
    evaluation, on_behalf_of = locked_for_migration(evaluation, actor, seen)
    before = evaluation.framework
    if evaluation.kind == Kind.SELF:
        raise InvalidInput.at("framework", _("A self-assessment has the indicators of its own project."))
    framework = require_another(framework, before, "framework", evaluation)
    reason = require_reason(reason)
    plan = framework_plan(evaluation, framework.as_content())
    present = evaluation.indicators.in_bulk()
    for planned in plan:
        carry_out(planned, evaluation, present, actor, reason)
    evaluation.framework = framework
    evaluation.save_as(actor, reason[:100])
    changes = [
        {"path": f"{row.level1} / {row.name}", "what": row.what, "before": row.before, "after": row.after}
        for row in plan
        if row.what != KEPT
    ]
    note(evaluation, actor, "migrate_framework", before, framework, reason, changes, on_behalf_of)
    return evaluation


def locked_for_migration(
    evaluation: Evaluation, actor: User, seen: int | None
) -> tuple[Evaluation, int | None]:
    """The evaluation under its lock, when it may be moved and the preview still holds, and for whom."""
    evaluation = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    if evaluation.stage not in OPEN_TO_MIGRATION:
        raise WrongStage(
            _("It was handed in: its scheme and framework stay. Return it to the unit first."),
            found=evaluation.stage,
        )
    words = _("Only the finance bureau moves an evaluation to another scheme or framework.")
    on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluation.bureau_id, words=words)
    if seen is not None and seen != last_filled(evaluation):
        raise Outdated(_("The dossier was changed after you opened the preview. Nothing was moved."))
    return evaluation, on_behalf_of


def require_another(version: V, present: V | None, field: str, evaluation: Evaluation) -> V:
    """The version under a lock, read afresh: nobody retires it meanwhile.

    Raises InvalidInput for one that is not offered to this bureau, or is the present one.
    """
    version = type(version)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    if not version.is_published or version.bureau_id not in (None, evaluation.bureau_id):
        raise InvalidInput.at(field, _("Choose a published version."))
    if present is not None and version.pk == present.pk:
        raise InvalidInput.at(field, _("The evaluation has this version already."))
    return version


def require_reason(reason: str) -> str:
    """The reason without surrounding space. Raises InvalidInput without one."""
    if not reason.strip():
        raise InvalidInput.at("reason", _("Say why the evaluation is moved."))
    return reason.strip()


def carry_out(
    planned: PlannedIndicator,
    evaluation: Evaluation,
    present: Mapping[int, Indicator],
    actor: User,
    reason: str,
) -> None:
    """Do to one indicator what the plan says; history keeps what it was."""
    if planned.pk is None:
        Indicator(evaluation=evaluation, **planned.values).save_as(actor, reason[:100])
        return
    indicator = present[planned.pk]
    if planned.what == REMOVED:
        remove(indicator, actor, reason)
        return
    for name, value in planned.values.items():
        setattr(indicator, name, value)
    indicator.save_as(actor, reason[:100])
    if planned.loses_score:
        for score in Score.objects.filter(
            indicator=indicator, source=ScoreSource.STATED, round=evaluation.round
        ):
            remove(score, actor, reason)


def remove(row: Indicator | Score, actor: User, reason: str) -> None:
    """Delete a row in the actor's name, with the reason in its history."""
    row._history_user = actor
    row._change_reason = reason[:100]
    row.delete()


def note(
    evaluation: Evaluation,
    actor: User,
    verb: str,
    before: Scheme | Framework | None,
    after: Scheme | Framework,
    reason: str,
    changes: list[dict[str, Any]],
    on_behalf_of: int | None,
) -> None:
    """The before/after list at the end of the evaluation's audit chain."""
    record(
        chain=chain_of(evaluation.pk),
        verb=verb,
        actor=actor,
        object=evaluation,
        data={
            "stage": evaluation.stage,
            "from": named(before),
            "to": named(after),
            "reason": reason,
            "changes": changes,
        },
        on_behalf_of=on_behalf_of,
    )


def named(version: Scheme | Framework | None) -> str:
    """Code and version, as in "ministry-2020 v1"."""
    return f"{version.code} v{version.version}" if version else ""
