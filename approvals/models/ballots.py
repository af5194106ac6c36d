"""Who is asked at a step that asks several: one row for each, decided once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_log.tracking import TrackedModel


class Ballot(TrackedModel):
    """One voice at a step: a person's, or a role's where nobody is named.

    It is open until its decision is made or it is excused. At a step that asks one
    after the other only the first open ballot has its turn. Written only inside actions.
    """

    evaluation = models.ForeignKey("evaluations.Evaluation", models.PROTECT, related_name="ballots")
    stage = models.CharField(_("stage"), max_length=30)
    step = models.PositiveSmallIntegerField(_("step"), default=0)
    round = models.PositiveSmallIntegerField(_("round"))
    place = models.PositiveSmallIntegerField(_("order"))
    person = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ballots",
        verbose_name=_("person"),
    )
    right = models.CharField(_("right"), max_length=60, blank=True)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    seat = models.ForeignKey(
        "evaluations.Seat", models.PROTECT, null=True, blank=True, related_name="ballots"
    )
    decision = models.OneToOneField(
        "approvals.Decision", models.PROTECT, null=True, blank=True, related_name="ballot"
    )
    wish = models.JSONField(
        default=dict,
        blank=True,
        help_text="Where a vote against wants the dossier to go: stage, step, straight_back.",
    )
    excused_at = models.DateTimeField(_("excused at"), null=True, blank=True)
    excuse = models.TextField(_("why it is excused"), blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["place", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "stage", "step", "round", "place"], name="ballot_at_one_place"
            ),
            models.UniqueConstraint(
                fields=["evaluation", "stage", "step", "round", "person"],
                condition=models.Q(excused_at=None, person__isnull=False),
                name="one_ballot_for_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(decision=None) | models.Q(excused_at=None), name="ballot_given_or_excused"
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | ~models.Q(right=""), name="ballot_asks_somebody"
            ),
        ]
        indexes = [
            models.Index(
                fields=["evaluation"],
                condition=models.Q(decision=None, excused_at=None),
                name="ballot_still_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.step} · {self.round} · {self.place}"

    @property
    def is_open(self) -> bool:
        """Neither given nor excused."""
        return self.decision_id is None and self.excused_at is None
