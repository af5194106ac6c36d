"""Services on how people are told: the verbs of ``notices``, with each refusal noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from notices import actions
from notices.models import Endpoint, NoticeChoice
from workflow.door import refusals_noted


def choose(*, actor: User, **chosen: Any) -> NoticeChoice:
    """Choose how the actor is told. Raises InvalidInput."""
    with refusals_noted("choose_notices", actor, "user", actor.pk):
        return actions.choose(actor=actor, **chosen)


def add_endpoint(*, actor: User, **details: Any) -> Endpoint:
    """Set up a webhook. Raises NotAllowed, InvalidInput."""
    with refusals_noted("add_endpoint", actor, "endpoint", None):
        return actions.add_endpoint(actor=actor, **details)


def on_endpoint(verb: str, act: Callable[..., Any]) -> Callable[..., Any]:
    """The service of a verb on an endpoint that is there."""

    def service(*, actor: User, endpoint: Endpoint, **details: Any) -> Any:
        with refusals_noted(verb, actor, "endpoint", endpoint.pk):
            return act(actor=actor, endpoint=endpoint, **details)

    service.__doc__ = act.__doc__
    return service


change_endpoint = on_endpoint("change_endpoint", actions.change_endpoint)
renew_secret = on_endpoint("renew_secret", actions.renew_secret)
switch_endpoint = on_endpoint("switch_endpoint", actions.switch_endpoint)
try_endpoint = on_endpoint("try_endpoint", actions.try_endpoint)


def send_again(*, actor: User, **rows: list[int]) -> int:
    """Send what failed once more; returns how many."""
    with refusals_noted("send_again", actor, "delivery", None):
        return actions.send_again(actor=actor, **rows)


def give_up(*, actor: User, **rows: list[int]) -> int:
    """Take what failed off the list; returns how many."""
    with refusals_noted("give_up_delivery", actor, "delivery", None):
        return actions.give_up(actor=actor, **rows)
