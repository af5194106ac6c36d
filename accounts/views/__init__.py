from accounts.views.delegations import delegations
from accounts.views.people import (
    add_organization,
    add_person,
    deactivate_person,
    end_role,
    grant_role,
    people,
)
from accounts.views.signing_in import ChangePassword, SignIn, SignOut

__all__ = [
    "ChangePassword",
    "SignIn",
    "SignOut",
    "add_organization",
    "add_person",
    "deactivate_person",
    "delegations",
    "end_role",
    "grant_role",
    "people",
]
