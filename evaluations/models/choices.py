"""The field's fixed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The three kinds of evaluation that the law knows (财预〔2020〕10号)."""

    SELF = "self", _("unit self-assessment")
    DEPARTMENT = "department", _("department evaluation")
    FINANCE = "finance", _("finance evaluation")


class Stage(models.TextChoices):
    """Where an evaluation stands. Written only inside actions."""

    SELF_ASSESSMENT = "self_assessment", _("self-assessment")
    UNIT_APPROVAL = "unit_approval", _("unit approval")
    DEPARTMENT_REVIEW = "department_review", _("department review")
    FINANCE_REVIEW = "finance_review", _("finance review")
    MATERIAL = "material", _("material from the unit")
    EXPERT_SCORING = "expert_scoring", _("expert scoring")
    DRAFT_CONCLUSION = "draft_conclusion", _("draft conclusion")
    EXCHANGE_OF_VIEWS = "exchange_of_views", _("exchange of views")
    CONCLUSION = "conclusion", _("conclusion")
    RECTIFICATION = "rectification", _("rectification")
    CLOSED = "closed", _("closed")


class ScoreSource(models.TextChoices):
    """Who gave a score; what the rule computes is never stored."""

    STATED = "stated", _("stated score")
    DEPARTMENT = "department", _("department score")
    FINANCE = "finance", _("finance score")
    EXPERT = "expert", _("expert score")


class IndicatorKind(models.TextChoices):
    QUANTITATIVE = "quantitative", _("quantitative")
    QUALITATIVE = "qualitative", _("qualitative")


class Direction(models.TextChoices):
    HIGHER = "higher", _("the more the better")
    LOWER = "lower", _("the less the better")


class Comparator(models.TextChoices):
    AT_LEAST = ">=", "≥"
    MORE = ">", ">"
    EQUAL = "=", "="
    AT_MOST = "<=", "≤"
    LESS = "<", "<"


class Grade(models.TextChoices):
    EXCELLENT = "优", _("excellent")
    GOOD = "良", _("good")
    FAIR = "中", _("fair")
    POOR = "差", _("poor")
