"""What seating an expert rests on, whether the expert is named, drawn or takes another's place."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from guardian.shortcuts import assign_perm

from accounts.access import holders_at, rights_of
from accounts.models import User
from accounts.roles import Right
from approvals.actions.shape import locked, standing_of
from approvals.actions.voices import ballots_now
from approvals.models import Ballot, Decision, Verb
from audit_log.errors import ConflictOfInterest, InvalidInput, JihengError, WrongStage
from audit_log.record import chain_of, record
from evaluations.models import (
    PANEL_STAGES,
    Appointment,
    Draw,
    Evaluation,
    ExpertConflict,
    ExpertProfile,
    Seat,
    Stage,
)
from notices import messages
from notices.jobs import announce

# The right that goes with a seat.
SCORE = "score_evaluation"
# Why somebody of the register cannot be seated on an evaluation.
OBSTACLES: dict[str, tuple[type[JihengError], str]] = {
    "not-registered": (
        InvalidInput,
        gettext_noop("This person is not in the bureau's register of experts."),
    ),
    "insider": (
        ConflictOfInterest,
        gettext_noop("This person belongs to the evaluated unit or its department."),
    ),
    "decided": (ConflictOfInterest, gettext_noop("This person has decided on this evaluation already.")),
    "appointed": (ConflictOfInterest, gettext_noop("This person has another part in this evaluation.")),
    "conflict": (
        ConflictOfInterest,
        gettext_noop("This expert has a conflict of interest with the unit, its department or the project."),
    ),
    "suspended": (InvalidInput, gettext_noop("This expert is suspended.")),
    "recused": (InvalidInput, gettext_noop("This expert was recused from this evaluation.")),
    "seated": (InvalidInput, gettext_noop("This expert is seated already.")),
}


def enter_seating(
    evaluation: Evaluation, actor: User, replaces: Seat | None = None
) -> tuple[Evaluation, int | None]:
    """The evaluation under its lock, when the actor may seat somebody now, and for whom.

    Before the scoring anybody may be seated; during it only in a recused expert's place.
    Raises WrongStage, NotAllowed.
    """
    evaluation = locked(evaluation.pk)
    if evaluation.is_self or evaluation.stage not in PANEL_STAGES:
        raise WrongStage(_("Experts are seated before the scoring begins."), found=evaluation.stage)
    on_behalf_of = standing_of(actor, Right.RUN_EVALUATION, evaluation.evaluator_id)
    if replaces is None and evaluation.stage == Stage.EXPERT_SCORING:
        raise WrongStage(
            _("During the scoring an expert is seated only in the place of a recused one."),
            found=evaluation.stage,
        )
    if replaces is not None:
        require_vacant(evaluation, replaces)
    return evaluation, on_behalf_of


def require_vacant(evaluation: Evaluation, seat: Seat) -> None:
    """Raises WrongStage unless the seat is a recused one of this evaluation that nobody took yet."""
    seats = evaluation.seats.filter(pk=seat.pk, replacement=None).exclude(recused_at=None)
    if not seats.exists():
        raise WrongStage(_("Only a recused expert is replaced, and only once."))


def require_no_obstacle(evaluation: Evaluation, expert: User) -> None:
    """Raises InvalidInput or ConflictOfInterest for somebody who cannot be seated."""
    hold_profiles(evaluation, [expert.pk])
    if not rights_of(expert).holds(Right.BE_SEATED, evaluation.bureau_id):
        raise refusal("not-registered")
    if obstacle := obstacles(evaluation, [expert.pk]).get(expert.pk):
        raise refusal(obstacle)


def hold_profiles(evaluation: Evaluation, experts: Sequence[int]) -> None:
    """Wait for conflicts and suspensions that are being declared now, and let none come in between.

    Declaring holds the same lock.
    """
    profiles = ExpertProfile.objects.select_for_update().filter(bureau=evaluation.bureau_id, user__in=experts)
    list(profiles.order_by("pk").values_list("pk"))


def refusal(obstacle: str) -> JihengError:
    """The error that an obstacle is when somebody is named all the same."""
    kind, words = OBSTACLES[obstacle]
    message = _(words)
    if kind is InvalidInput:
        return InvalidInput.at("expert", message, found=obstacle)
    return kind(message, found=obstacle)


def obstacles(evaluation: Evaluation, people: Iterable[int]) -> dict[int, str]:
    """Who of these people cannot be seated, and why; seven statements, however many people."""
    asked = list(people)
    bureau = {"user__in": asked, "bureau": evaluation.bureau_id}
    conflicts = ExpertConflict.objects.in_force().about(evaluation)
    profiles = ExpertProfile.objects.filter(**bureau)
    seats = dict(evaluation.seats.values_list("expert_id", "recused_at"))
    insiders = holders_at(Right.VIEW_EVALUATIONS, [evaluation.unit_id, evaluation.department_id])
    by_them = Q(actor__in=asked) | Q(on_behalf_of__in=asked)
    decided = Decision.objects.filter(by_them, evaluation=evaluation, item=None)
    deciders = {person for pair in decided.values_list("actor_id", "on_behalf_of_id") for person in pair}
    appointed = Appointment.objects.filter(evaluation=evaluation, ended_at=None, person__in=asked)
    groups: list[tuple[str, Container[int | None]]] = [
        ("seated", {expert for expert, recused_at in seats.items() if recused_at is None}),
        ("recused", {expert for expert, recused_at in seats.items() if recused_at is not None}),
        ("suspended", {profile.user_id for profile in profiles if profile.is_suspended()}),
        ("conflict", set(profiles.filter(conflicts__in=conflicts).values_list("user_id", flat=True))),
        ("decided", deciders),
        ("appointed", set(appointed.values_list("person_id", flat=True))),
        ("insider", set(insiders.filter(pk__in=asked).values_list("pk", flat=True))),
        ("insider", {person for person in asked if person == evaluation.project.lead_id}),
    ]
    return {person: name for name, group in groups for person in asked if person in group}


def obstacles_in_register(evaluation: Evaluation) -> dict[int, str]:
    """Who of all who hold the role of expert cannot be seated, and why; eight statements."""
    experts = holders_at(Right.BE_SEATED, [evaluation.bureau_id])
    return obstacles(evaluation, experts.values_list("pk", flat=True))


def candidates_of(evaluation: Evaluation, expertise: Iterable[str]) -> list[int]:
    """The people of the bureau's register in these fields (in all, without any) who still are experts."""
    of_fields = Q()
    for field in expertise:
        of_fields |= Q(expertise__contains=[field])
    experts = holders_at(Right.BE_SEATED, [evaluation.bureau_id])
    found = ExpertProfile.objects.filter(of_fields, bureau=evaluation.bureau_id, user__in=experts)
    return sorted(found.values_list("user_id", flat=True))


