"""The use of a result on the conclusion's screen, in the dossier and on the page that changes it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals.models import ItemStage, ResultUse
from evaluations.models import Kind, Stage
from tests.cast import bring_item, open_task, propose

TYPED = {"verb": "conclude", "total": "70", "conclusion": "目标部分实现。"}


@pytest.fixture
def zhou(world, as_):
    client = as_(world.zhou)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def at_conclusion(self_evaluation):
    return self_evaluation(Stage.CONCLUSION)


def address(evaluation, name="task") -> str:
    task = open_task(evaluation)
    return reverse(name, args=[task.process_id, task.pk])


def test_the_screen_says_what_the_table_names_for_the_suggested_total(zhou, at_conclusion):
    page = zhou.get(address(at_conclusion)).content.decode()
    assert "The table names: Priority support (grade: excellent; no rectification items)." in page
    assert "As the table names it" in page


def test_without_javascript_recalculate_says_it_for_the_typed_total(zhou, at_conclusion):
    page = zhou.post(address(at_conclusion), {"verb": "recalculate", "total": "70"}).content.decode()
    assert "The table names: Cut back 10% (grade: fair; no rectification items)." in page


def test_while_the_total_is_typed_the_words_follow(zhou, at_conclusion):
    part = zhou.post(address(at_conclusion, "totals"), {"total": "40"}).content.decode()
    assert 'id="named-use"' in part
    assert "hx-swap-oob" in part
    assert "The table names: Cancelled (grade: poor; no rectification items)." in part
    part = zhou.post(address(at_conclusion, "totals"), {"total": "400"}).content.decode()
    assert "when the total lies between 0 and 100" in part


def test_a_proposed_item_counts_as_open(world, zhou, at_conclusion):
    propose(world, at_conclusion, world.zhou)
    part = zhou.post(address(at_conclusion, "totals"), {"total": "40"}).content.decode()
    assert "The table names: Held back until rectified (grade: poor; items not closed yet)." in part


def test_a_conclusion_without_a_word_of_the_use_follows_the_table(zhou, at_conclusion):
    assert zhou.post(address(at_conclusion), TYPED).status_code == 302
    use = ResultUse.objects.get(evaluation=at_conclusion)
    assert (use.use, use.percent, use.departs) == ("cut", 10, False)


def test_a_departure_without_a_reason_comes_back_with_everything_typed(zhou, at_conclusion):
    answer = zhou.post(address(at_conclusion), {**TYPED, "use": "cut", "percent": "15%"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say why the use of the result departs from the table." in page
    assert 'value="15%"' in page
    assert not ResultUse.objects.exists()


def test_a_departure_with_its_reason_is_recorded(zhou, at_conclusion):
    typed = {**TYPED, "use": "keep", "percent": "10", "use_reason": "结转项目，已签合同。"}
    assert zhou.post(address(at_conclusion), typed).status_code == 302
    use = ResultUse.objects.get(evaluation=at_conclusion)
    assert (use.use, use.percent, use.table_use, use.reason) == ("keep", None, "cut", "结转项目，已签合同。")


def test_what_was_typed_of_the_use_is_kept_with_the_draft(zhou, world, at_conclusion):
    zhou.post(address(at_conclusion, "claim"))
    zhou.post(address(at_conclusion), {**TYPED, "verb": "save", "use": "hold", "use_reason": "待整改。"})
    page = zhou.get(address(at_conclusion)).content.decode()
    assert '<option value="hold" selected>' in page
    assert "待整改。" in page


def test_a_departments_head_concludes_with_the_use_as_well(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.CONCLUSION, kind=Kind.DEPARTMENT)
    page = as_(world.qian).post(address(evaluation), TYPED)
    assert page.status_code == 302
    assert ResultUse.objects.get(evaluation=evaluation).decided_by == world.qian


# --- in the dossier -------------------------------------------------------------------


def dossier_of(client, evaluation, tab="") -> str:
    name, more = ("dossier_tab", [tab]) if tab else ("dossier", [])
    client.cookies["django_language"] = "en"
    return client.get(reverse(name, args=[evaluation.pk, *more])).content.decode()


def test_the_dossier_shows_the_use_once_it_is_concluded(world, as_, zhou, at_conclusion):
    assert "Use of the result" not in dossier_of(zhou, at_conclusion)
    zhou.post(address(at_conclusion), {**TYPED, "use": "keep", "use_reason": "结转项目。"})
    page = dossier_of(as_(world.lin), at_conclusion)
    for words in ("Kept as it is", "departs from the table", "结转项目。", "The table names: Cut back 10%"):
        assert words in page


def test_only_whoever_concludes_is_offered_to_change_it_and_no_unit_the_list(
    world, as_, zhou, self_evaluation
):
    evaluation = self_evaluation(Stage.CLOSED)
    change, listed = reverse("change_use", args=[evaluation.pk]), reverse("next_year")
    assert change in dossier_of(zhou, evaluation)
    assert change not in dossier_of(as_(world.sun), evaluation)
    assert listed in dossier_of(as_(world.sun), evaluation)
    assert listed not in dossier_of(as_(world.lin), evaluation)


def test_the_dossier_says_when_the_table_names_something_else_by_now(world, zhou, self_evaluation):
    evaluation = self_evaluation(Stage.RECTIFICATION)
    assert "As the items stand now" not in dossier_of(zhou, evaluation)
    bring_item(world, evaluation.items.get(), ItemStage.CLOSED)
    assert "As the items stand now, the table names: Priority support." in dossier_of(zhou, evaluation)


def test_the_history_tells_of_the_use(world, zhou, self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    assert "Recorded the use of the result" in dossier_of(zhou, evaluation, "history")


# --- changing it -----------------------------------------------------------------------


def test_the_use_is_changed_on_its_page(world, zhou, self_evaluation):
    evaluation = self_evaluation(Stage.CLOSED)
    page = reverse("change_use", args=[evaluation.pk])
    assert "Priority support" in zhou.get(page).content.decode()
    answer = zhou.post(page, {"use": "cut", "percent": "5"})
    assert answer.status_code == 422
    assert "Say why the use of the result departs from the table." in answer.content.decode()
    assert zhou.post(page, {"use": "cut", "percent": "5", "use_reason": "财力有限。"}).status_code == 302
    assert ResultUse.objects.get(evaluation=evaluation).percent == 5
    changes = zhou.get(reverse("dossier_tab", args=[evaluation.pk, "history"]), {"show": "changes"})
    assert "财力有限。" in changes.content.decode()
