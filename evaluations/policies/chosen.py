"""Which review policy binds an evaluation."""

from __future__ import annotations

import json
from functools import lru_cache

from evaluations.models import Evaluation, ReviewPolicy
from evaluations.policies.document import PolicyContent
from evaluations.policies.shipped import default_policy


def policy_of(evaluation: Evaluation) -> PolicyContent:
    """The version of the review policy that the evaluation started with."""
    if evaluation.policy is None:
        return default_policy(evaluation.kind)
    return content_of(evaluation.policy)


def content_of(policy: ReviewPolicy) -> PolicyContent:
    """What a version says. Raises DocumentFaults for a draft that cannot be read."""
    return _content(json.dumps(policy.content), policy.published_at is not None)


@lru_cache(maxsize=256)
def _content(document: str, was_published: bool) -> PolicyContent:
    read = PolicyContent.from_published if was_published else PolicyContent.from_json
    return read(json.loads(document))


def usual_policy(kind: str) -> ReviewPolicy | None:
    """The product's own procedure for this kind, as it was loaded."""
    shipped = default_policy(kind)
    return ReviewPolicy.objects.filter(code=shipped.code, version=shipped.version).first()
