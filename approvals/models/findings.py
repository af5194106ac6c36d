"""What the checks found at each handing in, and what reviewers did with it: rows that never change."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log import clock
from evaluations.checks import ERROR, NOTE, SEVERITY_WORDS, WARNING

# A row that these point to may be removed later (an indicator that was never scored, an item
# that was taken back); what was found, and done about it, stays.
MAY_BE_GONE: dict[str, Any] = {
    "on_delete": models.DO_NOTHING,
    "db_constraint": False,
    "null": True,
    "related_name": "+",
}


class RecordedFinding(models.Model):
    """One doubt as it stood when the dossier was handed in, with what was said to it.

    ``fingerprint`` is the same for the same doubt with the same figures, whatever the
    round. Update, delete and truncate are refused by the database.
    """

    evaluation = models.ForeignKey("evaluations.Evaluation", models.PROTECT, related_name="findings")
    decision = models.ForeignKey("approvals.Decision", models.PROTECT, related_name="findings")
    round = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    severity = models.CharField(
        max_length=10, choices=[(name, gettext_lazy(words)) for name, words in SEVERITY_WORDS.items()]
    )
    subject = models.TextField(help_text="A name out of the dossier, or a term of the form.")
    subject_is_term = models.BooleanField(default=False)
    subject_field = models.CharField(max_length=60, blank=True)
    indicator = models.ForeignKey("evaluations.Indicator", **MAY_BE_GONE)
    words = models.TextField(help_text="The message's id, with placeholders that the values fill.")
    values = models.JSONField(default=dict)
    stated = models.TextField(blank=True)
    expected = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField(blank=True, help_text="Why an error stands, in the words of who handed in.")
    acknowledged = models.BooleanField(default=False)

    class Meta:
        verbose_name = gettext_lazy("finding")
        verbose_name_plural = gettext_lazy("findings")
        ordering = ["decision", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["decision", "position"], name="finding_at_one_place"),
            models.CheckConstraint(
                condition=models.Q(severity__in=(ERROR, WARNING, NOTE)), name="finding_of_a_known_severity"
            ),
        ]
        indexes = [models.Index(fields=["evaluation", "decision"], name="finding_of_evaluation")]

    def __str__(self) -> str:
        return f"{self.code}: {self.subject_text}"

    @property
    def message(self) -> str:
        """The message in the reader's language."""
        return _(self.words) % self.values

    @property
    def subject_text(self) -> str:
        """What it speaks of, in the reader's language where it is a term of the form."""
        return _(self.subject) if self.subject_is_term else self.subject


class TurnKind(models.TextChoices):
    """What became of a finding."""

    QUESTION = "question", gettext_lazy("asked the unit")
    ANSWER = "answer", gettext_lazy("answered")
    WITHDRAWAL = "withdrawal", gettext_lazy("withdrew the question")
    ADJUSTMENT = "adjustment", gettext_lazy("adjusted the score")
    ITEM = "item", gettext_lazy("proposed a rectification item")
    ITEM_DROPPED = "item_dropped", gettext_lazy("took the proposed item back")
    DISMISSAL = "dismissal", gettext_lazy("dismissed")


class FindingTurn(models.Model):
    """What somebody did with a finding: a question, its answer or withdrawal, a score, an item, a dismissal.

    Update, delete and truncate are refused by the database.
    """

    finding = models.ForeignKey(RecordedFinding, models.PROTECT, related_name="turns")
    kind = models.CharField(max_length=20, choices=TurnKind)
    text = models.TextField(blank=True, help_text="The question, the answer, or the reason.")
    stage = models.CharField(max_length=30)
    round = models.PositiveSmallIntegerField()
    actor = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    question = models.OneToOneField("self", models.PROTECT, null=True, related_name="answer")
    score = models.ForeignKey("evaluations.Score", models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey("approvals.RectificationItem", **MAY_BE_GONE)
    item_number = models.CharField(max_length=40, blank=True)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        verbose_name = gettext_lazy("turn of a finding")
        verbose_name_plural = gettext_lazy("turns of findings")
        ordering = ["made_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=(TurnKind.QUESTION, TurnKind.ANSWER, TurnKind.DISMISSAL))
                | ~models.Q(text=""),
                name="turn_with_its_words",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=(TurnKind.ANSWER, TurnKind.WITHDRAWAL), question__isnull=False)
                | (
                    ~models.Q(kind__in=(TurnKind.ANSWER, TurnKind.WITHDRAWAL))
                    & models.Q(question__isnull=True)
                ),
                name="answer_to_a_question",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=TurnKind.ADJUSTMENT) | models.Q(score__isnull=False),
                name="adjustment_with_its_score",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=(TurnKind.ITEM, TurnKind.ITEM_DROPPED))
                | models.Q(item__isnull=False),
                name="turn_with_its_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding.code}: {self.finding.subject_text}"
