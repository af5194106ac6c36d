"""The gateway of imports: a file is for whoever handed it in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from audit_log.errors import NotFound
from workflow.importing.models import DossierImport


def imports_of(user: Any) -> QuerySet[DossierImport]:
    """The files that ``user`` handed in, the latest first."""
    return DossierImport.objects.filter(actor=user.pk)


def import_for(user: Any, pk: int) -> DossierImport:
    """The import, when it is ``user``'s own. Raises NotFound."""
    related = ("campaign", "evaluation__project", "actor")
    found = imports_of(user).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found
