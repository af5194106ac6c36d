"""Views of the ledger that people keep for themselves: save one, rename it by saving it again, drop it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit_log.errors import InvalidInput, NotFound
from workflow.door import refusals_noted
from workflow.models import LedgerView

MOST_VIEWS = 30


def views_of(person: User) -> QuerySet[LedgerView]:
    """The person's own views, by name."""
    return LedgerView.objects.filter(person=person.pk)


def view_for(person: User, pk: int) -> LedgerView:
    """The person's own view. Raises NotFound: nobody learns of somebody else's."""
    found = views_of(person).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def save_view(*, actor: User, name: str, query: str, renamed: LedgerView | None = None) -> LedgerView:
    """Keep a query string under a name; one that is kept under this name already gives way.

    With ``renamed`` that view gets the name and the query. Raises InvalidInput at ``name`` when
    another view has it then, and for one view too many.
    """
    with refusals_noted("save_ledger_view", actor, "user", actor.pk):
        return saved(actor, name, query, renamed)


def saved(actor: User, name: str, query: str, renamed: LedgerView | None) -> LedgerView:
    taken = views_of(actor).filter(name=name).first()
    if renamed is not None and taken not in (None, renamed):
        raise InvalidInput.at("name", _("You keep another view under this name already."))
    view = renamed or taken or LedgerView(person=actor)
    if view.pk is None and views_of(actor).count() >= MOST_VIEWS:
        words = _("You keep %(most)s views already: delete one first.") % {"most": MOST_VIEWS}
        raise InvalidInput.at("name", words)
    view.name, view.query = name, query
    try:
        with transaction.atomic():
            view.save_as(actor)
    except IntegrityError:
        # Saved under this name at the same moment, in another window.
        raise InvalidInput.at("name", _("You keep another view under this name already.")) from None
    return view


def delete_view(*, actor: User, view: LedgerView) -> None:
    """Drop a view; nothing but the name and the question goes."""
    view._history_user = actor
    view.delete()
