"""The exchange of views on a draft conclusion (财预〔2020〕10号, art. 22), point by point."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models import Grade


class PointKind(models.TextChoices):
    """What a point of a draft is about."""

    RESULT = "result", _("Total and grade")
    PROBLEM = "problem", _("Problem")
    SUGGESTION = "suggestion", _("Suggestion")
    CONCLUSION = "conclusion", _("General conclusion")


class Stance(models.TextChoices):
    """What an addressee says to a point."""

    AGREE = "agree", _("agrees")
    OBJECT = "object", _("objects")


class DraftPoint(models.Model):
    """One numbered point of a draft conclusion, as it was put to the unit. Append-only.

    The result is told by the decision's total and the ``grade``, every other point by its ``text``.
    """

    decision = models.ForeignKey("approvals.Decision", models.PROTECT, related_name="points")
    place = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("what it is about"), max_length=20, choices=PointKind)
    text = models.TextField(_("text"), blank=True)
    grade = models.CharField(_("grade"), max_length=2, choices=Grade, blank=True)

    class Meta:
        verbose_name = _("point of a draft")
        verbose_name_plural = _("points of drafts")
        ordering = ["decision", "place"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["decision", "place"], name="point_at_one_place")]

    def __str__(self) -> str:
        return f"{self.place} · {self.get_kind_display()}"


class View(models.Model):
    """What one addressee answers to one point, or to a point of its own (``point`` is None). Append-only.

    A point of one's own is something that the draft should say and does not: it is an objection.
    """

    decision = models.ForeignKey("approvals.Decision", models.PROTECT, related_name="views")
    place = models.PositiveSmallIntegerField(_("number"))
    point = models.ForeignKey(
        DraftPoint, models.PROTECT, null=True, blank=True, related_name="views", verbose_name=_("point")
    )
    stance = models.CharField(_("view"), max_length=10, choices=Stance)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("view on a draft")
        verbose_name_plural = _("views on drafts")
        ordering = ["decision", "place"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["decision", "place"], name="view_at_one_place"),
            models.UniqueConstraint(fields=["decision", "point"], name="one_view_of_a_point"),
            models.CheckConstraint(
                condition=Q(stance=Stance.AGREE, point__isnull=False)
                | (Q(stance=Stance.OBJECT) & ~Q(text="")),
                name="objection_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}: {self.stance}"

    @property
    def is_objection(self) -> bool:
        return self.stance == Stance.OBJECT


class Consideration(models.Model):
    """Whether the evaluator adopts an objection, and why. Append-only."""

    decision = models.ForeignKey("approvals.Decision", models.PROTECT, related_name="considerations")
    view = models.ForeignKey(View, models.PROTECT, related_name="considerations")
    adopted = models.BooleanField(_("adopted"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("consideration of a view")
        verbose_name_plural = _("considerations of views")
        ordering = ["decision", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["decision", "view"], name="view_considered_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="consideration_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"consideration {self.pk} of view {self.view_id}"
