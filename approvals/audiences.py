"""Who reads comments and consultations, and who may write them: one table, and the gateway that keeps it.

+------------------+----------------------------------------------------------------+
| audience         | who reads it                                                   |
+==================+================================================================+
| unit             | whoever sees the evaluation, seated experts among them         |
| department       | people of the department and of the bureau                     |
| finance          | people of the bureau                                           |
+------------------+----------------------------------------------------------------+

Above the table stands blind scoring: from the material until every expert has
scored, whoever has a seat on a department or finance evaluation neither reads nor
writes here, whatever other role the person holds. Auditors read and do not write.

A consultation is read on the asker's side: by the asker's office and the offices
above it, without the experts; and always by who asked and who was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Rights, holders_of, people_asked, rights_for_reading, where_held
from accounts.models import RoleHolding, User
from accounts.roles import Right, Role
from approvals.models import Audience, Comment, CommentFile, Consultation
from audit_log.errors import NotAllowed, NotFound
from evaluations.access import visible_condition, visible_to
from evaluations.models import PANEL_STAGES, Evaluation, Kind, Seat

# A place is a field of the evaluation, at which the right to see evaluations is held; or a seat.
SEAT = "seat"
READ_AT: Mapping[str, tuple[str, ...]] = {
    Audience.UNIT: ("unit", "department", "bureau", SEAT),
    Audience.DEPARTMENT: ("department", "bureau"),
    Audience.FINANCE: ("bureau",),
}
# The asker's side of a consultation, by the place where the asker acts: the narrowest that includes it.
SIDE_OF_PLACE = {"unit": Audience.UNIT, "department": Audience.DEPARTMENT, "bureau": Audience.FINANCE}
OFFICES = tuple(SIDE_OF_PLACE)


# --- reading --------------------------------------------------------------------------


def comments_visible_to(user: Any) -> QuerySet[Comment]:
    """The comments that ``user`` may read, withdrawals among them."""
    return Comment.objects.filter(
        readable(user), within(rights_for_reading(user), "audience", with_seats=True)
    )


def consultations_visible_to(user: Any) -> QuerySet[Consultation]:
    """The consultations that ``user`` may read."""
    own = Q(asked_by=user.pk) | Q(colleague=user.pk)
    return Consultation.objects.filter(readable(user), own | within(rights_for_reading(user), "side"))


def readable(user: Any) -> Q:
    """The evaluation is the reader's to see, and no seat on a panel that still scores closes it."""
    seats = Seat.objects.in_force().filter(expert=user.pk).values("evaluation")
    scoring = ~Q(evaluation__kind=Kind.SELF) & Q(evaluation__stage__in=PANEL_STAGES)
    return visible_condition(user, "evaluation__") & ~(scoring & Q(evaluation__in=seats))


def within(rights: Rights, field: str, *, with_seats: bool = False) -> Q:
    """The audience in ``field`` includes the reader, by the table.

    ``with_seats``: where a seat is enough, the row is open to whoever sees its evaluation.
    """
    condition = Q(pk__in=[])
    for audience, places in READ_AT.items():
        pairs = [(Right.VIEW_EVALUATIONS, f"evaluation__{place}") for place in places if place != SEAT]
        reached = Q() if with_seats and SEAT in places else where_held(rights, pairs)
        condition |= Q(**{field: audience}) & reached
    return condition


def waiting_for_opinion_of(user: Any) -> QuerySet[Consultation]:
    """What colleagues ask of ``user`` and still wait for, the earliest first: one indexed query."""
    of_the_item = Q(item__stage=F("stage"), item__round=F("round"))
    of_the_dossier = Q(item=None, evaluation__stage=F("stage"), evaluation__round=F("round"))
    return (
        Consultation.objects.filter(colleague=user.pk, answered_at=None, withdrawn_at=None)
        .filter(readable(user), of_the_item | of_the_dossier)
        .select_related("evaluation__project", "item", "asked_by")
        .order_by("asked_at", "pk")
    )


def comment_for(user: Any, pk: int) -> Comment:
    """The comment, when ``user`` may read it. Raises NotFound: nobody learns more."""
    related = ("evaluation__project", "author", "withdrawal")
    return found_or_404(comments_visible_to(user).select_related(*related), pk)


