"""Review policies: the list, one with its procedure, its draft, a comparison and a dry run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals.dry_run import dry_run
from audit_log.errors import InvalidInput
from evaluations.access import visible_to
from evaluations.actions.version_life import fields_of
from evaluations.models import Evaluation, ReviewPolicy
from evaluations.policies.chosen import content_of
from evaluations.policies.document import PolicyContent
from evaluations.policies.fillable import Fillable, fillable
from evaluations.policies.offices import offices_of
from evaluations.template_access import maintained_by, template_for
from workflow.forms.policies import PolicyForm
from workflow.forms.policy_rows import rearranged
from workflow.forms.versions import RetireForm
from workflow.presentation import policies as words
from workflow.presentation.dry_run import dry_rows
from workflow.presentation.policies_compared import comparison
from workflow.presentation.policy_terms import terms_of
from workflow.views import drafts, trials, versions
from workflow.views.person_request import PersonRequest
from workflow.views.versions import POLICIES

CHANGING = ["GET", "HEAD", "POST"]


@require_safe
def policies(request: PersonRequest) -> HttpResponse:
    """The review policies that the reader may see."""
    return versions.version_list(request, POLICIES)


@require_safe
def policy(request: PersonRequest, pk: int) -> HttpResponse:
    """One version: its procedure as a diagram and in words."""
    return policy_page(request, pk)


def policy_page(
    request: PersonRequest,
    pk: int,
    retiring: RetireForm | None = None,
    refusal: InvalidInput | None = None,
) -> HttpResponse:
    """The page of a version, with what was typed or asked in vain."""
    found = template_for(request.user, ReviewPolicy, pk)
    content = content_of(found)
    around = versions.surroundings(request, POLICIES, found, retiring)
    context = {
        **around,
        "content": content,
        **procedure_of(found, content, tells_people=around["is_mine"]),
        "rules": list(words.rule_rows(content)),
        "consequences": words.consequence_rows(content),
        "terms": terms_of(content.rectification),
        "refusal": refusal,
    }
    return render(request, "versions/policy.html", context, status=422 if retiring or refusal else 200)


def procedure_of(found: ReviewPolicy, content: PolicyContent, *, tells_people: bool) -> dict[str, Any]:
    """The procedure, and for whoever maintains it, whether there are the people for it."""
    offices = offices_of(found.bureau_id) if tells_people and found.bureau_id else []
    people = fillable(content, offices) if offices else Fillable((), ())
    faults = fields_of(people.faults) if found.is_draft else {}
    return {
        "diagram": words.diagram_of(content, words.numbers_of(offices)),
        "stages": words.stages_in_words(content, faults),
        "people_faults": listed(content, faults),
        "people_warnings": listed(content, with_offices(people)) if not found.is_retired else [],
    }


def with_offices(people: Fillable) -> Mapping[str, list[str]]:
    """The warnings by path, each with the offices that it is about."""
    found: dict[str, list[str]] = defaultdict(list)
    for fault in people.warnings:
        message = fault.text(_)
        said = _("%(message)s: %(offices)s (%(number)s in all)")
        found[fault.path].append(said % {**fault.values, "message": message})
    return found


def listed(content: PolicyContent, faults: Mapping[str, Iterable[str]]) -> list[str]:
    """Every message with the step that it is about."""
    return [
        _("%(label)s: %(value)s") % {"label": words.step_name(content, path), "value": message}
        for path, messages in faults.items()
        for message in messages
    ]


@require_http_methods(CHANGING)
def copy_policy(request: PersonRequest, pk: int) -> HttpResponse:
    """Copy a policy to a draft."""
    return versions.copy(request, POLICIES, pk)


@require_POST
def publish_policy(request: PersonRequest, pk: int) -> HttpResponse:
    """Publish a draft; what nobody could complete is said at its steps."""
    return versions.publish(
        request, POLICIES, pk, lambda request, pk, error: policy_page(request, pk, refusal=error)
    )


@require_POST
def retire_policy(request: PersonRequest, pk: int) -> HttpResponse:
    """Offer a policy no more."""
    return versions.retire(request, POLICIES, pk, policy_page)


# --- the draft ------------------------------------------------------------------------


def arranged(draft: ReviewPolicy, data: Any, verb: str) -> Any:
    return rearranged(draft.kind, data, verb)


def beside_the_form(draft: ReviewPolicy, form: PolicyForm) -> dict[str, Any]:
    """The procedure as it is typed, with what is wrong with it."""
    has_faults = form.general.is_bound and form.find_faults()
    content = form.content()
    shown = procedure_of(draft, content, tells_people=not has_faults)
    return {
        **shown,
        "terms": terms_of(content.rectification),
        "typed_faults": list(drafts.faults_of(form.named_forms())) if has_faults else [],
    }


DRAFTING = drafts.Drafting(
    POLICIES,
    PolicyForm,
    {},
    "versions/policy_form.html",
    arrange=arranged,
    beside=beside_the_form,
)


@require_http_methods(CHANGING)
def edit_policy(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    return drafts.edit(request, DRAFTING, pk)


# --- beside others, and tried -----------------------------------------------------------


@require_safe
def compare_policies(request: PersonRequest, pk: int) -> HttpResponse:
    """Two review policies of one kind side by side."""
    return versions.compare(request, POLICIES, pk, side_by_side, "kind")


def side_by_side(other: ReviewPolicy, found: ReviewPolicy) -> list[words.Section]:
    return comparison(content_of(other), content_of(found))


@require_safe
def try_policy(request: PersonRequest, pk: int) -> HttpResponse:
    """Where an evaluation would go by a policy, and who would be asked."""
    return trials.try_version(request, TRYING, pk)


def within_reach(user: Any, policy: ReviewPolicy) -> QuerySet[Evaluation]:
    """The evaluations at the bureau whose policies the reader maintains."""
    bureaus = maintained_by(user)
    if policy.bureau_id is not None:
        bureaus = bureaus.filter(pk=policy.bureau_id)
    related = ("project__lead", "scheme", "unit", "department", "bureau")
    return visible_to(user).filter(bureau__in=bureaus).select_related(*related)


def tried_on(user: Any, policy: ReviewPolicy) -> QuerySet[Evaluation]:
    return within_reach(user, policy).filter(kind=policy.kind)


def result(evaluation: Evaluation, policy: ReviewPolicy) -> dict[str, Any]:
    return dry_rows(evaluation, dry_run(evaluation, policy))


def why_not(user: Any, policy: ReviewPolicy, number: str) -> str:
    """That the evaluation is of another kind, if there is one with this number."""
    other = within_reach(user, policy).filter(number=number).first()
    if other is None:
        return ""
    said = _("This evaluation is a %(kind)s; this review policy is for: %(asked)s.")
    return said % {"kind": other.get_kind_display(), "asked": policy.get_kind_display()}


TRYING = trials.Trying(POLICIES, tried_on, result, "versions/policy_trial.html", why_not)
