"""Launches of campaigns: who asked for which projects, and what became of each.

They lie beside the package ``workflow.launching``, which needs the models of this app itself.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from audit_log import clock


class CampaignLaunch(models.Model):
    """Evaluations of a campaign that somebody had opened together, in the job queue.

    ``notice`` goes to each of them. ``error`` is a source text: it is translated for
    whoever reads it.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting for its turn")
        RUNNING = "running", _("being opened")
        PAUSED = "paused", _("paused")
        DONE = "done", _("finished")
        FAILED = "failed", _("broken off")

    UNDER_WAY = (Status.QUEUED, Status.RUNNING, Status.PAUSED)

    campaign = models.ForeignKey(
        "evaluations.Campaign", models.PROTECT, related_name="launches", verbose_name=_("campaign")
    )
    actor = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("launched by")
    )
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    notice = models.TextField(_("notice and list of material"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    error = models.TextField(_("what went wrong"), blank=True)
    requested_at = models.DateTimeField(_("launched at"), default=clock.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("launch")
        verbose_name_plural = _("launches")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(status__in=["queued", "running", "paused"]),
                name="one_launch_of_a_campaign_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign} ({self.requested_at:%Y-%m-%d %H:%M})"

    @property
    def at_work(self) -> bool:
        """Whether the job queue is at it, or soon will be."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)

    @property
    def under_way(self) -> bool:
        """Whether it has not ended; a paused one has not."""
        return self.status in self.UNDER_WAY

    @property
    def reason(self) -> str:
        """Why it broke off, in the reader's language."""
        return gettext(self.error) if self.error else ""


class LaunchedProject(models.Model):
    """One project of a launch. ``refusal`` is a source text, translated for whoever reads it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("launch", "waiting")
        OPENED = "opened", pgettext_lazy("launch", "opened")
        REFUSED = "refused", pgettext_lazy("launch", "refused")

    launch = models.ForeignKey(
        CampaignLaunch, models.CASCADE, related_name="projects", db_index=False, verbose_name=_("launch")
    )
    project = models.ForeignKey(
        "evaluations.Project", models.PROTECT, related_name="launches", verbose_name=_("project")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    evaluation = models.OneToOneField(
        "evaluations.Evaluation",
        models.PROTECT,
        null=True,
        related_name="launched",
        verbose_name=_("evaluation"),
    )
    refusal = models.TextField(_("why it was refused"), blank=True)

    class Meta:
        verbose_name = _("launched project")
        verbose_name_plural = _("launched projects")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["launch", "project"], name="project_launched_once"),
            models.CheckConstraint(
                condition=models.Q(state="opened", evaluation__isnull=False, refusal="")
                | models.Q(state="refused", evaluation=None) & ~models.Q(refusal="")
                | models.Q(state="waiting", evaluation=None, refusal=""),
                name="launched_project_says_what_became_of_it",
            ),
        ]
        indexes = [
            models.Index(fields=["launch", "state", "id"], name="launched_projects_by_state"),
        ]

    def __str__(self) -> str:
        return str(self.project)

    @property
    def reason(self) -> str:
        """Why it was refused, in the reader's language."""
        return gettext(self.refusal) if self.refusal else ""
