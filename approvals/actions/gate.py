"""What stands between a dossier and its reviewers: errors with a reason, warnings acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.findings import Found
from approvals.models import Decision, RecordedFinding
from audit_log.errors import InvalidInput
from evaluations.checks.reading import is_reason, plain

SHORTEST_REASON = 4  # characters, spaces and punctuation apart


@dataclass(frozen=True)
class Explanations:
    """What whoever hands in says to the findings.

    ``reasons`` maps a finding's key to why the error stands; ``acknowledged`` says that
    every warning was seen.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    acknowledged: bool = False

    def reason(self, found: Found) -> str:
        """Why this error stands, without surrounding space."""
        return self.reasons.get(found.key, "").strip()


NOTHING_SAID = Explanations()


def is_real_reason(text: str) -> bool:
    """Whether a reason says something: neither blank nor 无, —, 不适用 nor one sign repeated."""
    signs = plain(text)
    return is_reason(text) and len(signs) >= SHORTEST_REASON and len(set(signs)) > 1


def has_error(found: Iterable[Found]) -> bool:
    """Whether one of the findings is an error."""
    return any(each.is_error for each in found)


def require_explained(
    found: Sequence[Found], explanations: Explanations, concerns: Callable[[Found], bool] = lambda found: True
) -> None:
    """Every error has its reason, and the warnings are acknowledged; notes need nothing.

    ``concerns`` says which findings are for whoever hands in to answer. Raises
    InvalidInput with each error at the field of its reason.
    """
    faults = unanswered(found, explanations, concerns)
    if faults:
        raise InvalidInput(
            _("The checks found what does not agree: put it right, or say why it stands."), fields=faults
        )


def unanswered(
    found: Sequence[Found], explanations: Explanations, concerns: Callable[[Found], bool] = lambda found: True
) -> dict[str, list[Any]]:
    """What has still to be said to the findings, by the field that says it."""
    own = [each for each in found if concerns(each)]
    faults: dict[str, list[Any]] = {
        each.field: [unexplained(each, explanations)]
        for each in own
        if each.is_error and not is_real_reason(explanations.reason(each))
    }
    warnings = sum(each.is_warning for each in own)
    if warnings and not explanations.acknowledged:
        faults["acknowledged"] = [
            _("Confirm that you have seen the warnings (%(number)s).") % {"number": warnings}
        ]
    return faults


def require_all(*requirements: Callable[[], Any]) -> None:
    """Every requirement is looked at before any refuses: nobody hands in three times to hear three things.

    Raises InvalidInput with the messages of all, each at its field.
    """
    refusals = []
    for requirement in requirements:
        try:
            requirement()
        except InvalidInput as error:
            refusals.append(error)
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        fields = {field: found for error in refusals for field, found in error.fields.items()}
        raise InvalidInput(_("Several things are missing: each is named at its field."), fields=fields)


def unexplained(found: Found, explanations: Explanations) -> str:
    """What to do about an error: with the figures in it; its subject is named by the field's label."""
    values = {"message": found.finding.message(gettext)}
    if explanations.reason(found):
        return gettext("Give a reason that a reader can judge. %(message)s") % values
    return gettext("Put it right, or say why it stands. %(message)s") % values


def for_the_event(found: Iterable[Found], explanations: Explanations) -> list[dict[str, str]]:
    """The findings as the audit event of the handing in keeps them."""
    return [
        {
            "code": each.finding.code,
            "fingerprint": each.fingerprint,
            "reason": explanations.reason(each) if each.is_error else "",
        }
        for each in found
    ]


def keep_findings(decision: Decision, found: Iterable[Found], explanations: Explanations) -> None:
    """Write the findings down as they stood at the decision."""
    RecordedFinding.objects.bulk_create(
        recorded(decision, place, each, explanations) for place, each in enumerate(found)
    )


def recorded(decision: Decision, place: int, found: Found, explanations: Explanations) -> RecordedFinding:
    """One finding as its row."""
    finding = found.finding
    return RecordedFinding(
        evaluation=decision.evaluation,
        decision=decision,
        round=decision.round,
        position=place,
        code=finding.code,
        severity=finding.severity or "",
        subject=finding.subject.text,
        subject_is_term=finding.subject.term,
        subject_field=finding.subject.field,
        indicator_id=found.indicator_id,
        words=finding.words,
        values=dict(finding.values),
        stated=finding.stated,
        expected=finding.expected,
        fingerprint=found.fingerprint,
        reason=explanations.reason(found) if found.is_error else "",
        acknowledged=found.is_warning and explanations.acknowledged,
    )
