"""Who decided what, at which stage, in which round: rows that never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from audit_log import clock


class Verb(models.TextChoices):
    """What a person can decide; each is one function in ``approvals.actions``."""

    OPEN = "open", _("open")
    SUBMIT = "submit", _("submit")
    APPROVE = "approve", _("approve")
    RETURN = "return", _("return for changes")
    ACCEPT = "accept", _("accept for the record")
    RECHECK = "recheck", _("re-check with its own score")
    SUPPLY = "supply", _("supply material")
    SCORE = "score", pgettext_lazy("decision", "score")
    DRAFT = "draft", _("draft the conclusion")
    ANSWER = "answer", _("answer the draft")
    CONCLUDE = "conclude", _("conclude")
    OBJECT = "object", _("vote against")
    CONSIDER = "consider", _("consider the views")
    SIGN = "sign", _("sign")
    WITHDRAW = "withdraw", _("withdraw")
    EXCUSE = "excuse", _("go on without a vote")
    DRAW = "draw", _("draw for re-check")
    RECEIVE = "receive", _("sign the receipt")
    PLAN = "plan", _("plan measures")
    ACCEPT_PLAN = "accept_plan", _("accept the measures")
    DISPUTE = "dispute", _("object to an item")
    ANSWER_DISPUTE = "answer_dispute", _("answer the objection")
    REPORT = "report", _("report done")
    VERIFY = "verify", _("verify")
    SEND_BACK = "send_back", _("send back")
    REOPEN = "reopen", _("reopen")
    CANCEL = "cancel", _("end without being put right")


class Decision(models.Model):
    """An opinion with its consequence (``next_stage``); the flow branches on it.

    Update, delete and truncate are refused by the database.
    """

    evaluation = models.ForeignKey("evaluations.Evaluation", models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        "approvals.RectificationItem", models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    verb = models.CharField(_("verb"), max_length=20, choices=Verb)
    stage = models.CharField(_("stage"), max_length=30)
    next_stage = models.CharField(_("next stage"), max_length=30)
    step = models.PositiveSmallIntegerField(_("step"), default=0)
    next_step = models.PositiveSmallIntegerField(_("next step"), default=0)
    next_person = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("goes on to"),
        help_text=_("Whom it goes back to by name, after a return that asked for the straight way."),
    )
    straight_back = models.BooleanField(_("straight back to whoever returned it"), default=False)
    round = models.PositiveSmallIntegerField(_("round"))
    opinion = models.TextField(_("opinion"), blank=True)
    total = models.DecimalField(_("total"), max_digits=7, decimal_places=2, null=True, blank=True)
    actor = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="decisions", verbose_name=_("decided by")
    )
    on_behalf_of = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("on behalf of"),
        help_text=_("Who had delegated the role in which this was decided."),
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+", verbose_name=_("for")
    )
    decided_at = models.DateTimeField(_("decided at"), default=clock.now)
    content_digest = models.CharField(
        max_length=64, blank=True, help_text="The content that was decided on (SHA-256)."
    )
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["decided_at", "pk"]
        indexes = [
            models.Index(fields=["evaluation", "round", "actor"], name="decision_of_a_round"),
            models.Index(fields=["actor", "-decided_at"], name="decision_by_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} · {self.stage} · {self.round}"

    @property
    def moves(self) -> bool:
        """Whether it led to another step; a vote among several may leave everything where it was."""
        return (self.stage, self.step) != (self.next_stage, self.next_step)

    @property
    def by(self) -> str:
        """Who decided, as it is read everywhere: “A for B” where A acted for B."""
        return in_the_name_of(str(self.actor), str(self.on_behalf_of) if self.on_behalf_of else "")


def in_the_name_of(person: str, principal: str) -> str:
    """“A for B”, where there is a B."""
    if not principal:
        return person
    return gettext("%(person)s for %(principal)s") % {"person": person, "principal": principal}
