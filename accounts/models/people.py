"""People: deactivated when they leave, never deleted."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit_log.errors import JihengError
from audit_log.tracking import TrackedModel


class PeopleQuerySet(models.QuerySet["User"]):
    def delete(self) -> NoReturn:
        raise JihengError(_("People are deactivated, never deleted."))


class UserManager(DjangoUserManager.from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    """Django's manager, without a way to delete."""


class User(TrackedModel, AbstractUser):
    """A person who signs in. ``is_superuser`` opens nothing in the product."""

    display_name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    title = models.CharField(_("post"), max_length=100, blank=True)

    # What one signs in with, and when, is nobody's to read later; a sign-in changes nothing else.
    not_in_history: ClassVar[frozenset[str]] = frozenset({"password", "last_login"})

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.display_name or self.username

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JihengError(_("People are deactivated, never deleted."))
