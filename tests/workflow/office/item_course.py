"""What a unit does about its items beside what their steps ask for anyway."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.access import holders_of
from accounts.models import User
from accounts.roles import Right
from approvals.models import Decision, ItemStage, RectificationItem, Verb
from tests.cast import soon
from tests.dossier_content import evidence_file
from tests.workflow.office import moves
from tests.workflow.office.driving import indexes, rule
from tests.workflow.office.standing_in import StandingIn, substitutes
from tests.workflow.office.watching import chosen
from workflow import rectifying
from workflow.attachments import NewFile
from workflow.models import FlowTask

VERIFYING = (ItemStage.DEPARTMENT_VERIFICATION, ItemStage.FINANCE_VERIFICATION)
WITH_THE_UNIT = (ItemStage.PLANNING, ItemStage.PLAN_REVIEW, ItemStage.CARRYING_OUT)


class UnitsItems(StandingIn):
    """Receipts, objections, progress, later due dates; and those who did it try to prove it done."""

    def item(self, index: int, fits: Callable[[RectificationItem], bool]) -> RectificationItem | None:
        """One of the items that fit."""
        every = RectificationItem.objects.select_related("evaluation__policy").order_by("pk")
        found: RectificationItem | None = chosen([item for item in every if fits(item)], index)
        return found

    def item_task(self, index: int, *stages: str) -> FlowTask | None:
        """A step of an item that waits at one of these stages."""
        return chosen([task for task in self.tasks() if task.item_id and task.stage in stages], index)

    def of_unit(self, item: RectificationItem, who: int) -> User:
        """Somebody who carries out rectification there; now and then anybody."""
        people = list(holders_of(Right.CARRY_OUT_RECTIFICATION, item.responsible_unit_id).order_by("pk"))
        found: User = chosen(people, who) if people and who % 6 else self.person(who)
        return found

    @rule(index=indexes, who=indexes)
    def the_unit_signs_the_receipt(self, index: int, who: int) -> None:
        """Of all items of a notice that wait for the same signer at once."""
        task = self.item_task(index, ItemStage.ISSUED)
        if task is None:
            self.go_on(index, who, 0)
            return
        actor = chosen(self.free_hands(task), who) if who % 5 else self.person(who)
        self.on_task(Verb.RECEIVE, rectifying.receive, task, actor or self.person(who))

    @rule(index=indexes, who=indexes)
    def the_unit_objects(self, index: int, who: int) -> None:
        """To an item that is to be planned; now and then a second time, or at another step."""
        tasks = [task for task in self.tasks() if task.stage == ItemStage.PLANNING and task.item_id]
        fresh = [task for task in tasks if who % 7 == 0 or not was_disputed(task)]
        task: FlowTask | None = chosen(fresh, index) or (
            self.item_task(index, *ItemStage) if who % 9 == 0 else None
        )
        actor = chosen(self.free_hands(task), who) if task is not None else None
        if task is None or actor is None:
            self.go_on(index, who, who)
            return
        self.decides(Verb.DISPUTE, task, actor, who, **({"opinion": " "} if who % 8 == 1 else {}))

    @rule(index=indexes, who=indexes, percent=indexes)
    def progress_is_noted(self, index: int, who: int, percent: int) -> None:
        """With a file now and then; now and then beyond all measure, or by somebody else."""
        if self.item_task(index, ItemStage.CARRYING_OUT) is None:
            self.go_on(index, who, 0)
        task = self.item_task(index, ItemStage.CARRYING_OUT) if who % 9 else self.task(index)
        if task is None:
            return
        actor = chosen(self.free_hands(task), who) if who % 5 else self.person(who)
        details = {
            "percent": percent % 104,
            "text": "一个模块已上线。" if who % 8 else " ",
            "files": [NewFile(**evidence_file())] if percent % 3 == 0 else [],
            "day": self.moment.date() - timedelta(days=percent % 7 // 5),
        }
        self.on_task("note_progress", rectifying.note_progress, task, actor or self.person(who), **details)

    @rule(index=indexes, who=indexes, days=indexes)
    def a_later_due_date_is_asked_for(self, index: int, who: int, days: int) -> None:
        """For an item that is with the unit; now and then for any, or for a day that is no later."""
        item = self.item(index, lambda item: item.stage in WITH_THE_UNIT or who % 9 == 0)
        if item is None:
            self.go_on(index, who, days)
            return
        actor = self.of_unit(item, who)
        details: dict[str, Any] = {
            "due": item.due + timedelta(days=days % 40 - days % 5 // 4),
            "reason": "承建方延期供货。" if days % 8 else " ",
        }
        self.try_to(
            "ask_extension",
            actor,
            item,
            lambda: rectifying.ask_extension(item=item, actor=actor, **details),
        )

    @rule(index=indexes, who=indexes, whim=indexes)
    def those_who_did_it_try_to_prove_it(self, index: int, who: int, whim: int) -> None:
        """Whoever decided on the item before verifies, by their own right or by somebody's delegation."""
        task = self.item_task(index, *VERIFYING)
        if task is None:
            self.go_on(index, who, whim)
            return
        decided = Decision.objects.filter(item=task.item_id).select_related("actor", "on_behalf_of")
        hands = [one for each in decided.order_by("pk") for one in (each.actor, each.on_behalf_of) if one]
        person: User = chosen(hands, who)
        if whim % 2 and person not in self.asked(task):
            others = list(holders_of(task.right, task.organization_id or 0).order_by("pk"))
            self.delegates(task.owner or chosen(others, who), person, 3)
        self.decides(Verb.VERIFY, task, person, 0)

    @rule(index=indexes, who=indexes, whim=indexes)
    def a_verifier_stands_in_at_the_unit(self, index: int, who: int, whim: int) -> None:
        """Somebody of those who verify acts for somebody of the unit, and may not verify afterwards."""
        task = self.item_task(index, ItemStage.PLANNING, ItemStage.CARRYING_OUT)
        if task is None or task.item is None:
            self.go_on(index, who, whim)
            return
        self.roles_changed = True  # who verifies may be missed at the end
        standing_in = [person for person in substitutes(task) if self.is_free(task, person)]
        if not standing_in:
            right, place = (
                (Right.VERIFY_FINANCE, task.item.evaluation.bureau_id)
                if whim % 2
                else (Right.VERIFY_DEPARTMENT, task.item.evaluation.department_id)
            )
            verifying = list(holders_of(right, place).order_by("pk"))
            self.delegates(task.owner or self.of_unit(task.item, who), chosen(verifying, who), 3)
            standing_in = substitutes(task)
        if standing_in:
            self.decides(moves.passing_verb(task, whim), task, chosen(standing_in, who), whim)


def was_disputed(task: FlowTask) -> bool:
    return Decision.objects.filter(item=task.item_id, verb=Verb.DISPUTE).exists()


def in_days(days: int) -> Any:
    """A due date; one in nine lies before today."""
    return soon(days % 60 + 1 if days % 9 else -1)
