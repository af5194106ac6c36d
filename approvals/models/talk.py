"""What people say beside the decisions: comments, and opinions asked of a colleague."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit_log import clock


class Audience(models.TextChoices):
    """Who sees a comment; ``approvals.audiences`` says who belongs to each."""

    UNIT = "unit", _("everybody who sees the evaluation")
    DEPARTMENT = "department", _("the department and the finance bureau")
    FINANCE = "finance", _("the finance bureau only")


class Comment(models.Model):
    """A remark on a dossier; it decides nothing and is no part of what decisions rest on.

    Update, delete and truncate are refused by the database. A withdrawal is a second
    row that names the first (``withdraws``) and says nothing itself.
    """

    evaluation = models.ForeignKey("evaluations.Evaluation", models.PROTECT, related_name="comments")
    item = models.ForeignKey(
        "approvals.RectificationItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("rectification item"),
    )
    author = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="comments", verbose_name=_("written by")
    )
    stage = models.CharField(_("stage"), max_length=30)
    round = models.PositiveSmallIntegerField(_("round"))
    audience = models.CharField(_("who sees it"), max_length=20, choices=Audience)
    text = models.TextField(_("text"), blank=True)
    withdraws = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="withdrawal", verbose_name=_("withdraws")
    )
    mentions = models.ManyToManyField(
        "accounts.User", through="approvals.CommentMention", related_name="mentioned_in"
    )
    made_at = models.DateTimeField(_("written at"), default=clock.now)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["made_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=(Q(withdraws=None) & ~Q(text="")) | (Q(withdraws__isnull=False) & Q(text="")),
                name="comment_says_or_withdraws",
            )
        ]
        indexes = [models.Index(fields=["evaluation", "made_at"], name="comment_of_evaluation")]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class CommentMention(models.Model):
    """Somebody whom a comment names, and who was told of it. Append-only."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mention_rows")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="mention_rows")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.person_id}"


class CommentFile(models.Model):
    """A file that came with a comment: no evidence, and handed out to the comment's readers only.

    Append-only. It is kept apart from ``evaluations.Evidence`` because whoever adds
    evidence has a hand in the dossier, and because decisions rest on evidence.
    """

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="files")
    file = models.FileField(_("file"), upload_to="comments/%Y/%m", max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("comment's file")
        verbose_name_plural = _("comments' files")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


OPEN = Q(answered_at=None, withdrawn_at=None)


class Consultation(models.Model):
    """An opinion asked of a colleague by whoever has the step in hand; the decision stays with the asker.

    The question never changes; the answer or the withdrawal is written once. The
    database refuses everything else.
    """

    evaluation = models.ForeignKey("evaluations.Evaluation", models.PROTECT, related_name="consultations")
    item = models.ForeignKey(
        "approvals.RectificationItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("rectification item"),
    )
    stage = models.CharField(_("stage"), max_length=30)
    round = models.PositiveSmallIntegerField(_("round"))
    side = models.CharField(
        _("asked on the side of"),
        max_length=20,
        choices=Audience,
        help_text="The asker's office: it, and the offices above it, read question and answer.",
    )
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="consultations_asked", verbose_name=_("asked by")
    )
    colleague = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="consultations", verbose_name=_("colleague asked")
    )
    question = models.TextField(_("question"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    answer = models.TextField(_("opinion given"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["asked_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("colleague")), name="nobody_consults_themselves"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(withdrawn_at=None), name="answered_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="answer_exactly_when_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["colleague", "asked_at"], condition=OPEN, name="consultation_to_answer"),
            models.Index(fields=["evaluation", "asked_at"], name="consultation_of_evaluation"),
        ]

    def __str__(self) -> str:
        return f"consultation {self.pk}"

    @property
    def has_moved_on(self) -> bool:
        """Whether the step at which it was asked has been decided: nobody waits for the answer."""
        subject = self.item or self.evaluation
        return (subject.stage, subject.round) != (self.stage, self.round)

    @property
    def is_open(self) -> bool:
        """Whether the answer is still waited for."""
        return self.answered_at is None and self.withdrawn_at is None and not self.has_moved_on
