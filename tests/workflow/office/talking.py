"""What is said beside the decisions: comments, opinions asked of colleagues, questions about findings."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from approvals.actions.comment import PostedFile
from approvals.actions.consult import StepInHand, colleagues_for
from approvals.actions.question import open_questions_of_step
from approvals.findings_on_record import FindingsOnRecord
from approvals.models import Audience, Comment, Consultation
from approvals.procedure import TURNS_FINDINGS
from tests.dossier_content import evidence_file
from tests.workflow.office.driving import SOUGHT, booleans, indexes, one_of, rule
from tests.workflow.office.panel import Panel
from tests.workflow.office.watching import chosen
from workflow import services, talk
from workflow.models import FlowTask


class Talking(Panel):
    """Comments, consultations and the turns of findings."""

    @rule(who=indexes, other=indexes, audience=one_of(Audience.values))
    def somebody_comments(self, who: int, other: int, audience: str) -> None:
        """To an audience, naming somebody now and then, with a file now and then."""
        evaluation = self.evaluation
        waiting = [person for task in self.tasks()[:1] for person in self.asked(task)]
        actor: User = chosen(waiting, who) if waiting and who % 3 else self.person(who)
        details: dict[str, Any] = {
            "text": "请补充说明。" if who % 7 else " ",
            "audience": audience,
            "mentions": [chosen(waiting or self.office.people, other)] if other % 3 == 0 else [],
            "files": [PostedFile(**evidence_file())] if other % 4 == 0 else [],
        }
        self.try_to(
            "comment",
            actor,
            evaluation,
            lambda: talk.add_comment(evaluation=evaluation, actor=actor, **details),
        )

    @rule(index=indexes, who=indexes)
    def a_comment_is_withdrawn(self, index: int, who: int) -> None:
        """By its author; now and then by anybody, or a second time."""
        made = Comment.objects.filter(withdraws=None).select_related("author", "evaluation").order_by("pk")
        comment: Comment | None = chosen(list(made), index)
        if comment is None:
            self.somebody_comments(who, index, Audience.UNIT)
            return
        actor = comment.author if who % 3 else self.person(who)
        self.try_to(
            "withdraw_comment", actor, comment, lambda: talk.withdraw_comment(comment=comment, actor=actor)
        )

    @rule(index=indexes, who=indexes, other=indexes)
    def somebody_asks_a_colleague(self, index: int, who: int, other: int) -> None:
        """Whoever has the task in hand; now and then anybody, or asking anybody."""
        task: FlowTask | None = chosen([task for task in self.tasks() if task.right], index)
        if task is None or task.evaluation is None:
            self.go_on(index, who, other)
            return
        evaluation, item = task.evaluation, task.item
        actor: User = chosen(self.free_hands(task), who) if who % 5 else self.person(who)
        if actor is None:
            self.go_on(index, who, other)
            return
        step = StepInHand(task.right, task.organization_id, item)
        colleagues = list(colleagues_for(evaluation, actor, step).values())
        colleague = chosen(colleagues, other) if colleagues and other % 5 else self.person(other)
        self.try_to(
            "consult",
            actor,
            evaluation,
            lambda: talk.consult(
                evaluation=evaluation, actor=actor, item=item, colleague=colleague, question="合同是否有效？"
            ),
        )

    @rule(SOUGHT, index=indexes, who=indexes)
    def a_colleague_answers_or_is_asked_no_longer(self, index: int, who: int) -> None:
        """In time or too late; now and then by somebody else."""
        made = Consultation.objects.select_related("evaluation", "item", "colleague", "asked_by")
        every = list(made.order_by("pk"))
        waiting = [each for each in every if each.is_open]
        found: Consultation | None = chosen(waiting if waiting and who % 4 else every, index)
        if found is None or (not waiting and who % 4):
            self.somebody_asks_a_colleague(index, who, index)
            return
        if index % 3:
            actor = found.colleague if who % 5 else self.person(who)
            self.try_to(
                "answer_consultation",
                actor,
                found,
                lambda: talk.answer_consultation(consultation=found, actor=actor, answer="有效。"),
            )
        else:
            asker = found.asked_by if who % 5 else self.person(who)
            self.try_to(
                "withdraw_consultation",
                asker,
                found,
                lambda: talk.withdraw_consultation(consultation=found, actor=asker),
            )

    # --- findings --------------------------------------------------------------------------

    @rule(index=indexes, who=indexes, asks=booleans)
    def a_reviewer_deals_with_a_finding(self, index: int, who: int, asks: bool) -> None:
        """Asks the unit about it, or dismisses it; now and then one of an earlier round."""
        evaluation = self.evaluation
        record = FindingsOnRecord(evaluation)
        finding = chosen(record.latest if who % 6 else record.all, index)
        reviewing: list[FlowTask] = [task for task in self.tasks() if task.stage in TURNS_FINDINGS]
        task = chosen(reviewing, index)
        actor = chosen(self.asked(task), who) if task is not None and who % 5 else self.person(who)
        too_early = evaluation.stage not in TURNS_FINDINGS and who % 9
        if finding is None or actor is None or too_early:
            self.go_on(index, who, who)
            return
        if asks:
            self.try_to(
                "question_finding",
                actor,
                finding,
                lambda: services.ask(finding=finding, actor=actor, question=f"请说明原因（{who % 4}）。"),
            )
        else:
            self.try_to(
                "dismiss_finding",
                actor,
                finding,
                lambda: services.dismiss(finding=finding, actor=actor, reason="情况属实。"),
            )

    @rule(index=indexes, who=indexes)
    def a_question_is_withdrawn(self, index: int, who: int) -> None:
        """So that the dossier can go on."""
        evaluation = self.evaluation
        question = chosen(open_questions_of_step(evaluation), index)
        if question is None:
            self.a_reviewer_deals_with_a_finding(index, who, True)
            return
        task = chosen([task for task in self.tasks() if not task.item_id], index)
        actor = chosen(self.asked(task), who) if task is not None and who % 5 else self.person(who)
        if actor is None:
            self.go_on(index, who, who)
            return
        self.try_to(
            "withdraw_question",
            actor,
            question,
            lambda: services.withdraw_question(question=question, actor=actor),
        )
