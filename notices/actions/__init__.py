"""Verbs: choosing how one is told, keeping endpoints, and dealing with what could not be sent."""

from notices.actions.choose import choose
from notices.actions.endpoints import (
    add_endpoint,
    change_endpoint,
    renew_secret,
    switch_endpoint,
    try_endpoint,
)
from notices.actions.failed import give_up, send_again

__all__ = [
    "add_endpoint",
    "change_endpoint",
    "choose",
    "give_up",
    "renew_secret",
    "send_again",
    "switch_endpoint",
    "try_endpoint",
]
