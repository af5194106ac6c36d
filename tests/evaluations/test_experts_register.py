"""The register of experts: who is entered, suspended, in conflict, and who may do that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from accounts.actions import end_role
from accounts.models import RoleHolding
from audit_log import clock
from audit_log.errors import AlreadyHandled, InvalidInput, JihengError, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.actions import (
    change_expert,
    declare_conflict,
    end_conflict,
    register_expert,
    resume_expert,
    suspend_expert,
)
from evaluations.models import ExpertConflict
from tests.cast import soon
from tests.experts import in_conflict, registered


@contextmanager
def refused(error: type[JihengError], *fields: str) -> Iterator[None]:
    """The block is refused with this error, at these fields, and leaves no event."""
    before = AuditEvent.objects.count()
    with pytest.raises(error) as caught:
        yield
    assert caught.type is error
    assert sorted(getattr(caught.value, "fields", {})) == sorted(fields)
    assert AuditEvent.objects.count() == before


@pytest.fixture
def wu(world):
    return registered(world, world.wu, "信息化", "教育")


def verbs_of(profile) -> list[str]:
    return list(
        AuditEvent.objects.filter(chain=f"expert:{profile.pk}")
        .order_by("sequence")
        .values_list("verb", flat=True)
    )


# --- the register ---------------------------------------------------------------------


def test_an_expert_is_registered_with_fields_once_each_and_in_order(world):
    profile = registered(world, world.wu, " 教育 ", "信息化", "教育", employer=" 某大学 ", post="教授")
    assert profile.expertise == ["信息化", "教育"]
    assert (profile.employer, profile.post) == ("某大学", "教授")
    assert verbs_of(profile) == ["register_expert"]


def test_nobody_is_registered_twice(world, wu):
    with refused(AlreadyHandled):
        registered(world, world.wu)


def test_only_who_holds_the_role_of_expert_is_registered(world):
    with refused(InvalidInput, "expert"):
        registered(world, world.feng)


@pytest.mark.parametrize("name", ["zhou", "zhao", "feng", "lin", "wu", "wei"])
def test_only_the_bureaus_finance_officer_keeps_the_register(world, name):
    with refused(NotAllowed):
        register_expert(actor=world.people[name], bureau=world.bureau, expert=world.wu)


def test_a_change_is_kept_with_what_changed(world, wu):
    change_expert(actor=world.sun, profile=wu, values={"post": "研究员", "employer": ""})
    wu.refresh_from_db()
    assert wu.post == "研究员"
    event = AuditEvent.objects.filter(chain=f"expert:{wu.pk}").latest("sequence")
    assert (event.verb, event.data) == ("change_expert", {"fields": ["post"]})


def test_a_change_of_nothing_leaves_no_event(world, wu):
    change_expert(actor=world.sun, profile=wu, values={"expertise": ["教育", "信息化"]})
    assert verbs_of(wu) == ["register_expert"]


@pytest.mark.parametrize("fields", [["长" * 51], [str(number) for number in range(21)]])
def test_fields_of_expertise_have_bounds(world, wu, fields):
    with refused(InvalidInput, "expertise"):
        change_expert(actor=world.sun, profile=wu, values={"expertise": fields})


# --- suspension -----------------------------------------------------------------------


def test_a_suspension_ends_by_itself_after_its_last_day(world, wu):
    suspend_expert(actor=world.sun, profile=wu, reason="未按时评分", until=soon(3))
    wu.refresh_from_db()
    today = clock.today()
    assert [wu.is_suspended(today + timedelta(days=days)) for days in (-1, 0, 3, 4)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_suspension_without_end_lasts_until_resumed(world, wu):
    suspend_expert(actor=world.sun, profile=wu, reason="未按时评分")
    wu.refresh_from_db()
    assert wu.is_suspended(soon(10_000))
    resume_expert(actor=world.sun, profile=wu)
    wu.refresh_from_db()
    assert not wu.is_suspended()
    assert verbs_of(wu)[1:] == ["suspend_expert", "resume_expert"]


def test_a_suspension_wants_a_reason_and_a_day_to_come(world, wu):
    with refused(InvalidInput, "reason"):
        suspend_expert(actor=world.sun, profile=wu, reason=" ")
    with refused(InvalidInput, "until"):
        suspend_expert(actor=world.sun, profile=wu, reason="病假", until=soon(-1))


def test_nobody_is_suspended_twice_or_resumed_without_need(world, wu):
    with refused(WrongStage):
        resume_expert(actor=world.sun, profile=wu)
    suspend_expert(actor=world.sun, profile=wu, reason="病假")
    with refused(WrongStage):
        suspend_expert(actor=world.sun, profile=wu, reason="病假")


def test_an_expert_neither_suspends_nor_resumes(world, wu):
    with refused(NotAllowed):
        suspend_expert(actor=world.wu, profile=wu, reason="太忙")
    with refused(NotAllowed):
        resume_expert(actor=world.wu, profile=wu)


# --- conflicts of interest ------------------------------------------------------------


def in_force(profile, evaluation, **on) -> int:
    return ExpertConflict.objects.in_force(**on).about(evaluation).filter(profile=profile).count()


def test_a_conflict_with_a_unit_is_about_its_evaluations_only(world, wu, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=())
    in_conflict(world, wu, organization=world.other_unit)
    assert in_force(wu, evaluation) == 0
    in_conflict(world, wu, organization=world.unit)
    assert in_force(wu, evaluation) == 1


def test_a_conflict_with_a_department_is_about_all_its_units(world, wu, commissioned_evaluation):
    in_conflict(world, wu, organization=world.department)
    assert in_force(wu, commissioned_evaluation(experts=())) == 1


def test_a_conflict_with_a_project_is_about_this_project(world, wu, commissioned_evaluation):
    in_conflict(world, wu, project=world.project)
    assert in_force(wu, commissioned_evaluation(experts=())) == 1
    assert in_force(wu, commissioned_evaluation(project=world.other_project, experts=())) == 0


def test_a_conflict_holds_from_its_first_to_its_last_day(world, wu, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=())
    in_conflict(world, wu, organization=world.unit, since=soon(2), until=soon(4))
    assert [in_force(wu, evaluation, on=soon(days)) for days in (1, 2, 4, 5)] == [0, 1, 1, 0]


def test_a_conflict_that_was_ended_holds_no_more(world, wu, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=())
    end_conflict(actor=world.sun, conflict=in_conflict(world, wu), reason="离职已满三年")
    assert in_force(wu, evaluation) == 0


def test_experts_declare_their_own_conflicts_and_nobody_elses(world, wu):
    conflict = declare_conflict(actor=world.wu, profile=wu, reason="亲属任职", organization=world.unit)
    assert conflict.declared_by == world.wu
    with refused(NotAllowed):
        declare_conflict(actor=world.zheng, profile=wu, reason="亲属任职", organization=world.unit)


def test_an_expert_does_not_end_a_conflict(world, wu):
    conflict = in_conflict(world, wu)
    with refused(NotAllowed):
        end_conflict(actor=world.wu, conflict=conflict, reason="已经无关")


def test_who_is_no_expert_any_more_declares_nothing(world, wu):
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.wu))
    with refused(NotAllowed):
        declare_conflict(actor=world.wu, profile=wu, reason="亲属任职", organization=world.unit)


def test_a_conflict_is_with_one_unit_department_or_project_of_the_bureau(world, wu):
    for about in (
        {},
        {"organization": world.unit, "project": world.project},
        {"organization": world.bureau},
    ):
        with refused(InvalidInput, "organization"):
            declare_conflict(actor=world.sun, profile=wu, reason="任职", **about)


def test_a_conflict_wants_a_reason_and_days_in_order(world, wu):
    with refused(InvalidInput, "reason"):
        declare_conflict(actor=world.sun, profile=wu, reason="", organization=world.unit)
    with refused(InvalidInput, "until"):
        declare_conflict(
            actor=world.sun, profile=wu, reason="任职", organization=world.unit, since=soon(2), until=soon(1)
        )


def test_a_conflict_ends_once_and_with_a_reason(world, wu):
    conflict = in_conflict(world, wu)
    with refused(InvalidInput, "end_reason"):
        end_conflict(actor=world.sun, conflict=conflict, reason=" ")
    end_conflict(actor=world.sun, conflict=conflict, reason="离职已满三年")
    with refused(WrongStage):
        end_conflict(actor=world.sun, conflict=conflict, reason="离职已满三年")