def comment_file_for(user: Any, pk: int) -> CommentFile:
    """A comment's file, when ``user`` may read the comment and it was not withdrawn. Raises NotFound."""
    comments = comments_visible_to(user).filter(withdrawal=None)
    return found_or_404(CommentFile.objects.filter(comment__in=comments), pk)


def consultation_for(user: Any, pk: int) -> Consultation:
    """The consultation, when ``user`` may read it. Raises NotFound."""
    related = ("evaluation__project", "item", "asked_by", "colleague")
    return found_or_404(consultations_visible_to(user).select_related(*related), pk)


def found_or_404(rows: QuerySet[Any], pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


# --- writing --------------------------------------------------------------------------


def is_closed_by_seat(user: Any, evaluation: Evaluation) -> bool:
    """Whether a seat on the panel keeps ``user`` out until every expert has scored."""
    scores_blind = not evaluation.is_self and evaluation.stage in PANEL_STAGES
    return scores_blind and evaluation.seats.in_force().filter(expert=user.pk).exists()


def auditors_of(evaluation: Evaluation) -> set[int]:
    """Who is here as an auditor alone, and so reads only."""
    offices = [getattr(evaluation, f"{office}_id") for office in OFFICES]
    held = RoleHolding.objects.filter(organization__in=offices, ended_at=None).values_list("user", "role")
    found = {(user, role == Role.AUDITOR) for user, role in held}
    return {user for user, audits in found if audits and (user, False) not in found}


def offices_of(rights: Rights, evaluation: Evaluation) -> set[str]:
    """The offices of an evaluation at which somebody may see it: "unit", "department", "bureau"."""
    return {
        office
        for office in OFFICES
        if rights.holds(Right.VIEW_EVALUATIONS, getattr(evaluation, f"{office}_id"))
    }


def audiences_of(rights: Rights, evaluation: Evaluation) -> list[Audience]:
    """The audiences that include somebody who may see the evaluation, the widest first."""
    places = offices_of(rights, evaluation) | {SEAT}  # who sees it from no office has a seat
    return [Audience(name) for name, read_at in READ_AT.items() if places & set(read_at)]


def may_comment(user: Any, evaluation: Evaluation) -> bool:
    """Whether the page offers a comment, to somebody who may see the evaluation."""
    return not is_closed_by_seat(user, evaluation) and user.pk not in auditors_of(evaluation)


def require_may_write(user: User, evaluation: Evaluation) -> Rights:
    """The writer's rights, read afresh. Raises NotAllowed."""
    # What was read of the person for the page may be older than the lock on the evaluation.
    now = User.objects.get(pk=user.pk)
    if not visible_to(now).filter(pk=evaluation.pk).exists():
        raise NotAllowed(_("This evaluation is not yours to see."))
    if is_closed_by_seat(user, evaluation):
        raise NotAllowed(_("Experts score on their own: comments open when every expert has scored."))
    if user.pk in auditors_of(evaluation):
        raise NotAllowed(_("Auditors read here and do not write."))
    return rights_for_reading(now)


# --- who can be told -------------------------------------------------------------------


@dataclass(frozen=True)
class Readers:
    """The people who may see one evaluation, by the place that opens it to them."""

    by_place: Mapping[str, Mapping[int, User]]

    def at(self, places: Iterable[str]) -> dict[int, User]:
        """Those of one or more places, each once."""
        return {pk: person for place in places for pk, person in self.by_place[place].items()}

    def of(self, audience: str) -> dict[int, User]:
        """Those whom an audience includes."""
        return self.at(READ_AT[audience])


def readers_of(evaluation: Evaluation) -> Readers:
    """Who may see the evaluation and is not kept out by a seat: a fixed number of statements."""
    seats = evaluation.seats.in_force().values("expert")
    people = {
        office: people_asked(Right.VIEW_EVALUATIONS, getattr(evaluation, f"{office}_id"))
        for office in OFFICES
    }
    people[SEAT] = holders_of(Right.BE_SEATED, evaluation.bureau_id).filter(pk__in=seats)
    if not evaluation.is_self and evaluation.stage in PANEL_STAGES:
        people = {place: found.exclude(pk__in=seats) for place, found in people.items()}
    return Readers(
        {
            place: {person.pk: person for person in found.order_by("display_name", "pk")}
            for place, found in people.items()
        }
    )
