"""What comes of an evaluation: items, the use of its result, re-checks by lot; and many at once."""

from __future__ import annotations

from accounts.access import holders_of
from accounts.models import User
from accounts.roles import Right
from approvals.models import ItemStage
from approvals.procedure import step_at
from audit_log.models import Refusal
from evaluations.models import Evaluation, Kind, Stage
from tests.workflow.office import moves
from tests.workflow.office.driving import SOUGHT, indexes, rule
from tests.workflow.office.talking import Talking
from tests.workflow.office.watching import Subject, chosen
from workflow import bulk, rechecking, services, uses
from workflow.models import FlowTask


class Results(Talking):
    """Items, uses, re-checks; bulk approvals; the next evaluation."""

    @rule(index=indexes, who=indexes)
    def somebody_proposes_an_item(self, index: int, who: int) -> None:
        """Of two at the most; on its own, or resting on a finding."""
        evaluation = self.evaluation
        tasks: list[FlowTask] = [task for task in self.tasks() if not task.item_id]
        task = chosen(tasks, index)
        actor = chosen(self.free_hands(task), who) if task is not None and who % 5 else self.person(who)
        step = step_at(evaluation)
        is_a_review = step is not None and not step.asks_seats and (evaluation.is_self or not step.fills)
        if actor is None or evaluation.items.count() > 1 or (not is_a_review and who % 7):
            self.go_on(index, who, index)
            return
        self.proposes(evaluation, actor, index)

    @rule(index=indexes, who=indexes)
    def an_item_is_taken_back(self, index: int, who: int) -> None:
        item = self.item(index, lambda item: item.stage == ItemStage.DRAFT)
        task = chosen([task for task in self.tasks() if not task.item_id], index)
        actor = chosen(self.asked(task), who) if task is not None and who % 5 else self.person(who)
        if item is None or actor is None:
            self.go_on(index, who, who)
            return
        self.try_to("drop_item", actor, item, lambda: services.drop_item(item=item, actor=actor))

    @rule(index=indexes, who=indexes, whim=indexes)
    def the_use_of_a_result_is_changed(self, index: int, who: int, whim: int) -> None:
        """By whoever concludes; to what the table names now, or away from it with or without a reason."""
        evaluation = self.of_a_result(index)
        if evaluation is None:
            self.go_on(index, who, whim)
            return
        concluding = holders_of(Right.CONCLUDE, evaluation.evaluator_id).order_by("pk")
        actor: User = chosen(list(concluding), who) if who % 5 else self.person(who)
        details = dict(moves.USES[whim % len(moves.USES)])
        if whim % 9 == 5:
            details["use_reason"] = ""
        self.try_to(
            "change_use",
            actor,
            evaluation,
            lambda: uses.change_use(evaluation=evaluation, actor=actor, **details),
        )

    def of_a_result(self, index: int) -> Evaluation | None:
        """A concluded evaluation, else now and then one that is not."""
        every = list(Evaluation.objects.select_related("policy", "project").order_by("pk"))
        found: Evaluation | None = chosen([each for each in every if each.is_concluded], index)
        return found or (every[-1] if index % 9 == 0 else None)

    @rule(SOUGHT, who=indexes, number=indexes)
    def finance_draws_for_a_re_check(self, who: int, number: int) -> None:
        """All that stopped at the department, or one too many."""
        stopped = Evaluation.objects.filter(
            stage=Stage.CLOSED, drawn_at=None, policy__content__stops_at_department=True
        ).count()
        if self.kind != Kind.SELF or (not stopped and number % 9):
            self.go_on(number, who, number)
            return
        bureau = self.office.places["bureau"]
        runs = holders_of(Right.RUN_EVALUATION, bureau.pk).order_by("pk")
        actor: User = chosen(list(runs), who) if who % 5 else self.person(who)
        self.try_to(
            "draw_recheck",
            actor,
            bureau,
            lambda: rechecking.draw_recheck(
                bureau=bureau, actor=actor, fiscal_year=2025, number=stopped + (number % 7 == 0)
            ),
        )

    # --- several at once -------------------------------------------------------------------

    @rule(SOUGHT, who=indexes)
    def somebody_approves_several_at_once(self, who: int) -> None:
        """Whoever has something to agree to; each row by itself, those refused with one line each."""
        waiting = [task for task in self.tasks() if bulk.passing_verb(task)]
        if not waiting and who % 9:
            self.go_on(who, who, who)
            return
        people = [person for task in waiting for person in self.free_hands(task)]
        actor: User | None = chosen(people, who) if who % 5 else self.person(who)
        if actor is None:
            self.go_on(who, who, who)
            return
        tasks = [task for task in self.tasks() if who % 3 == 0 or task in waiting]
        tasks = [task for task in tasks if actor not in self.asked(task) or actor in self.free_hands(task)]
        rows = [bulk.Chosen(task.pk) for task in tasks]
        self.try_to("bulk_approve", actor, Subject("task", None), lambda: self.approves(actor, rows))

    def approves(self, actor: User, rows: list[bulk.Chosen]) -> list[bulk.BulkResult]:
        """Raises nothing for a refused row: its line is looked for here."""
        before = self.last_refusal()
        results = bulk.bulk_approve(actor, rows, "同意。")
        refused = [row for row in results if row.refusal is not None]
        found = Refusal.objects.filter(pk__gt=before).order_by("pk")
        columns = found.values_list("actor_id", "object_type", "object_id", "code", "message")
        assert list(columns) == [
            (actor.pk, "task", row.task_id, row.refusal.code, str(row.refusal))
            for row in refused
            if row.refusal
        ]
        self.told_of = self.last_refusal()
        self.played.seen["a row of several refused"] += len(refused)
        self.played.seen["a row of several passed"] += len(results) - len(refused)
        self.played.done["bulk_approve"] -= len(refused) == len(results)
        if len(refused) == len(results):
            changed = self.digests.renew()
            assert not changed, f"every row was refused, and something is left in {changed}"
        return results
