"""The dossier of one project in one year."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from audit_log.tracking import TrackedModel
from evaluations.models.choices import Grade, Kind, Stage
from evaluations.models.frameworks import Framework
from evaluations.models.policies import ReviewPolicy
from evaluations.models.projects import Campaign, Project
from evaluations.models.schemes import Scheme

SCORE: dict[str, Any] = {"max_digits": 7, "decimal_places": 2, "null": True, "blank": True}

# A conclusion is final when the last signature has led on to one of these.
CONCLUDED_STAGES = (Stage.RECTIFICATION, Stage.CLOSED)
# The panel has still to finish: in a later round the dossier may be with the unit again.
PANEL_STAGES = (Stage.MATERIAL, Stage.EXPERT_SCORING)


def new_seed() -> str:
    """A seed that nobody can foresee, and that stays with the evaluation."""
    return secrets.token_hex(8)


class Evaluation(TrackedModel):
    """An evaluation and where it stands.

    ``stage``, ``step`` and ``round`` are written only inside actions. Unit, department and
    bureau are stored here: rights are looked up on them and inherit no other way.
    """

    number = models.CharField(_("number"), max_length=40, unique=True)
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="evaluations", verbose_name=_("project")
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluations",
        verbose_name=_("campaign"),
    )
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="evaluations", verbose_name=_("scheme"))
    framework = models.ForeignKey(
        Framework,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluations",
        verbose_name=_("framework"),
    )
    policy = models.ForeignKey(
        ReviewPolicy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluations",
        verbose_name=_("review policy"),
        help_text=_("Without one the procedure is the product's own for this kind."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    unit = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    department = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("department")
    )
    bureau = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("bureau")
    )
    opened_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"))
    unit_approval = models.BooleanField(_("the unit approves first"), default=True)
    days_to_fill = models.PositiveSmallIntegerField(_("days to fill in"), default=30)
    days_to_review = models.PositiveSmallIntegerField(_("days for each review"), default=10)

    stage = models.CharField(_("stage"), max_length=30, choices=Stage)
    step = models.PositiveSmallIntegerField(
        _("step"), default=0, help_text=_("Which of the policy's steps at this stage, counted from 0.")
    )
    detours = models.JSONField(
        default=list,
        blank=True,
        help_text="Where returns that asked for the straight way back go on, the last one last.",
    )
    sample_seed = models.CharField(
        max_length=32, default=new_seed, help_text="What the drawing of samples is computed from."
    )
    drawn_at = models.DateTimeField(_("drawn for re-check at"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)

    notice = models.TextField(_("notice and list of material"), blank=True)
    base_date = models.DateField(_("base date"), null=True, blank=True)
    report_date = models.DateField(_("report date"), null=True, blank=True)
    goal_expected = models.TextField(_("goal expected"), blank=True)
    goal_achieved = models.TextField(_("goal achieved"), blank=True)
    team = models.JSONField(_("evaluation team"), default=list, blank=True)

    stated_total = models.DecimalField(_("stated total"), **SCORE)
    stated_grade = models.CharField(_("stated grade"), max_length=2, choices=Grade, blank=True)
    stated_subtotals = models.JSONField(_("stated subtotals"), default=dict, blank=True)
    stated_level_weights = models.JSONField(_("stated level weights"), default=dict, blank=True)
    content_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the dossier as last submitted."
    )

    draft_total = models.DecimalField(_("draft total"), **SCORE)
    draft_grade = models.CharField(_("draft grade"), max_length=2, choices=Grade, blank=True)
    draft_conclusion = models.TextField(_("draft conclusion"), blank=True)
    concluded_total = models.DecimalField(_("concluded total"), **SCORE)
    concluded_grade = models.CharField(_("concluded grade"), max_length=2, choices=Grade, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    concluded_at = models.DateTimeField(_("concluded at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    demonstration_note = models.TextField(
        _("what is demonstration"),
        blank=True,
        help_text=_("What the source does not say but the demonstration needs."),
    )

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-opened_at", "-pk"]
        default_permissions = ()
        permissions = [
            ("score_evaluation", _("score as a seated expert")),
            ("take_part", _("take part by appointment")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="one_evaluation_of_a_kind_per_project"),
            models.CheckConstraint(
                condition=models.Q(stage=Stage.CLOSED, closed_at__isnull=False)
                | (~models.Q(stage=Stage.CLOSED) & models.Q(closed_at__isnull=True)),
                name="closed_exactly_when_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-opened_at"], name="evaluation_of_unit"),
            models.Index(fields=["department", "-opened_at"], name="evaluation_of_department"),
            models.Index(fields=["bureau", "-opened_at"], name="evaluation_of_bureau"),
            models.Index(fields=["stage", "fiscal_year"], name="evaluation_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_self(self) -> bool:
        return self.kind == Kind.SELF

    @property
    def is_concluded(self) -> bool:
        """Whether its conclusion is final: given, and signed by everybody who has to."""
        return self.concluded_total is not None and self.stage in CONCLUDED_STAGES

    @property
    def evaluator_id(self) -> int:
        """The organization that runs a department or finance evaluation and concludes it."""
        return self.department_id if self.kind == Kind.DEPARTMENT else self.bureau_id


class EvaluationUserPermission(UserObjectPermissionBase):
    """guardian's direct foreign-key model: an expert's seat, an appointment."""

    content_object = models.ForeignKey(Evaluation, models.CASCADE)


class EvaluationGroupPermission(GroupObjectPermissionBase):
    """guardian's direct foreign-key model."""

    content_object = models.ForeignKey(Evaluation, models.CASCADE)
