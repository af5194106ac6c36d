"""Who carries an evaluation out for an agency, or heads its working group."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log import clock
from audit_log.tracking import TrackedModel
from evaluations.models.evaluations import Evaluation


class Part(models.TextChoices):
    """What a person is appointed to on one evaluation (财预〔2020〕10号, third parties)."""

    AGENCY_REVIEWER = "agency_reviewer", _("internal reviewer of the agency")
    LEAD_EVALUATOR = "lead_evaluator", _("lead evaluator")
    AGENCY_SEAL = "agency_seal", _("keeper of the agency's seal")
    GROUP_HEAD = "group_head", _("head of the working group")


class Appointment(TrackedModel):
    """One person's part in one evaluation, until it ends."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="appointments")
    part = models.CharField(_("part"), max_length=30, choices=Part)
    person = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="appointments", verbose_name=_("person")
    )
    agency = models.CharField(_("agency"), max_length=200, blank=True)
    appointed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("appointed by")
    )
    appointed_at = models.DateTimeField(_("appointed at"), default=clock.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "part"], condition=models.Q(ended_at=None), name="one_person_for_a_part"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.person}"
