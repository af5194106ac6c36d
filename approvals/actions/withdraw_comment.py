from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.shape import locked
from approvals.audiences import require_may_write
from approvals.models import Comment
from audit_log.errors import NotAllowed, WrongStage
from audit_log.record import chain_of, record


@transaction.atomic
def withdraw_comment(*, comment: Comment, actor: User, is_demonstration: bool = False) -> Comment:
    """Withdraw one's own comment: a second row says so, the first stays in the records.

    Its text and its files are shown to nobody any more. Raises NotFound, NotAllowed
    for anybody but the author, and WrongStage for what was withdrawn already.
    """
    evaluation = locked(comment.evaluation_id)
    require_may_write(actor, evaluation)
    if comment.author_id != actor.pk:
        raise NotAllowed(_("A comment is withdrawn by whoever wrote it."))
    if comment.withdraws_id or Comment.objects.filter(withdraws=comment).exists():
        raise WrongStage(_("This comment was withdrawn already."))
    made = Comment(
        evaluation=evaluation,
        item_id=comment.item_id,
        author=actor,
        stage=comment.stage,
        round=comment.round,
        audience=comment.audience,
        withdraws=comment,
        is_demonstration=is_demonstration,
    )
    made.save(force_insert=True)
    record(
        chain=chain_of(evaluation.pk),
        verb="withdraw_comment",
        actor=actor,
        object=made,
        data={"comment": comment.pk, "audience": comment.audience},
    )
    return made
