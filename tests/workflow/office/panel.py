"""Who is seated as an expert, and who is appointed to a part: the people of one evaluation alone."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from approvals.actions.appointments import parts_missing
from approvals.actions.seating import experts_done
from approvals.course import appointed_to, appointments_of
from evaluations.models import PANEL_STAGES, Appointment, Evaluation, Part, Seat, Stage
from tests.workflow.office.driving import SOUGHT, indexes, one_of, rule
from tests.workflow.office.item_office import OfficesItems
from tests.workflow.office.people import field_of
from tests.workflow.office.watching import chosen
from workflow import appointing, seating, services

SPARE_EXPERTS = 1
"""So many are left in the register whatever happens: the ending seats them in vacant places."""


class Panel(OfficesItems):
    """Seats and appointments."""

    def runner(self, evaluation: Evaluation, who: int) -> User:
        """Whoever runs the evaluation; now and then anybody."""
        return self.person(who) if who % 6 == 0 else self.runs(evaluation, who)

    def vacant(self, evaluation: Evaluation) -> list[Seat]:
        """The seats that nobody has taken yet from somebody who was recused."""
        recused = evaluation.seats.filter(replacement=None).exclude(recused_at=None)
        return list(recused.select_related("evaluation").order_by("expert"))

    def unseated(self, evaluation: Evaluation) -> list[User]:
        """The experts of the register who never had a seat on it."""
        known = set(evaluation.seats.values_list("expert", flat=True))
        return [expert for expert in self.office.experts if expert.pk not in known]

    @rule(SOUGHT, index=indexes, who=indexes)
    def an_expert_leaves_the_panel(self, index: int, who: int) -> None:
        """By the own word, by the office's, and now and then by anybody's; or after having scored."""
        evaluation = self.evaluation
        in_force = evaluation.seats.in_force().select_related("evaluation", "expert").order_by("expert")
        done = experts_done(evaluation) if who % 4 else set()
        seats = [seat for seat in in_force if seat.expert_id not in done]
        too_late = evaluation.stage not in PANEL_STAGES and who % 9
        if evaluation.is_self or too_late or len(self.unseated(evaluation)) <= SPARE_EXPERTS or not seats:
            self.go_on(index, who, who)
            return
        seat: Seat = chosen(seats, index)
        actor = seat.expert if who % 3 == 0 else self.runner(evaluation, who)
        reason = "与该单位有合作。" if who % 7 else ""
        self.try_to("recuse", actor, seat, lambda: seating.recuse(seat=seat, actor=actor, reason=reason))

    @rule(SOUGHT, index=indexes, who=indexes, expert=indexes)
    def a_vacant_seat_is_taken(self, index: int, who: int, expert: int) -> None:
        """By somebody named, or drawn from a field; now and then by somebody who cannot."""
        evaluation = self.evaluation
        if not self.vacant(evaluation):
            self.an_expert_leaves_the_panel(index, who)
        seats = self.vacant(evaluation)
        if not seats or evaluation.stage not in PANEL_STAGES:
            return
        seat, actor = chosen(seats, index), self.runner(evaluation, who)
        free = self.unseated(evaluation)
        named = chosen(free if expert % 5 and free else self.office.people, expert)
        choice: dict[str, Any] = {"expert": named}
        if expert % 2 and named in self.office.experts:
            choice = {"expertise": [field_of(self.office.experts.index(named))]}
        self.try_to(
            "replace_expert", actor, seat, lambda: seating.replace_expert(seat=seat, actor=actor, **choice)
        )

    @rule(SOUGHT, who=indexes, expert=indexes)
    def one_more_is_seated_or_drawn(self, who: int, expert: int) -> None:
        """Before the scoring; a draw finds everybody of its fields, so it has no other outcome."""
        evaluation = self.evaluation
        free, actor = self.unseated(evaluation), self.runner(evaluation, who)
        too_late = evaluation.stage != Stage.MATERIAL and who % 9
        if evaluation.is_self or too_late or len(free) < 4:
            self.go_on(who, who, expert)
            return
        if expert % 3 == 0:
            named = chosen(free if expert % 4 else self.office.people, expert)
            door = lambda: services.seat_expert(evaluation=evaluation, actor=actor, expert=named)  # noqa: E731
            self.try_to("seat_expert", actor, evaluation, door)
            return
        drawn = free[expert % 2 : 2]
        details = {
            "number": len(drawn) + (expert % 9 == 1),
            "expertise": [field_of(self.office.experts.index(each)) for each in drawn],
        }
        self.try_to(
            "draw_experts",
            actor,
            evaluation,
            lambda: seating.draw_experts(evaluation=evaluation, actor=actor, **details),
        )

    # --- parts -----------------------------------------------------------------------------

    @rule(who=indexes, person=indexes, part=one_of(Part.values))
    def somebody_is_appointed(self, who: int, person: int, part: str) -> None:
        """To a part that the policy asks for, or to any; mostly an outsider."""
        evaluation = self.evaluation
        missing = [] if evaluation.is_self else parts_missing(evaluation)
        part = chosen(missing, who) if missing and who % 4 else part
        if (evaluation.is_self or appointed_to(evaluation, part)) and who % 9:
            self.go_on(who, person, who)
            return
        people = self.office.outsiders if person % 5 else self.office.people
        self.appoints(evaluation, self.runner(evaluation, who), chosen(people, person), part)

    @rule(SOUGHT, index=indexes, who=indexes)
    def an_appointment_ends(self, index: int, who: int) -> None:
        """And often somebody else gets the part at once."""
        evaluation = self.evaluation
        now = list(appointments_of(evaluation).select_related("evaluation").order_by("part"))
        found: Appointment | None = chosen(now, index)
        if found is None:
            self.somebody_is_appointed(who, index, chosen(Part.values, index))
            return
        actor = self.runner(evaluation, who)
        reason = "工作调动。" if who % 5 else ""
        self.try_to(
            "end_appointment",
            actor,
            found,
            lambda: appointing.end_appointment(appointment=found, actor=actor, reason=reason),
        )
        if index % 2 and appointed_to(evaluation, found.part) is None:
            self.appoints(evaluation, actor, chosen(self.office.outsiders, index), found.part)
