"""What the dossier says in words: chapters, problems, suggestions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit_log.tracking import TrackedModel
from evaluations.models.evaluations import Evaluation
from evaluations.models.indicators import Indicator


class ReportSection(TrackedModel):
    """One chapter of the report, by the outline's code (财预〔2020〕10号 附3)."""

    class Chapter(models.TextChoices):
        OVERVIEW = "overview", _("project overview")
        GOAL = "goal", _("performance goal")
        PURPOSE = "purpose", _("purpose, object and scope of the evaluation")
        METHOD = "method", _("principles, indicators, methods and standards")
        COURSE = "course", _("course of the evaluation")
        CONCLUSION = "conclusion", _("overall conclusion")
        DECISION = "decision", pgettext_lazy("chapter", "decision")
        PROCESS = "process", pgettext_lazy("chapter", "process")
        OUTPUT = "output", _("output")
        EFFECT = "effect", _("effect")
        EXPERIENCE = "experience", _("experience, problems and causes")
        SUGGESTION = "suggestion", _("suggestions")
        OTHER = "other", _("other matters")

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="sections")
    chapter = models.CharField(_("chapter"), max_length=20, choices=Chapter)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("report section")
        verbose_name_plural = _("report sections")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "chapter"], name="chapter_once")]

    def __str__(self) -> str:
        return str(self.get_chapter_display())


class Problem(TrackedModel):
    """Something that the unit or an evaluator found wrong."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="problems")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.TextField(_("problem"))
    owner = models.CharField(_("who is responsible"), max_length=100, blank=True)
    due = models.CharField(_("by when"), max_length=100, blank=True)
    indicator = models.ForeignKey(
        Indicator,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name=_("indicator"),
    )

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class Suggestion(TrackedModel):
    """What should be done about it."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="suggestions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.TextField(_("suggestion"))

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
