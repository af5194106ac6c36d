"""Proposing rectification items from within a review, without losing what is typed there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.access import rights_for_reading
from accounts.roles import Right
from approvals.models import ItemStage, RectificationItem
from audit_log.errors import InvalidInput, NotFound
from evaluations.models import Evaluation, Stage
from workflow import services
from workflow.forms.faults import place
from workflow.forms.items_proposed import ItemForm
from workflow.presentation.calendar import uncounted_words
from workflow.screens.base import Handler, Screen
from workflow.whole_numbers import whole_number


def draft_of(evaluation: Evaluation, number: int) -> RectificationItem:
    """A proposed item of this evaluation. Raises NotFound."""
    item = RectificationItem.objects.filter(pk=number, evaluation=evaluation).first()
    if item is None:
        raise NotFound()
    return item


class ProposesItems(Screen):
    """A screen on which rectification items are proposed; the conclusion assigns them."""

    def build(self, data: Any) -> None:
        super().build(data)
        typed = data if self.verb == "raise_item" else None
        self.item_form = ItemForm(typed, evaluation=self.evaluation, unfinished=data)

    def handlers(self) -> dict[str, Handler]:
        return {**super().handlers(), "raise_item": self.raise_item, "drop": self.drop}

    def raise_item(self) -> HttpResponse:
        """Propose an item; the page comes back with everything that was typed for the decision."""
        if not self.item_form.is_valid():
            return self.show(422)
        try:
            services.raise_item(
                evaluation=self.evaluation, actor=self.user, task=self.task, **self.item_form.cleaned_data
            )
        except InvalidInput as error:
            place(error, [self.item_form])
            return self.show(422)
        self.item_form = ItemForm(None, evaluation=self.evaluation)
        messages.success(self.request, _("The item was proposed. The conclusion assigns it."))
        return self.show()

    def drop(self) -> HttpResponse:
        """Take a proposed item back. Raises NotFound for another evaluation's."""
        number = whole_number(self.subject)
        services.drop_item(item=draft_of(self.evaluation, number or 0), actor=self.user, task=self.task)
        messages.success(self.request, _("The proposed item was taken back."))
        return self.show()

    def perform(self, verb: str, **details: Any) -> HttpResponse:
        """Decide, unless an item is typed but not proposed: it would vanish without a word."""
        if self.request.POST.get("item-requirement", "").strip():
            self.item_form = ItemForm(self.request.POST, evaluation=self.evaluation)
            words = _(
                "An item is typed but not proposed yet: propose it, or clear its text, before you decide."
            )
            raise InvalidInput.at("requirement", words)
        return super().perform(verb, **details)

    def context(self) -> dict[str, Any]:
        proposed = RectificationItem.objects.filter(evaluation=self.evaluation, stage=ItemStage.DRAFT)
        related = ("responsible_unit", "responsible_person", "problem", "raised_by_person")
        drafts = list(proposed.select_related(*related).order_by("pk"))
        return {
            **super().context(),
            "item_form": self.item_form,
            "drafts": drafts,
            "uncounted": uncounted_words(item.due for item in drafts),
            "has_problems": self.evaluation.problems.exists(),
            "previews_notice": self.previews_notice,
        }

    @property
    def previews_notice(self) -> bool:
        """Whether the reader sees how the notice will read: who concludes, and who runs the evaluation."""
        rights = rights_for_reading(self.user)
        runs = rights.holds(Right.RUN_EVALUATION, self.evaluation.evaluator_id)
        return runs or self.task.stage == Stage.CONCLUSION
