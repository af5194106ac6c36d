"""Processes and tasks: one table each, with what the inbox asks for in columns."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess, AbstractTask
from viewflow.workflow.status import PROCESS, STATUS

from approvals.models import Ballot, RectificationItem
from evaluations.models import Evaluation
from workflow.importing.models import DossierImport, ImportedDossier
from workflow.launch_models import CampaignLaunch, LaunchedProject
from workflow.ledger_models import LedgerView

__all__ = [
    "OPEN",
    "CampaignLaunch",
    "DossierImport",
    "FlowProcess",
    "FlowTask",
    "ImportedDossier",
    "LaunchedProject",
    "LedgerView",
]

OPEN = (STATUS.NEW, STATUS.ASSIGNED)


class FlowProcess(AbstractProcess):
    """A run of a flow over an evaluation, or over one of its rectification items."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="processes")
    item = models.ForeignKey(
        RectificationItem, models.PROTECT, null=True, blank=True, related_name="processes"
    )

    # viewflow sets these on its own process model; here nothing is kept in them.
    parent_task: Any = None
    data: Any = None
    seed: Any = None
    artifact: Any = None

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        default_permissions = ("manage",)
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=models.Q(item=None, status=PROCESS.NEW),
                name="one_running_process_per_evaluation",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(status=PROCESS.NEW), name="one_running_process_per_item"
            ),
        ]


class FlowTask(AbstractTask):
    """A step of a process. Open human steps are what the inbox lists.

    ``right`` at ``organization`` says who may take it; with an ``owner`` it is
    that person's alone.
    """

    process = models.ForeignKey(FlowProcess, models.PROTECT, related_name="tasks")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, related_name="tasks")
    item = models.ForeignKey(RectificationItem, models.PROTECT, null=True, related_name="tasks")
    stage = models.CharField(_("stage"), max_length=30, blank=True)
    step = models.PositiveSmallIntegerField(_("step"), default=0)
    ballot = models.ForeignKey(Ballot, models.PROTECT, null=True, blank=True, related_name="tasks")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    right = models.CharField(_("right"), max_length=60, blank=True)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, related_name="+")
    due = models.DateField(_("due date"), null=True)
    reminded_on = models.DateField(_("reminded on"), null=True)
    chased_on = models.DateField(_("chased on"), null=True)
    escalated_on = models.DateField(_("escalated on"), null=True)
    data = models.JSONField(default=dict, blank=True)

    seed: Any = None
    artifact: Any = None

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["process", "flow_task", "token"],
                condition=models.Q(status__in=OPEN, flow_task_type="HUMAN"),
                name="one_open_task_per_step",
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "right", "due"],
                condition=models.Q(status=STATUS.NEW, flow_task_type="HUMAN"),
                name="task_waiting_for_a_role",
            ),
            models.Index(
                fields=["owner", "due"],
                condition=models.Q(status=STATUS.ASSIGNED, flow_task_type="HUMAN"),
                name="task_waiting_for_a_person",
            ),
            models.Index(fields=["evaluation", "status"], name="task_of_evaluation"),
        ]

    @property
    def is_open(self) -> bool:
        """Waiting for somebody."""
        return self.status in OPEN
