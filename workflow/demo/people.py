"""The demonstration's organizations and people: role names, nobody real."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from accounts.actions import add_organization, add_person, grant_role
from accounts.demonstration import PREFIX
from accounts.models import Organization, User
from accounts.roles import Role

# role → (end of the user name, the role's name on the badge)
UNIT = {Role.PROJECT_LEAD: ("lead", "项目负责人"), Role.UNIT_APPROVER: ("approver", "单位负责人")}
DEPARTMENT = {
    Role.DEPARTMENT_REVIEWER: ("reviewer", "部门审核人"),
    Role.DEPARTMENT_HEAD: ("head", "部门负责人"),
}
BUREAU = {
    Role.FINANCE_OFFICER: ("officer", "绩效科经办人"),
    Role.FINANCE_CHIEF: ("chief", "绩效科科长"),
    Role.AUDITOR: ("auditor", "监督审计人员"),
}


@dataclass
class Office:
    """One place: its bureau, the department with its own level as unit, and who works there."""

    key: str
    place: str
    bureau: Organization
    department: Organization
    unit: Organization
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, post: str) -> User:
        return self.people[post]


def make_office(key: str, place: str, bureau: str, department: str) -> Office:
    """A bureau with one department and its own-level unit, each role held by somebody."""
    code = key.upper()
    top = add_organization(actor=None, kind="bureau", name=bureau, code=code)
    middle = add_organization(actor=None, kind="department", name=department, code=f"{code}-01", parent=top)
    own = add_organization(
        actor=None,
        kind="unit",
        name=f"{department}本级",
        code=f"{code}-01-01",
        parent=middle,
        is_own_level=True,
    )
    office = Office(key, place, top, middle, own)
    staff(office, own, UNIT)
    staff(office, middle, DEPARTMENT)
    staff(office, top, BUREAU)
    return office


def staff(
    office: Office, organization: Organization, posts: dict[Role, tuple[str, str]], tag: str = ""
) -> None:
    """Give every post at the organization to somebody of its own."""
    for role, (post, name) in posts.items():
        hire(office, organization, role, f"{tag}{post}", f"{name}（{office.place}）")


def hire(office: Office, organization: Organization, role: Role, post: str, name: str) -> User:
    """One person with one role."""
    person = add_person(
        actor=None,
        username=f"{PREFIX}{office.key}-{post}",
        display_name=name,
        password=settings.DEMO_PASSWORD,
    )
    grant_role(actor=None, user=person, organization=organization, role=role)
    office.people[post] = person
    return person


def make_neighbours(office: Office) -> None:
    """Another department and unit below the same bureau: their people must see nothing of the case."""
    department = add_organization(
        actor=None,
        kind="department",
        name=f"{office.place}另一主管部门（演示）",
        code=f"{office.key.upper()}-02",
        parent=office.bureau,
    )
    unit = add_organization(
        actor=None,
        kind="unit",
        name=f"{office.place}另一预算单位（演示）",
        code=f"{office.key.upper()}-02-01",
        parent=department,
    )
    staff(office, unit, UNIT, "other-")
    staff(office, department, DEPARTMENT, "other-")
