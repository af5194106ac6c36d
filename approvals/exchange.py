"""Reading the exchange of views on a draft: its points, who was asked, what each said, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q, QuerySet

from approvals.models import Ballot, Consideration, Decision, DraftPoint, Verb, View
from evaluations.models import Evaluation, Stage


@dataclass(frozen=True)
class Addressee:
    """One addressee of a draft: the ballot that asks, and the views that came, in their order."""

    ballot: Ballot
    views: Sequence[View] = ()

    @property
    def is_unit(self) -> bool:
        return self.ballot.organization_id == self.ballot.evaluation.unit_id

    @property
    def decision(self) -> Decision | None:
        return self.ballot.decision

    @property
    def is_silent(self) -> bool:
        """Whether it was recorded that no answer came; that never counts as agreement."""
        return self.ballot.excused_at is not None

    def view_of(self, point: DraftPoint) -> View | None:
        return next((view for view in self.views if view.point_id == point.pk), None)

    @property
    def further(self) -> list[View]:
        """Points of the addressee's own."""
        return [view for view in self.views if view.point_id is None]


@dataclass(frozen=True)
class Exchange:
    """The exchange of views on one draft, in the last round in which it was put to the addressees."""

    draft: Decision
    points: Sequence[DraftPoint]
    addressees: Sequence[Addressee]
    considerations: Sequence[Consideration] = field(default=())

    @cached_property
    def objections(self) -> list[View]:
        """Every view that the evaluator has to adopt or not, in the order of the points."""
        views = [view for each in self.addressees for view in each.views if view.is_objection]
        order = {point.pk: point.place for point in self.points}
        return sorted(views, key=lambda view: (order.get(view.point_id or 0, len(order) + 1), view.pk))

    @cached_property
    def made_of(self) -> dict[int, Consideration]:
        """What came of each objection, by the view's id: the latest word counts."""
        return {each.view_id: each for each in self.considerations}

    @property
    def not_considered(self) -> list[View]:
        return [view for view in self.objections if view.pk not in self.made_of]

    @property
    def is_answered(self) -> bool:
        """Whether nobody is waited for any more."""
        return bool(self.addressees) and not any(each.ballot.is_open for each in self.addressees)


def drafts_of(evaluation: Evaluation) -> QuerySet[Decision]:
    """The drafts that were put forward, the last one first."""
    drafts = Decision.objects.filter(evaluation=evaluation, item=None, verb=Verb.DRAFT)
    return drafts.select_related("evaluation").order_by("-pk")


def last_draft(evaluation: Evaluation) -> Decision | None:
    """The draft that counts: the last one that was put forward."""
    return drafts_of(evaluation).first()


def exchange_of(evaluation: Evaluation) -> Exchange | None:
    """The exchange of views on the last draft; None before there is any. Five statements."""
    draft = last_draft(evaluation)
    return exchange_on(evaluation, draft) if draft else None


def exchanges_of(evaluation: Evaluation) -> list[Exchange]:
    """The exchange on each draft that was put to its addressees, the latest first."""
    found, before = [], None
    for draft in drafts_of(evaluation):
        exchange = exchange_on(evaluation, draft, before)
        if exchange.addressees:
            found.append(exchange)
        before = draft.round
    return found


def exchange_on(evaluation: Evaluation, draft: Decision, before: int | None = None) -> Exchange:
    """The exchange on one draft, in the rounds from its own until ``before``."""
    ballots = answer_ballots(evaluation, draft, before)
    views: dict[int, list[View]] = {}
    decided = [ballot.decision_id for ballot in ballots if ballot.decision_id]
    for view in View.objects.filter(decision__in=decided).select_related("point", "decision"):
        views.setdefault(view.decision_id, []).append(view)
    considered = Consideration.objects.filter(view__decision__in=decided).order_by("pk")
    return Exchange(
        draft=draft,
        points=list(draft.points.all()),
        addressees=[Addressee(ballot, views.get(ballot.decision_id or 0, ())) for ballot in ballots],
        considerations=list(considered.select_related("decision")),
    )


def answer_ballots(evaluation: Evaluation, draft: Decision, before: int | None) -> list[Ballot]:
    """Who was asked for views on this draft, in the last round that asked."""
    rounds = Q(round__gte=draft.round)
    if before is not None:
        rounds &= Q(round__lt=before)
    asked = Ballot.objects.filter(
        rounds, evaluation=evaluation, stage=Stage.EXCHANGE_OF_VIEWS
    ).select_related(
        "evaluation",
        "organization",
        "person",
        "decision__actor",
        "decision__on_behalf_of",
        "decision__organization",
    )
    found = list(asked)
    last = max((ballot.round for ballot in found), default=0)
    return [ballot for ballot in found if ballot.round == last]
