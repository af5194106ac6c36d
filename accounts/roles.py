"""Which role carries which rights. Rights are held *at* an organization."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The roles of the field; the Chinese names are fixed in the glossary."""

    PROJECT_LEAD = "project_lead", _("project lead")
    UNIT_APPROVER = "unit_approver", _("unit approver")
    DEPARTMENT_REVIEWER = "department_reviewer", _("department reviewer")
    DEPARTMENT_HEAD = "department_head", _("department head")
    FINANCE_DIVISION_REVIEWER = "finance_division_reviewer", _("finance division reviewer")
    FINANCE_OFFICER = "finance_officer", _("finance officer")
    FINANCE_CHIEF = "finance_chief", _("finance chief")
    BUREAU_LEADER = "bureau_leader", _("bureau leader")
    EXPERT = "expert", _("expert")
    AUDITOR = "auditor", _("auditor")


class Right(models.TextChoices):
    """Permission codenames on Organization."""

    VIEW_EVALUATIONS = "view_evaluations", _("see the evaluations")
    FILL_SELF_ASSESSMENT = "fill_self_assessment", _("fill in the self-assessment and supply material")
    APPROVE_UNIT = "approve_unit", _("approve for the unit")
    REVIEW_DEPARTMENT = "review_department", _("review for the department")
    REVIEW_FINANCE = "review_finance", _("review for the finance bureau")
    RUN_EVALUATION = "run_evaluation", _("open and run evaluations")
    CONCLUDE = "conclude", _("conclude evaluations")
    CARRY_OUT_RECTIFICATION = "carry_out_rectification", _("plan and report rectification")
    VERIFY_DEPARTMENT = "verify_department", _("verify rectification for the department")
    VERIFY_FINANCE = "verify_finance", _("verify rectification for the finance bureau")
    BE_SEATED = "be_seated", _("be seated as an expert")
    VIEW_AUDIT = "view_audit", _("see the audit trail")
    MANAGE_PEOPLE = "manage_people", _("grant and end roles")
    MANAGE_SCHEMES = "manage_schemes", _("maintain schemes, frameworks and the indicator library")
    MANAGE_ENDPOINTS = "manage_endpoints", _("set up webhooks and see what could not be sent")

    # What a review policy asks for when it names one role, not whoever may do a thing.
    AS_UNIT_APPROVER = "as_unit_approver", _("act as unit approver")
    AS_DEPARTMENT_REVIEWER = "as_department_reviewer", _("act as department reviewer")
    AS_DEPARTMENT_HEAD = "as_department_head", _("act as department head")
    AS_FINANCE_DIVISION_REVIEWER = "as_finance_division_reviewer", _("act as finance division reviewer")
    AS_FINANCE_OFFICER = "as_finance_officer", _("act as finance officer")
    AS_FINANCE_CHIEF = "as_finance_chief", _("act as finance chief")
    AS_BUREAU_LEADER = "as_bureau_leader", _("act as bureau leader")


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.PROJECT_LEAD: frozenset(
        {Right.VIEW_EVALUATIONS, Right.FILL_SELF_ASSESSMENT, Right.CARRY_OUT_RECTIFICATION}
    ),
    Role.UNIT_APPROVER: frozenset(
        {
            Right.VIEW_EVALUATIONS,
            Right.APPROVE_UNIT,
            Right.CARRY_OUT_RECTIFICATION,
            Right.AS_UNIT_APPROVER,
        }
    ),
    Role.DEPARTMENT_REVIEWER: frozenset(
        {
            Right.VIEW_EVALUATIONS,
            Right.REVIEW_DEPARTMENT,
            Right.RUN_EVALUATION,
            Right.VERIFY_DEPARTMENT,
            Right.AS_DEPARTMENT_REVIEWER,
        }
    ),
    Role.DEPARTMENT_HEAD: frozenset(
        {
            Right.VIEW_EVALUATIONS,
            Right.REVIEW_DEPARTMENT,
            Right.CONCLUDE,
            Right.VERIFY_DEPARTMENT,
            Right.MANAGE_ENDPOINTS,
            Right.AS_DEPARTMENT_HEAD,
        }
    ),
    Role.FINANCE_DIVISION_REVIEWER: frozenset(
        {Right.VIEW_EVALUATIONS, Right.REVIEW_FINANCE, Right.AS_FINANCE_DIVISION_REVIEWER}
    ),
    Role.FINANCE_OFFICER: frozenset(
        {
            Right.VIEW_EVALUATIONS,
            Right.REVIEW_FINANCE,
            Right.RUN_EVALUATION,
            Right.VERIFY_FINANCE,
            Right.MANAGE_SCHEMES,
            Right.AS_FINANCE_OFFICER,
        }
    ),
    Role.FINANCE_CHIEF: frozenset(
        {
            Right.VIEW_EVALUATIONS,
            Right.CONCLUDE,
            Right.VERIFY_FINANCE,
            Right.VIEW_AUDIT,
            Right.MANAGE_PEOPLE,
            Right.MANAGE_SCHEMES,
            Right.MANAGE_ENDPOINTS,
            Right.AS_FINANCE_CHIEF,
        }
    ),
    Role.BUREAU_LEADER: frozenset({Right.VIEW_EVALUATIONS, Right.VIEW_AUDIT, Right.AS_BUREAU_LEADER}),
    Role.EXPERT: frozenset({Right.BE_SEATED}),
    Role.AUDITOR: frozenset({Right.VIEW_EVALUATIONS, Right.VIEW_AUDIT}),
}


HELD_AT: dict[Role, str] = {
    Role.PROJECT_LEAD: "unit",
    Role.UNIT_APPROVER: "unit",
    Role.DEPARTMENT_REVIEWER: "department",
    Role.DEPARTMENT_HEAD: "department",
    Role.FINANCE_DIVISION_REVIEWER: "bureau",
    Role.FINANCE_OFFICER: "bureau",
    Role.FINANCE_CHIEF: "bureau",
    Role.BUREAU_LEADER: "bureau",
    Role.EXPERT: "bureau",
    Role.AUDITOR: "bureau",
}


def codename_of(asked: str) -> str:
    """The right that a step asks for: of a role the right to act as it, any other code as it is."""
    return f"as_{asked}" if asked in HELD_AT else asked
