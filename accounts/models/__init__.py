from accounts.models.delegations import Delegation
from accounts.models.holdings import (
    OrganizationGroupPermission,
    OrganizationUserPermission,
    RoleGroup,
    RoleHolding,
)
from accounts.models.organizations import Organization
from accounts.models.people import User
from accounts.models.sign_in_attempts import SignInAttempt

__all__ = [
    "Delegation",
    "Organization",
    "OrganizationGroupPermission",
    "OrganizationUserPermission",
    "RoleGroup",
    "RoleHolding",
    "SignInAttempt",
    "User",
]
