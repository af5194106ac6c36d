"""The people of the office: several for each role, so that votes and substitutes are possible."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.actions import add_organization, add_person, grant_role
from accounts.models import Organization, RoleHolding, User
from accounts.roles import HELD_AT, Role
from evaluations.models import Project
from tests.cast import PASSWORD
from tests.workflow.office.policies import HOLDERS

AT_DESKS = (
    Role.UNIT_APPROVER,
    Role.DEPARTMENT_REVIEWER,
    Role.DEPARTMENT_HEAD,
    Role.FINANCE_DIVISION_REVIEWER,
    Role.FINANCE_OFFICER,
    Role.FINANCE_CHIEF,
    Role.BUREAU_LEADER,
)
EXPERTS = 4


@dataclass
class Office:
    """A bureau with one department and one unit, and everybody in it."""

    places: dict[str, Organization]
    people: list[User] = field(default_factory=list)
    experts: list[User] = field(default_factory=list)
    project: Project | None = None
    size: int = 0

    def holders(self, role: Role) -> list[User]:
        """Who holds the role at present, the first to hold it first."""
        held = RoleHolding.objects.filter(role=role, ended_at=None, user__in=self.people)
        return [holding.user for holding in held.select_related("user").order_by("pk")]

    def forget_additions(self) -> None:
        """Back to the people of the beginning: the rest were rolled back."""
        del self.people[self.size :]
        del self.experts[EXPERTS:]

    def place_of(self, role: Role) -> Organization:
        return self.places[HELD_AT[role]]

    def add(self, role: Role) -> User:
        """One more person who holds the role."""
        number = len(self.people) + 1
        person = add_person(
            actor=None, username=f"p{number}", display_name=f"人员{number}", password=PASSWORD
        )
        grant_role(actor=None, user=person, organization=self.place_of(role), role=role)
        self.people.append(person)
        if role == Role.EXPERT:
            self.experts.append(person)
        return person


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
        office.add(Role.EXPERT)
    office.add(Role.AUDITOR)
    office.project = Project(
        code="XM-1", name="社会保险经办信息系统", fiscal_year=2025, unit=unit, lead=leads[0]
    )
    office.project.save_as(None)
    office.size = len(office.people)
    return office
