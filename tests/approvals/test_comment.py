"""Comments: who writes them, who reads them, who is told, and that they stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import InternalError, ProgrammingError, connection, transaction

from accounts.actions import end_role
from accounts.models import RoleHolding
from approvals.actions.comment import PostedFile
from approvals.audiences import comment_file_for, comment_for, comments_visible_to
from approvals.models import Audience, Comment, CommentFile, CommentMention, ItemStage, Verb
from audit_log.errors import InvalidInput, NotAllowed, NotFound, WrongStage
from audit_log.models import AuditEvent
from evaluations.models import Evidence, Kind, Stage
from notices.models import Notice
from tests.approvals.refusals import refused
from tests.cast import do
from tests.dossier_content import PDF
from workflow import talk

UNIT = {"lin", "wang"}
DEPARTMENT = {"zhao", "qian"}
BUREAU = {"sun", "zhou", "feng"}
READ_BY = {
    Audience.UNIT: UNIT | DEPARTMENT | BUREAU,
    Audience.DEPARTMENT: DEPARTMENT | BUREAU,
    Audience.FINANCE: BUREAU,
}


def write(evaluation, actor, audience=Audience.UNIT, text="请核对验收日期。", **details: Any) -> Comment:
    return talk.add_comment(evaluation=evaluation, actor=actor, audience=audience, text=text, **details)


def readers_of(world, comment) -> set[str]:
    return {
        name for name, person in world.people.items() if comments_visible_to(person).filter(pk=comment.pk)
    }


def pdf(name: str = "合同.pdf", content: bytes = PDF) -> PostedFile:
    return PostedFile(ContentFile(content), name)


def told() -> list[tuple[int, str]]:
    """Whom notices tell because of comments, and where that leads."""
    found = Notice.objects.filter(source__startswith="comment:")
    return list(found.order_by("pk").values_list("recipient_id", "path"))


# --- who reads --------------------------------------------------------------------------


@pytest.mark.parametrize("audience", Audience)
def test_an_audience_is_who_the_table_says(world, self_evaluation, audience):
    comment = write(self_evaluation(Stage.DEPARTMENT_REVIEW), world.sun, audience)
    assert readers_of(world, comment) == READ_BY[audience]


def test_what_is_not_the_readers_does_not_exist(world, self_evaluation):
    comment = write(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, Audience.DEPARTMENT, files=[pdf()])
    file = comment.files.get()
    assert comment_for(world.sun, comment.pk) == comment
    assert comment_file_for(world.sun, file.pk) == file
    for person in (world.lin, world.chen, world.chu, world.wu, world.wei):
        with pytest.raises(NotFound):
            comment_for(person, comment.pk)
        with pytest.raises(NotFound):
            comment_file_for(person, file.pk)


@pytest.mark.parametrize("stage", [Stage.MATERIAL, Stage.EXPERT_SCORING])
@pytest.mark.parametrize("kind", [Kind.DEPARTMENT, Kind.FINANCE])
def test_experts_neither_read_nor_write_while_the_panel_scores(world, commissioned_evaluation, stage, kind):
    evaluation = commissioned_evaluation(stage, kind=kind)
    comment = write(evaluation, world.lin)
    assert readers_of(world, comment) == READ_BY[Audience.UNIT]
    with refused(NotAllowed):
        write(evaluation, world.wu)


def test_experts_read_and_write_for_everybody_once_all_have_scored(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    before = write(evaluation, world.sun)
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION, project=world.new_project())
    after = write(evaluation, world.wu)
    closed = write(evaluation, world.sun, Audience.FINANCE)
    assert "wu" not in readers_of(world, before)
    assert readers_of(world, after) == READ_BY[Audience.UNIT] | {"wu", "zheng"}
    assert "wu" not in readers_of(world, closed)
    with refused(InvalidInput, "audience"):
        write(evaluation, world.wu, Audience.DEPARTMENT)


# --- who writes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "audience"),
    [
        ("lin", Audience.DEPARTMENT),
        ("lin", Audience.FINANCE),
        ("zhao", Audience.FINANCE),
        ("zhao", "nobody"),
        ("sun", ""),
    ],
)
def test_the_author_is_of_the_audience(world, self_evaluation, name, audience):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(InvalidInput, "audience"):
        write(evaluation, world.people[name], audience)


@pytest.mark.parametrize("name", ["chen", "chu", "wu", "wei", "feng"])
def test_strangers_and_auditors_do_not_write(world, self_evaluation, name):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(NotAllowed):
        write(evaluation, world.people[name])


def test_somebody_whose_role_has_ended_does_not_write(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert comments_visible_to(world.zhao).count() == 0  # remembers the rights on the person
    end_role(actor=None, holding=RoleHolding.objects.get(user=world.zhao))
    with refused(NotAllowed):
        write(evaluation, world.zhao)


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 5001])
def test_a_comment_says_something_and_not_too_much(world, self_evaluation, text):
    evaluation = self_evaluation()
    with refused(InvalidInput, "text"):
        write(evaluation, world.lin, text=text)


def test_a_comment_keeps_stage_round_and_content_in_its_event(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    comment = write(evaluation, world.zhao, Audience.DEPARTMENT, mentions=[world.sun], files=[pdf()])
    assert (comment.stage, comment.round) == (Stage.DEPARTMENT_REVIEW, 1)
    event = AuditEvent.objects.get(verb="comment")
    assert (event.object_id, event.actor_id) == (comment.pk, world.zhao.pk)
    assert event.data == {
        "stage": "department_review",
        "round": 1,
        "item": None,
        "audience": "department",
        "text": "请核对验收日期。",
        "mentions": [world.sun.pk],
        "files": [comment.files.get().digest],
    }


def test_a_comment_may_be_about_an_assigned_item_of_the_dossier(world, item_at):
    item = item_at(ItemStage.PLANNING)
    assert write(item.evaluation, world.lin, item=item).stage == ItemStage.PLANNING
    other = item_at(ItemStage.DRAFT, raised_by="finance")
    for evaluation in (item.evaluation, other.evaluation):
        with refused(InvalidInput, "item"):
            write(evaluation, world.sun, item=other)


def test_a_comment_decides_nothing_and_is_no_conflict_of_interest(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    write(evaluation, world.zhao, Audience.DEPARTMENT, files=[pdf()])
    write(evaluation, world.sun, Audience.FINANCE, files=[pdf("复核.pdf")])
    assert Evidence.objects.filter(evaluation=evaluation).count() == 1
    do(Verb.APPROVE, evaluation, world.zhao)
    do(Verb.ACCEPT, evaluation, world.sun)
    assert evaluation.stage == Stage.CONCLUSION


# --- who is told ------------------------------------------------------------------------


def test_whoever_is_named_is_told_once_where_it_stands(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    text = "请@小钱核对，@sun 也请看，@qian"
    comment = write(evaluation, world.zhao, Audience.DEPARTMENT, text, mentions=[world.qian, world.zhou])
    assert {row.person for row in comment.mention_rows.all()} == {world.qian, world.sun, world.zhou}
    path = f"/evaluations/{evaluation.pk}/comments/#comment-{comment.pk}"
    assert told() == [(person.pk, path) for person in (world.qian, world.sun, world.zhou)]


def test_the_notice_names_author_and_project_and_nothing_of_the_text(world, self_evaluation):
    write(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, text="@lin 内部意见")
    notice = Notice.objects.get(recipient=world.lin, source__startswith="comment:")
    assert notice.values["person"] == "小赵"
    assert "内部意见" not in str(notice.values)


def test_nobody_tells_themselves(world, self_evaluation):
    comment = write(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, text="@zhao 备忘")
    assert not comment.mention_rows.exists()
    assert told() == []


@pytest.mark.parametrize("text", ["请@小林说明", "@lin", "@chen", "@nobody-of-this-name"])
def test_somebody_beyond_the_audience_is_refused_like_somebody_who_does_not_exist(
    world, self_evaluation, text
):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(InvalidInput, "text"):
        write(evaluation, world.zhao, Audience.DEPARTMENT, text)


def test_somebody_chosen_beyond_the_audience_is_refused(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with refused(InvalidInput, "mentions"):
        write(evaluation, world.zhao, Audience.DEPARTMENT, mentions=[world.qian, world.lin])


def test_an_expert_is_not_told_while_the_panel_scores(world, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    with refused(InvalidInput, "text"):
        write(evaluation, world.sun, text="@小吴 请看")


# --- files ------------------------------------------------------------------------------


def test_a_file_of_a_type_that_is_not_accepted_leaves_nothing_behind(world, self_evaluation):
    evaluation = self_evaluation()
    with refused(InvalidInput, "file"):
        write(evaluation, world.lin, files=[pdf(), pdf("程序.exe", b"MZ")])
    assert not list(Path(settings.MEDIA_ROOT).glob("comments/**/*.pdf"))


def test_a_name_does_not_lead_out_of_the_folder(world, self_evaluation):
    comment = write(self_evaluation(), world.lin, files=[pdf("..\\..\\etc/合同.pdf")])
    assert comment.files.get().name == "合同.pdf"


# --- withdrawing ------------------------------------------------------------------------


def test_a_withdrawn_comment_stays_and_its_files_are_handed_out_no_more(world, self_evaluation):
    comment = write(self_evaluation(), world.lin, files=[pdf()])
    row = talk.withdraw_comment(comment=comment, actor=world.lin)
    comment.refresh_from_db()
    assert (row.withdraws, row.text, comment.text) == (comment, "", "请核对验收日期。")
    with pytest.raises(NotFound):
        comment_file_for(world.lin, comment.files.get().pk)
    for again in (comment, row):
        with refused(WrongStage):
            talk.withdraw_comment(comment=again, actor=world.lin)


@pytest.mark.parametrize("name", ["wang", "zhao", "sun"])
def test_only_the_author_withdraws(world, self_evaluation, name):
    comment = write(self_evaluation(), world.lin)
    with refused(NotAllowed):
        talk.withdraw_comment(comment=comment, actor=world.people[name])


# --- staying ----------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Comment, CommentMention, CommentFile])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET {field} = {field}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"],
)
def test_the_database_refuses_every_change(world, self_evaluation, model, statement):
    write(self_evaluation(Stage.DEPARTMENT_REVIEW), world.zhao, mentions=[world.lin], files=[pdf()])
    field = {Comment: "text", CommentMention: "person_id", CommentFile: "name"}[model]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises((ProgrammingError, InternalError), match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table=model._meta.db_table, field=field))
    assert model.objects.count() == 1
