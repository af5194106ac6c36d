"""The people of the office: several for each role, so that votes and substitutes are possible."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.access import holders_of
from accounts.actions import add_organization, add_person, grant_role
from accounts.models import Organization, User
from accounts.roles import HELD_AT, Role
from audit_log import clock
from evaluations.actions import register_expert
from evaluations.models import Project
from tests.cast import PASSWORD

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo(settings.TIME_ZONE))
"""Every course begins on this day and has a clock of its own: two runs are the same."""
AT_DESKS = (
    Role.UNIT_APPROVER,
    Role.DEPARTMENT_REVIEWER,
    Role.DEPARTMENT_HEAD,
    Role.FINANCE_DIVISION_REVIEWER,
    Role.FINANCE_OFFICER,
    Role.FINANCE_CHIEF,
    Role.BUREAU_LEADER,
)
HOLDERS = 3
"""How many people hold each role at a desk."""
EXPERTS = 8
OUTSIDERS = 10
"""People without any role, whom an agency sends or who head a working group."""
PROJECTS = 4


@dataclass
class Office:
    """A bureau with one department and one unit, and everybody in it."""

    places: dict[str, Organization]
    people: list[User] = field(default_factory=list)
    experts: list[User] = field(default_factory=list)
    outsiders: list[User] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    newcomers: int = 0
    """How many people had to be appointed to a role for the evaluation to go on."""

    def holders(self, role: Role) -> list[User]:
        """Who holds the role at present."""
        return list(holders_of(f"as_{role}", self.place_of(role).pk).order_by("pk"))

    def place_of(self, role: Role) -> Organization:
        return self.places[HELD_AT[role]]

    def add(self, role: Role | None = None) -> User:
        """One more person, who holds the role."""
        number = len(self.people) + 1
        person = add_person(
            actor=None, username=f"p{number}", display_name=f"人员{number}", password=PASSWORD
        )
        self.people.append(person)
        if role is not None:
            grant_role(actor=None, user=person, organization=self.place_of(role), role=role)
        return person

    def add_newcomer(self, role: Role) -> User:
        """Somebody who is appointed to the role because nobody else could act."""
        self.newcomers += 1
        return self.add(role)

    def add_expert(self) -> User:
        """One more expert, who is alone in the register with a field of that expert's own."""
        expert = self.add(Role.EXPERT)
        officer = self.holders(Role.FINANCE_OFFICER)[0]
        own = field_of(len(self.experts))
        register_expert(actor=officer, bureau=self.places["bureau"], expert=expert, expertise=[own])
        self.experts.append(expert)
        return expert

    def forget(self, size: int) -> None:
        """Back to the people of the beginning: whoever came later was rolled back."""
        del self.people[size:]
        self.newcomers = 0


def field_of(expert: int) -> str:
    """The field of expertise by which a draw finds this very expert: so a draw has no other outcome."""
    return f"第{expert + 1}专业"


@clock.at(BEGINNING - timedelta(days=1))
def staffed_office() -> Office:
    """Build it through the product's own doors."""
    bureau = add_organization(actor=None, kind="bureau", name="衡州市财政局", code="100", parent=None)
    department = add_organization(
        actor=None, kind="department", name="衡州市人社局", code="110", parent=bureau
    )
    unit = add_organization(actor=None, kind="unit", name="社保服务中心", code="111", parent=department)
    office = Office({"bureau": bureau, "department": department, "unit": unit})
    leads = [office.add(Role.PROJECT_LEAD) for _ in range(2)]
    for role in AT_DESKS:
        for _ in range(HOLDERS):
            office.add(role)
    for _ in range(EXPERTS):
        office.add_expert()
    office.add(Role.AUDITOR)
    office.outsiders = [office.add() for _ in range(OUTSIDERS)]
    for number in range(PROJECTS):
        project = Project(
            code=f"XM-{number}", name=f"经办信息系统{number}", fiscal_year=2025, unit=unit, lead=leads[0]
        )
        project.save_as(None)
        office.projects.append(project)
    return office
