"""What the pages say of a step that asks several: who is asked, who voted how, how many are needed."""

from __future__ import annotations

from functools import partial

import pytest
from django.urls import reverse
from django.utils.translation import override

from approvals.documents.builder import report_of
from approvals.models import Verb
from evaluations.models import Stage
from tests.cast import open_task
from tests.votes import agree, at_departments_vote, object_to
from tests.workflow.reading import get, text_of


@pytest.fixture
def at_vote(world, self_evaluation):
    """``at_vote(who="all", veto=True)``: the department votes; with its voters."""
    return partial(at_departments_vote, world, self_evaluation)


def task_page(as_, evaluation, voter):
    task = open_task(evaluation, voter)
    return text_of(get(as_(voter), reverse("task", args=[task.process_id, task.pk])))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"who": "all"}, "3 are asked, and all have to agree. A vote against returns it only when"),
        ({"who": "all", "veto": True}, "all have to agree. One vote against returns it at once."),
        ({"who": "n_of_m", "needed": 2}, "2 of the 3 who are asked have to agree."),
        ({"who": "sequence"}, "3 are asked one after the other, and all have to agree."),
    ],
)
def test_the_page_of_a_vote_says_how_many_have_to_agree(as_, at_vote, how, words):
    evaluation, voters = at_vote(**how)
    page = task_page(as_, evaluation, voters[0])
    assert words in page
    assert "0 for, 0 against, 3 still to vote" in page
    assert "Vote for it" in page
    assert "Vote against it" in page


def test_a_voter_reads_the_votes_before(as_, at_vote):
    evaluation, voters = at_vote(who="all")
    object_to(evaluation, voters[0], opinion="合同附件不全。", to=Stage.UNIT_APPROVAL)
    agree(evaluation, voters[1], opinion="数据属实。")
    page = task_page(as_, evaluation, voters[2])
    assert "1 for, 1 against, 1 still to vote" in page
    for words in (
        "小赵 voted against",
        "back to “Unit approval”",
        "合同附件不全。",
        "小钱 voted for",
        "数据属实。",
    ):
        assert words in page
    assert f"{voters[2]} asked now" in page


def test_in_sequence_the_page_says_whose_turn_it_is(as_, at_vote):
    evaluation, voters = at_vote(who="sequence")
    page = task_page(as_, evaluation, voters[0])
    assert f"{voters[0]} asked now" in page
    assert f"{voters[1]} asked later" in page


def test_a_missing_holder_is_shown_as_vacant(as_, at_vote):
    evaluation, voters = at_vote(who="n_of_m", needed=4)
    assert "vacant: department reviewer" in task_page(as_, evaluation, voters[0])


@pytest.mark.parametrize("tab", ["opinions", "process"])
def test_the_dossier_shows_the_votes_too(as_, at_vote, tab):
    evaluation, voters = at_vote(who="all")
    agree(evaluation, voters[0], opinion="数据属实。")
    page = text_of(get(as_(voters[0]), reverse("dossier_tab", args=[evaluation.pk, tab])))
    assert "1 for, 0 against, 2 still to vote" in page
    assert "小赵 voted for" in page


def test_opinions_and_the_printed_table_list_each_vote_as_a_vote(world, as_, at_vote):
    evaluation, voters = at_vote(who="n_of_m", needed=2)
    object_to(evaluation, voters[0])
    agree(evaluation, *voters[1:])
    page = text_of(get(as_(world.zhao), reverse("dossier_tab", args=[evaluation.pk, "opinions"])))
    assert page.count("Department review · vote for") == 2
    assert page.count("Department review · vote against") == 1
    with override("en"):
        printed = [
            str(row.verb) for row in report_of(evaluation).opinions if row.stage == "department review"
        ]
    assert printed == ["vote against", "vote for", "vote for"]


def test_a_step_that_asks_one_shows_no_votes(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    assert "Votes at this step" not in task_page(as_, evaluation, world.zhao)


def test_one_votes_by_the_button_of_the_page(as_, at_vote):
    evaluation, voters = at_vote(who="all", veto=True)
    for voter, verb in zip(voters, (Verb.APPROVE, Verb.OBJECT), strict=False):
        task = open_task(evaluation, voter)
        typed = {"verb": verb, "opinion": "已核对。", "to": Stage.SELF_ASSESSMENT}
        assert as_(voter).post(reverse("task", args=[task.process_id, task.pk]), typed).status_code == 302
    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.SELF_ASSESSMENT
