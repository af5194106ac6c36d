"""The gateway of imports: a file is for whoever handed it in, as long as its matter is theirs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from audit_log.errors import NotFound
from evaluations.access import visible_condition
from workflow.importing.models import DossierImport, ImportedDossier
from workflow.launching import campaigns_of


def imports_of(user: Any) -> QuerySet[DossierImport]:
    """The files that ``user`` handed in for what is theirs today, the latest first.

    For a campaign that they run, or an evaluation that they may see.
    """
    of_campaigns = Q(campaign__in=campaigns_of(user).values("pk"))
    of_evaluations = Q(campaign=None) & visible_condition(user, "evaluation__")
    return DossierImport.objects.filter(of_campaigns | of_evaluations, actor=user.pk)


def import_for(user: Any, pk: int) -> DossierImport:
    """The import, when it is ``user``'s own and its matter theirs. Raises NotFound."""
    related = ("campaign", "evaluation__project", "actor")
    found = imports_of(user).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def dossiers_for(user: Any, handed_in: DossierImport) -> QuerySet[ImportedDossier]:
    """The files of an import, without those that go into an evaluation that ``user`` may not see."""
    return handed_in.dossiers.filter(Q(evaluation=None) | visible_condition(user, "evaluation__"))


def imported_dossier_for(user: Any, handed_in: DossierImport, place: int) -> ImportedDossier:
    """One of them. Raises NotFound."""
    related = ("evaluation__project",)
    found = dossiers_for(user, handed_in).select_related(*related).filter(place=place).first()
    if found is None:
        raise NotFound()
    return found
