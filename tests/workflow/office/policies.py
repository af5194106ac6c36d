"""Random review policies, published by the product's own door for the office's people."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from accounts.roles import Role
from evaluations.actions import change_policy, draft_policy, publish_policy
from evaluations.models import ReviewPolicy
from evaluations.policies.document import PolicyContent
from evaluations.policies.parts import PolicyStep
from evaluations.policies.shipped import default_policy
from tests.workflow.office.people import Office
from tests.workflow.office.random_policies import policy_document
from tests.workflow.office.reserve import can_be_completed

MOST_TRIES = 50


def completable(random: Random, kind: str, office: Office) -> PolicyContent:
    """Any policy of the grammar that this office's people can complete, whoever of them acts first."""
    for _try in range(MOST_TRIES):
        wanted = PolicyContent.from_json(policy_document(random, kind))
        content = wanted
        for stage, number, step in wanted.positions():
            content = with_step(content, stage, number, replace(step, who="any", needed=None, veto=False))
        if can_be_completed(content, office):
            return with_votes(content, wanted, office)
    raise AssertionError("no policy was found that these people can complete")


def with_votes(content: PolicyContent, wanted: PolicyContent, office: Office) -> PolicyContent:
    """As many joint steps as there are people for."""
    for stage, number, step in wanted.positions():
        joint = with_step(content, stage, number, step)
        content = joint if can_be_completed(joint, office) else content
    return content


def with_step(content: PolicyContent, stage: str, number: int, step: PolicyStep) -> PolicyContent:
    """The policy with another step at this place."""
    stages = tuple(
        replace(each, steps=(*each.steps[:number], step, *each.steps[number + 1 :]))
        if each.stage == stage
        else each
        for each in content.stages
    )
    return replace(content, stages=stages)


def published(content: PolicyContent, office: Office) -> ReviewPolicy:
    """Written and published by the bureau. Raises InvalidInput where nobody could complete it."""
    officer = office.holders(Role.FINANCE_OFFICER)[0]
    shipped = ReviewPolicy.objects.get(code=default_policy(content.kind).code, version=1)
    policy = draft_policy(actor=officer, source=shipped, bureau=office.places["bureau"], code="drawn")
    document = {**content.to_json(), "code": "drawn", "version": 1}
    policy = change_policy(actor=officer, policy=policy, document=document)
    return publish_policy(actor=officer, policy=policy)
