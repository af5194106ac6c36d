"""Opening an evaluation: what is refused."""

from __future__ import annotations

import pytest

from audit_log.errors import InvalidInput, NotAllowed
from evaluations.models import Kind
from tests.approvals.refusals import refused
from workflow import services


def open_by(world, name, kind, **details):
    given = {"notice": "请提供材料。", **details}
    return services.open_evaluation(
        actor=world.people[name], project=world.project, kind=kind, scheme=world.scheme, **given
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.SELF, "lin"),
        (Kind.SELF, "zhao"),
        (Kind.SELF, "zhou"),
        (Kind.SELF, "wei"),
        (Kind.DEPARTMENT, "sun"),
        (Kind.DEPARTMENT, "chu"),
        (Kind.FINANCE, "zhao"),
    ],
)
def test_only_the_office_that_runs_this_kind_opens_it(world, kind, name):
    with refused(NotAllowed):
        open_by(world, name, kind)


@pytest.mark.parametrize(("kind", "name"), [(Kind.DEPARTMENT, "zhao"), (Kind.FINANCE, "sun")])
def test_a_commissioned_evaluation_needs_its_notice(world, kind, name):
    with refused(InvalidInput, "notice"):
        open_by(world, name, kind, notice=" ")


def test_a_project_is_evaluated_once_in_each_kind(world):
    open_by(world, "sun", Kind.FINANCE)
    with refused(InvalidInput, "project"):
        open_by(world, "sun", Kind.FINANCE)
    open_by(world, "zhao", Kind.DEPARTMENT)


def test_numbers_go_on_beyond_four_digits(world):
    first = open_by(world, "sun", Kind.FINANCE)
    year = world.project.fiscal_year
    for taken, project in ((9999, world.new_project()), (10000, world.new_project())):
        other = services.open_evaluation(
            actor=world.sun, project=project, kind=Kind.FINANCE, scheme=world.scheme, notice="请提供材料。"
        )
        other.number = f"JX-{year}-{taken}"
        other.save_as(world.sun, "a long year")
    opened = open_by(world, "zhao", Kind.DEPARTMENT)
    assert first.number < opened.number == f"JX-{year}-10001"
