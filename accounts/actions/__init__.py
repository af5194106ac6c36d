"""Verbs on people, their roles and their stand-ins: one function, one transaction each."""

from accounts.actions.add_organization import add_organization
from accounts.actions.add_person import add_person
from accounts.actions.change_password import change_password
from accounts.actions.deactivate_person import deactivate_person
from accounts.actions.delegate import delegate
from accounts.actions.end_role import end_role
from accounts.actions.grant_role import grant_role
from accounts.actions.revoke_delegation import revoke_delegation

__all__ = [
    "add_organization",
    "add_person",
    "change_password",
    "deactivate_person",
    "delegate",
    "end_role",
    "grant_role",
    "revoke_delegation",
]