def take_seat(
    evaluation: Evaluation,
    actor: User,
    expert: User,
    *,
    on_behalf_of: int | None = None,
    draw: Draw | None = None,
    replaces: Seat | None = None,
) -> Seat:
    """Write the seat with the right that goes with it, and its event."""
    seat = Seat(evaluation=evaluation, expert=expert, seated_by=actor, draw=draw, replaces=replaces)
    seat.save_as(actor)
    assign_perm(SCORE, expert, evaluation)
    record(
        chain=chain_of(evaluation.pk),
        verb="replace_expert" if replaces else "seat_expert",
        actor=actor,
        object=seat,
        data={
            "expert": expert.pk,
            "draw": draw.pk if draw else None,
            "replaces": replaces.pk if replaces else None,
        },
        on_behalf_of=on_behalf_of,
    )
    if evaluation.stage == Stage.EXPERT_SCORING:
        ask_for_scores(evaluation, seat, actor)
    return seat


def ask_for_scores(evaluation: Evaluation, seat: Seat, actor: User) -> Ballot:
    """Give a seat that is taken during the scoring its voice, behind the others'."""
    present = ballots_now(evaluation)
    ballot = Ballot(
        evaluation=evaluation,
        stage=evaluation.stage,
        step=evaluation.step,
        round=evaluation.round,
        place=max((one.place for one in present), default=-1) + 1,
        person=seat.expert,
        seat=seat,
    )
    ballot.save_as(actor, "ask")
    announce(
        message=messages.NEW_TASK,
        values={"project": evaluation.project.name},
        stage=Stage.EXPERT_SCORING.label,
        path=f"/evaluations/{evaluation.pk}/",
        source=f"seat:{seat.pk}",
        owner_id=seat.expert_id,
    )
    return ballot


def experts_done(evaluation: Evaluation) -> set[int]:
    """The experts who have scored in the present round."""
    done = Decision.objects.filter(evaluation=evaluation, verb=Verb.SCORE, round=evaluation.round)
    return set(done.values_list("actor_id", flat=True))


def require_no_conflict(evaluation: Evaluation, actor: User) -> None:
    """Raises ConflictOfInterest for an expert who has come to be in conflict since being seated."""
    conflicts = ExpertConflict.objects.in_force().about(evaluation)
    if conflicts.filter(profile__user=actor.pk, profile__bureau=evaluation.bureau_id).exists():
        raise ConflictOfInterest(
            _("You have declared a conflict of interest: recuse yourself instead of scoring.")
        )
