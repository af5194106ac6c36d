"""The exchange of views on a draft, for templates/workflow/_exchange.html."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from approvals.exchange import Addressee, Exchange, exchange_of, exchanges_of
from approvals.models import Decision, DraftPoint, PointKind, View
from evaluations.models import Evaluation
from workflow.forms.exchange import ConsiderationsForm, PointsForm
from workflow.presentation.procedure import local_day
from workflow.presentation.words import grade_label


def exchange_shown(evaluation: Evaluation, form: ConsiderationsForm | None = None) -> dict[str, Any] | None:
    """The points with what each addressee said and what came of it; None before anybody was asked.

    With ``form`` each objection carries its fields.
    """
    exchange = exchange_of(evaluation)
    return shown(exchange, form) if exchange and exchange.addressees else None


def exchanges_shown(evaluation: Evaluation) -> list[dict[str, Any]]:
    """The exchange on each draft, the latest first."""
    return [shown(exchange) for exchange in exchanges_of(evaluation)]


def shown(exchange: Exchange, form: ConsiderationsForm | None = None) -> dict[str, Any]:
    own = [
        {"addressee": name_of(each), **view_entry(exchange, view, form)}
        for each in exchange.addressees
        for view in each.further
    ]
    return {
        "round": exchange.draft.round,
        "anchor": f"exchange-{exchange.draft.round}",
        "addressees": [addressee_entry(each) for each in exchange.addressees],
        "points": [point_row(exchange, point, form) for point in exchange.points],
        "further": own,
        "objections": len(exchange.objections),
        "has_silence": any(each.is_silent for each in exchange.addressees),
    }


def point_row(exchange: Exchange, point: DraftPoint, form: ConsiderationsForm | None) -> dict[str, Any]:
    """A point with the view of everybody who has answered."""
    answers = [
        {"addressee": name_of(each), **view_entry(exchange, view, form)}
        for each in exchange.addressees
        if (view := each.view_of(point)) is not None
    ]
    return {**point_entry(point, exchange.draft), "answers": answers}


def point_entry(point: DraftPoint, draft: Decision) -> dict[str, Any]:
    """A point by its number, with what it says."""
    return {"number": point.place, "kind": point.get_kind_display(), "words": words_of(point, draft)}


def words_of(point: DraftPoint, draft: Decision) -> str:
    """The point's text; the result in words."""
    if point.kind != PointKind.RESULT:
        return point.text
    values = {"total": f"{draft.total:.2f}", "grade": grade_label(point.grade)}
    return _("Total %(total)s points, grade %(grade)s") % values


def view_entry(exchange: Exchange, view: View, form: ConsiderationsForm | None = None) -> dict[str, Any]:
    """One view, with what was made of it, or the fields in which that is said."""
    made = exchange.made_of.get(view.pk)
    entry: dict[str, Any] = {
        "stance": view.get_stance_display(),
        "is_objection": view.is_objection,
        "text": view.text,
        "made": made,
    }
    if form is not None and view.is_objection:
        entry["adopted"], entry["reason"] = form.fields_of(view)
        entry["made"] = None
    return entry


def name_of(addressee: Addressee) -> str:
    return str(addressee.ballot.organization or "")


def addressee_entry(addressee: Addressee) -> dict[str, Any]:
    """Who was asked, and whether an answer came: silence is no agreement."""
    decision = addressee.decision
    entry: dict[str, Any] = {"name": name_of(addressee), "opinion": "", "tone": "amber"}
    if decision is not None:
        day = date_format(local_day(decision.decided_at))
        entry["state"] = _("answered by %(person)s on %(day)s") % {"person": decision.by, "day": day}
        entry.update(opinion=decision.opinion, tone="green", demo=decision.is_demonstration)
    elif addressee.is_silent:
        entry.update(state=_("no answer came"), opinion=addressee.ballot.excuse, tone="red")
    else:
        entry["state"] = _("has not answered yet")
    return entry


def answer_rows(exchange: Exchange | None, form: PointsForm) -> list[dict[str, Any]]:
    """The points with the fields of an answer."""
    if exchange is None:
        return []
    return [
        {**point_entry(point, exchange.draft), "stance": stance, "said": said}
        for point, stance, said in form.rows()
    ]
