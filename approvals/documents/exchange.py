"""The exchange of views on a draft as a report prints it (交换意见情况表)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from approvals.documents import report
from approvals.documents.wording import grade_label
from approvals.exchange import Addressee, Exchange, exchange_of
from approvals.models import PointKind, Stance, View
from evaluations.models import Evaluation


def exchanged(evaluation: Evaluation) -> report.ExchangeOfViews | None:
    """The exchange on the last draft; None for a self-assessment, and before anybody was asked."""
    exchange = None if evaluation.is_self else exchange_of(evaluation)
    if exchange is None or not exchange.addressees:
        return None
    return report.ExchangeOfViews(
        addressees=tuple(answer(each) for each in exchange.addressees),
        points=(*points(exchange), *own_points(exchange)),
    )


def answer(addressee: Addressee) -> report.AddresseeAnswer:
    decision = addressee.decision
    if decision is None:
        silent = addressee.is_silent
        return report.AddresseeAnswer(
            name=name_of(addressee),
            state=_("no answer came") if silent else _("has not answered yet"),
            opinion=addressee.ballot.excuse,
        )
    return report.AddresseeAnswer(
        name=name_of(addressee),
        state=_("answered"),
        opinion=decision.opinion,
        answered_on=timezone.localdate(decision.decided_at),
        is_demonstration=decision.is_demonstration,
    )


def points(exchange: Exchange) -> list[report.PointExchanged]:
    """Each point with everybody's view of it."""
    return [
        report.PointExchanged(
            number=point.place,
            kind=PointKind(point.kind).label,
            text=point.text,
            total=exchange.draft.total if point.kind == PointKind.RESULT else None,
            grade=grade_label(point.grade),
            views=tuple(
                view_on_point(exchange, each, view)
                for each in exchange.addressees
                if (view := each.view_of(point)) is not None
            ),
        )
        for point in exchange.points
    ]


def own_points(exchange: Exchange) -> list[report.PointExchanged]:
    """What the addressees brought up themselves."""
    return [
        report.PointExchanged(number=None, kind=_("Own point"), views=(view_on_point(exchange, each, view),))
        for each in exchange.addressees
        for view in each.further
    ]


def view_on_point(exchange: Exchange, addressee: Addressee, view: View) -> report.ViewOnPoint:
    made = exchange.made_of.get(view.pk)
    return report.ViewOnPoint(
        addressee=name_of(addressee),
        stance=Stance(view.stance).label,
        text=view.text,
        made="" if made is None else _("adopted") if made.adopted else _("not adopted"),
        reason=made.reason if made else "",
    )


def name_of(addressee: Addressee) -> str:
    return str(addressee.ballot.organization or "")
