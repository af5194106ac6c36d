"""What the offices do about items: sample, reopen, end, extend; and raise further ones with a notice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.access import holders_of
from accounts.models import User
from accounts.roles import Right
from approvals.models import ENDED, Extension, ItemKind, ItemStage, RectificationItem, Severity
from evaluations.models import Evaluation, Stage
from tests.workflow.office.driving import indexes, rule
from tests.workflow.office.item_course import UnitsItems, in_days
from tests.workflow.office.standing_in import StandingIn
from tests.workflow.office.watching import Subject, chosen
from workflow import proposing, rectifying, services
from workflow.rectification_deadlines import remind_of_items

MOST_ITEMS = 6
"""An evaluation with more gets no further ones: a course is to bring some of them to their end."""
FEW = 3


class OfficesItems(UnitsItems):
    """Beside the steps of the items."""

    def holder(self, right: Right, place: int, who: int) -> User:
        """Somebody with the right there; now and then anybody."""
        people = list(holders_of(right, place).order_by("pk"))
        found: User = chosen(people, who) if people and who % 6 else self.person(who)
        return found

    @rule(index=indexes, who=indexes, whim=indexes)
    def finance_looks_at_an_item(self, index: int, who: int, whim: int) -> None:
        """Samples one that is open, reopens one that is closed; now and then the wrong way round."""
        item = self.item(index, lambda item: item.stage != ItemStage.DRAFT or whim % 7 == 0)
        if item is None:
            self.go_on(index, who, whim)
            return
        actor = self.holder(Right.VERIFY_FINANCE, item.evaluation.bureau_id, who)
        if (item.stage == ItemStage.CLOSED) == bool(whim % 6):
            self.reopens(item, actor, whim)
        else:
            self.try_to("sample_item", actor, item, lambda: services.sample(item=item, actor=actor))

    @rule(index=indexes, who=indexes, whim=indexes)
    def a_closed_item_is_reopened(self, index: int, who: int, whim: int) -> None:
        """Mostly one that was closed; finance verifies at its end."""
        item = self.item(index, lambda item: item.stage == ItemStage.CLOSED)
        if item is None or whim % 3 == 0:
            self.go_on(index, who, whim)
            return
        self.reopens(item, self.holder(Right.VERIFY_FINANCE, item.evaluation.bureau_id, who), whim)

    def reopens(self, item: RectificationItem, actor: User, whim: int) -> None:
        details = {"opinion": "问题复发。" if whim % 8 else " ", "due": in_days(whim)}
        self.try_to("reopen", actor, item, lambda: services.reopen(item=item, actor=actor, **details))

    @rule(index=indexes, who=indexes, whim=indexes)
    def the_leader_ends_an_item(self, index: int, who: int, whim: int) -> None:
        """Without its being put right; now and then one that has ended, or by somebody else."""
        item = self.item(index, lambda item: item.stage not in ENDED or whim % 5 == 0)
        if item is None or whim % 3 == 0:
            self.go_on(index, who, whim)
            return
        actor = self.holder(Right.AS_BUREAU_LEADER, item.evaluation.bureau_id, who)
        opinion = "系统已整体下线。" if whim % 7 else " "
        self.try_to("cancel", actor, item, lambda: rectifying.cancel(item=item, actor=actor, opinion=opinion))

    @rule(index=indexes, who=indexes, whim=indexes)
    def finance_answers_an_extension(self, index: int, who: int, whim: int) -> None:
        """Grants it until the day asked for or another, or refuses it; now and then a second time."""
        made = Extension.objects.select_related("item__evaluation").order_by("pk")
        waiting = [each for each in made if whim % 7 == 0 or not hasattr(each, "answer")]
        extension: Extension | None = chosen(waiting, index)
        if extension is None:
            self.a_later_due_date_is_asked_for(index, who, whim)
            return
        actor = self.holder(Right.VERIFY_FINANCE, extension.item.evaluation.bureau_id, who)
        details: dict[str, Any] = {
            "granted": whim % 3 != 0,
            "reason": "工期紧张。" if whim % 4 else "",
            "due": in_days(whim) if whim % 5 == 1 else None,
        }
        self.try_to(
            "answer_extension",
            actor,
            extension,
            lambda: rectifying.answer_extension(extension=extension, actor=actor, **details),
        )

    # --- further items ---------------------------------------------------------------------

    def in_rectification(self, index: int) -> Evaluation | None:
        """One that is being put right; now and then any."""
        every = list(Evaluation.objects.select_related("policy", "project").order_by("pk"))
        fitting = [one for one in every if one.stage == Stage.RECTIFICATION]
        found: Evaluation | None = chosen(every if index % 9 == 0 else fitting, index)
        return found

    @rule(index=indexes, who=indexes, whim=indexes)
    def further_items_are_raised(self, index: int, who: int, whim: int) -> None:
        """One or several at once, with money or without; now and then one that cannot be."""
        evaluation = self.in_rectification(index)
        if evaluation is None or evaluation.items.exclude(stage__in=ENDED).count() >= MOST_ITEMS:
            self.go_on(index, who, whim)
            return
        actor = self.holder(Right.RUN_EVALUATION, evaluation.evaluator_id, who)
        items = [self.further_item(evaluation, whim + turn) for turn in range(1 + whim % 2)]
        if len(items) > 1:
            door: Any = lambda: proposing.raise_items(evaluation=evaluation, actor=actor, items=items)  # noqa: E731
        else:
            door = lambda: services.raise_item(evaluation=evaluation, actor=actor, **items[0])  # noqa: E731
        self.try_to("raise_item", actor, evaluation, door)

    def further_item(self, evaluation: Evaluation, whim: int) -> dict[str, Any]:
        at_unit = holders_of(Right.CARRY_OUT_RECTIFICATION, evaluation.unit_id).order_by("pk")
        people = [None, None, *at_unit, *self.office.people[:: len(self.office.people) - 1]]
        return {
            "requirement": f"补齐档案（{whim % 10}）" if whim % 11 else " ",
            "due": in_days(whim),
            "kind": chosen(ItemKind.values, whim),
            "severity": chosen(Severity.values, whim),
            "amount": (None, Decimal("12.5"), Decimal(80), None, Decimal(whim % 50))[whim % 5],
            "responsible_person": chosen(people, whim),
        }

    @rule(index=indexes, who=indexes)
    def what_was_raised_is_issued_or_taken_back(self, index: int, who: int) -> None:
        """With a notice whose particulars were written before, now and then; or nothing was raised."""
        evaluation = self.in_rectification(index)
        if evaluation is None:
            self.go_on(index, who, index)
            return
        actor = self.holder(Right.RUN_EVALUATION, evaluation.evaluator_id, who)
        proposed = list(evaluation.items.filter(stage=ItemStage.DRAFT).order_by("pk"))
        item: RectificationItem | None = chosen(proposed, index)
        if item is not None and who % FEW == 0:
            self.try_to("drop_item", actor, item, lambda: services.drop_item(item=item, actor=actor))
        elif proposed or who % 5 == 0:
            self.try_to(
                "issue_notice",
                actor,
                evaluation,
                lambda: rectifying.issue_notice(evaluation=evaluation, actor=actor),
            )
        else:
            self.further_items_are_raised(index, who, index)

    @rule(index=indexes, who=indexes, days=indexes)
    def a_notice_is_prepared(self, index: int, who: int, days: int) -> None:
        """Before the conclusion as well as after it."""
        every = Evaluation.objects.select_related("policy", "project").order_by("pk")
        open_ones = every if days % 9 == 0 else every.exclude(stage=Stage.CLOSED)
        evaluation: Evaluation | None = chosen(list(open_ones), index)
        if evaluation is None or who % 3 == 0:
            self.go_on(index, who, days)
            return
        actor = self.holder(Right.RUN_EVALUATION, evaluation.evaluator_id, who)
        details: dict[str, Any] = {"basis": "绩效评价办法", "copies": "市审计局", "report_due": in_days(days)}
        self.try_to(
            "prepare_notice",
            actor,
            evaluation,
            lambda: rectifying.prepare_notice(evaluation=evaluation, actor=actor, **details),
        )

    @rule(days=indexes)
    def days_go_by_and_the_ladder_is_climbed(self, days: int) -> None:
        """The morning's job tells of what is due, and on the same day not again."""
        self.let_pass(timedelta(days=days % 12))
        for _time in range(1 + days % 2):
            self.try_to("remind_of_items", None, Subject("", None), lambda: remind_of_items(0))


def is_of_items(move: str) -> bool:
    """Whether a move is one of those that only items know."""
    return hasattr(OfficesItems, move) and not hasattr(StandingIn, move)
