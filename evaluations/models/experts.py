"""The experts: a bureau's register of them, their conflicts of interest, draws and seats."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from audit_log import clock
from audit_log.tracking import TrackedModel
from evaluations.models.evaluations import Evaluation
from evaluations.models.projects import Project


class ExpertProfile(TrackedModel):
    """An expert in a bureau's register: somebody who holds the role of expert there."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="expert_profiles", verbose_name=_("expert")
    )
    bureau = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("finance bureau")
    )
    expertise = models.JSONField(_("fields of expertise"), default=list)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    post = models.CharField(_("post or professional title"), max_length=100, blank=True)
    note = models.TextField(_("note"), blank=True)
    registered_at = models.DateTimeField(_("registered at"), default=clock.now)
    suspended_from = models.DateField(_("suspended from"), null=True, blank=True)
    suspended_until = models.DateField(_("suspended until"), null=True, blank=True)
    suspension_reason = models.TextField(_("reason for the suspension"), blank=True)

    class Meta:
        verbose_name = _("expert in the register")
        verbose_name_plural = _("register of experts")
        ordering = ["user__display_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "bureau"], name="registered_once_per_bureau")]

    def __str__(self) -> str:
        return str(self.user)

    def is_suspended(self, on: date | None = None) -> bool:
        """Whether the expert may not be seated on this day (today); the last day is included."""
        day = on or clock.today()
        if self.suspended_from is None or day < self.suspended_from:
            return False
        return self.suspended_until is None or day <= self.suspended_until


class ConflictQuerySet(models.QuerySet["ExpertConflict"]):
    def in_force(self, on: date | None = None) -> ConflictQuerySet:
        """Those that hold on this day (today)."""
        day = on or clock.today()
        return self.filter(Q(until=None) | Q(until__gte=day), ended_at=None, since__lte=day)

    def about(self, evaluation: Evaluation) -> ConflictQuerySet:
        """Those with the evaluation's unit, department or project."""
        organizations = [evaluation.unit_id, evaluation.department_id]
        return self.filter(Q(organization__in=organizations) | Q(project=evaluation.project_id))


class ExpertConflict(TrackedModel):
    """A conflict of interest: with a unit, with a department and all its units, or with a project."""

    profile = models.ForeignKey(
        ExpertProfile, models.PROTECT, related_name="conflicts", verbose_name=_("expert")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organization")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("project")
    )
    reason = models.TextField(_("reason"))
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)
    declared_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("declared by")
    )
    declared_at = models.DateTimeField(_("declared at"), default=clock.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.TextField(_("why it ended"), blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization=None, project__isnull=False)
                | Q(organization__isnull=False, project=None),
                name="conflict_with_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.organization or self.project)


class Draw(models.Model):
    """One drawing of experts by lot: from whom, by which seed, and who came out. Never changes.

    Anybody can draw it again: ``evaluations.drawing.drawn(candidates, number, seed)``.
    """

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="draws")
    expertise = models.JSONField(_("fields of expertise asked for"), default=list)
    number = models.PositiveSmallIntegerField(_("how many were drawn"))
    seed = models.CharField(_("seed"), max_length=64)
    candidates = models.JSONField(_("candidates"))
    excluded = models.JSONField(_("left out beforehand"), default=dict)
    """Why somebody of the register was no candidate, by the person's id."""
    chosen = models.JSONField(_("chosen"))
    drawn_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("drawn at"), default=clock.now)

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.pk}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def in_force(self) -> SeatQuerySet:
        """The seats whose experts take part: all but the recused ones."""
        return self.filter(recused_at=None)

    def vacant(self) -> SeatQuerySet:
        """Seats given up during the scoring that nobody was seated for yet."""
        return self.filter(needs_replacement=True, replacement=None)


class Seat(TrackedModel):
    """An expert's seat on one evaluation; the right to score goes with it.

    A recused seat stays as it was, with when and why, and gives no right any more.
    """

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="seats")
    expert = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="seats", verbose_name=_("expert")
    )
    seated_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("seated by")
    )
    seated_at = models.DateTimeField(_("seated at"), default=clock.now)
    draw = models.ForeignKey(
        Draw, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("drawn in")
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replacement",
        verbose_name=_("replaces"),
    )
    recused_at = models.DateTimeField(_("recused at"), null=True, blank=True)
    recused_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recused by"),
    )
    recused_reason = models.TextField(_("reason for the recusal"), blank=True)
    needs_replacement = models.BooleanField(_("has to be replaced"), default=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert's seat")
        verbose_name_plural = _("experts' seats")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "expert"], name="seated_once"),
            models.CheckConstraint(
                condition=Q(recused_at=None, recused_by=None, needs_replacement=False)
                | Q(recused_at__isnull=False, recused_by__isnull=False),
                name="recused_with_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.expert)

    @property
    def is_recused(self) -> bool:
        return self.recused_at is not None
