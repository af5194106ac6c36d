"""Verbs on the indicator library, and what a lead takes out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from audit_log import clock
from audit_log.errors import InvalidInput, WrongStage
from audit_log.record import record
from evaluations.actions.fill_dossier import RowChange
from evaluations.actions.version_life import require_maintainer
from evaluations.models import Evaluation, LibraryIndicator
from evaluations.scoring import parse_rule
from evaluations.strict_json import DocumentFaults

PICKED = ("level1", "level2", "name", "kind", "direction", "comparator", "unit_of_measure", "rule")


@transaction.atomic
def add_library_indicator(
    *, actor: User, bureau: Organization, values: Mapping[str, Any]
) -> LibraryIndicator:
    """Add an indicator to the bureau's library. Raises NotAllowed, InvalidInput with its fields."""
    on_behalf_of = require_maintainer(actor, bureau.pk)
    return keep(LibraryIndicator(bureau=bureau), values, actor, "add_library_indicator", on_behalf_of)


@transaction.atomic
def change_library_indicator(
    *, actor: User, entry: LibraryIndicator, values: Mapping[str, Any]
) -> LibraryIndicator:
    """Change an entry of one's own bureau; what was picked from it before stays as it is.

    Raises NotAllowed, WrongStage for a retired entry, InvalidInput with its fields.
    """
    entry, on_behalf_of = locked_entry(entry, actor)
    return keep(entry, values, actor, "change_library_indicator", on_behalf_of)


@transaction.atomic
def retire_library_indicator(*, actor: User, entry: LibraryIndicator) -> LibraryIndicator:
    """Offer an entry no more. Raises NotAllowed, WrongStage."""
    entry, on_behalf_of = locked_entry(entry, actor)
    entry.retired_at = clock.now()
    entry.save_as(actor, "retire")
    record(
        chain=chain_of_entry(entry),
        verb="retire_library_indicator",
        actor=actor,
        object=entry,
        on_behalf_of=on_behalf_of,
    )
    return entry


def locked_entry(entry: LibraryIndicator, actor: User) -> tuple[LibraryIndicator, int | None]:
    """The entry under its lock, when it is still offered, and for whom the actor maintains it."""
    entry = LibraryIndicator.objects.select_for_update().get(pk=entry.pk)
    on_behalf_of = require_maintainer(actor, entry.bureau_id)
    if entry.retired_at is not None:
        raise WrongStage(_("This entry is retired already."))
    return entry, on_behalf_of


def keep(
    entry: LibraryIndicator, values: Mapping[str, Any], actor: User, verb: str, on_behalf_of: int | None
) -> LibraryIndicator:
    """Write the values and record what changed."""
    for name, value in values.items():
        setattr(entry, name, value)
    faults: dict[str, list[Any]] = {}
    try:
        entry.full_clean()
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            faults["name" if field == NON_FIELD_ERRORS else field] = list(messages)
    faults |= faults_of_rule(entry.rule)
    if faults:
        raise InvalidInput(_("Some fields cannot be taken: nothing was saved."), fields=faults)
    changed = entry.changed_fields()
    if changed:
        entry.save_as(actor, verb)
        record(
            chain=chain_of_entry(entry),
            verb=verb,
            actor=actor,
            object=entry,
            data={"fields": changed},
            on_behalf_of=on_behalf_of,
        )
    return entry


def faults_of_rule(rule: Any) -> dict[str, list[Any]]:
    """What is wrong with an entry's rule, at the rule's own fields ("rule.full_at")."""
    if rule is None:
        return {}
    try:
        parse_rule(rule)
    except DocumentFaults as error:
        return {fault.path: [fault.text(gettext)] for fault in error.faults}
    return {}


def chain_of_entry(entry: LibraryIndicator) -> str:
    return f"library:{entry.pk}"


def library_rows(evaluation: Evaluation, entries: Iterable[LibraryIndicator]) -> list[RowChange]:
    """The entries as new indicators of a dossier, behind those that it has; each name comes in once.

    The usual target is only proposed: the lead sets target and weight. The caller holds
    the evaluation's lock: two requests at once would both find the names missing.
    """
    present = list(evaluation.indicators.values_list("level1", "name", "position"))
    names = {(level1, name) for level1, name, _position in present}
    following = max((position for _level, _name, position in present), default=-1) + 1
    new = []
    for entry in entries:
        if (entry.level1, entry.name) not in names:
            names.add((entry.level1, entry.name))
            new.append(entry)
    return [
        RowChange(
            values={
                **{name: getattr(entry, name) for name in PICKED},
                "target_value": entry.usual_value,
                "target_text": entry.usual_text,
                "position": following + place,
            }
        )
        for place, entry in enumerate(new)
    ]
