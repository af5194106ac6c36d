"""The unit's form: what it takes, keeps, adds up and hands in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.models import Decision, Verb
from evaluations.models import Evidence, Indicator, Score, Stage
from tests.cast import do, open_task
from tests.dossier_content import PDF
from tests.workflow.page_forms import address, read_form, send
from workflow.forms.indicators import with_figure


@pytest.fixture
def dossier(self_evaluation):
    return self_evaluation(Stage.SELF_ASSESSMENT)


@pytest.fixture
def lin(world, as_):
    return as_(world.lin)


@pytest.fixture
def task(dossier):
    return open_task(dossier)


def first(dossier) -> Indicator:
    return dossier.indicators.first()


def test_saving_the_page_as_it_stands_changes_nothing(lin, task, dossier):
    before = Indicator.history.count(), dossier.budget.history.count()
    assert send(lin, task, "save").status_code == 302
    assert (Indicator.history.count(), dossier.budget.history.count()) == before
    dossier.refresh_from_db()
    assert dossier.stated_total == Decimal("98.24")


def test_a_draft_is_kept_without_being_handed_in(lin, task, dossier):
    send(lin, task, "save", goal_achieved="全部上线。", budget__paid="295.5")
    dossier.refresh_from_db()
    assert dossier.goal_achieved == "全部上线。"
    assert dossier.budget.paid == Decimal("295.5")
    assert dossier.stage == Stage.SELF_ASSESSMENT


def test_submitting_saves_and_hands_in(lin, task, dossier):
    page = send(lin, task, "submit", indicators__0__actual_value="27", opinion="请审核。")
    assert page.status_code == 302
    assert page.url == f"/evaluations/{dossier.pk}/"
    dossier.refresh_from_db()
    assert dossier.stage == Stage.UNIT_APPROVAL
    assert first(dossier).actual_value == 27
    assert Decision.objects.get(evaluation=dossier, verb=Verb.SUBMIT).opinion == "请审核。"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１２．５", "12.5"),
        ("1,234.5", "1234.5"),
        ("１，２３４．５", "1234.5"),
        (" 290 ", "290"),
        ("290万元", "290"),
        (".5", "0.5"),
    ],
)
def test_amounts_are_taken_as_people_type_them(typed, kept, lin, task, dossier):
    assert send(lin, task, "save", budget__paid=typed).status_code == 302
    dossier.budget.refresh_from_db()
    assert dossier.budget.paid == Decimal(kept)


def test_a_target_typed_with_its_sign_and_unit_fills_in_both(lin, task, dossier):
    number = len(dossier.indicators.all())
    fields = read_form(send(lin, task, "add:indicators")).fields
    fields |= {
        f"indicators-{number}-name": "线上受理率",
        f"indicators-{number}-level1": "产出",
        f"indicators-{number}-target_value": "≥９５％",
        f"indicators-{number}-actual_value": "96.5%",
    }
    assert lin.post(address(task), {**fields, "verb": "save"}).status_code == 302
    added = dossier.indicators.get(name="线上受理率")
    assert (added.comparator, added.target_value, added.unit_of_measure) == (">=", 95, "%")
    assert added.actual_value == Decimal("96.5")


def test_adding_a_row_keeps_everything_typed_and_saves_nothing(lin, task, dossier):
    page = send(lin, task, "add:lines", budget__reason="尚未付清。", lines__0__item="改名")
    assert page.status_code == 200
    fields = read_form(page).fields
    assert fields["budget-reason"] == "尚未付清。"
    assert fields["lines-0-item"] == "改名"
    assert fields["lines-2-item"] == ""
    dossier.budget.refresh_from_db()
    assert dossier.budget.reason != "尚未付清。"


def test_blank_new_rows_are_left_out(lin, task, dossier):
    fields = read_form(send(lin, task, "add:problems")).fields
    assert lin.post(address(task), {**fields, "verb": "save"}).status_code == 302
    assert dossier.problems.count() == 1


def test_a_removed_row_is_gone_and_stays_in_the_history(lin, task, dossier):
    row = first(dossier)
    send(lin, task, "save", indicators__0__DELETE="on")
    assert not Indicator.objects.filter(pk=row.pk).exists()
    assert Indicator.history.filter(id=row.pk, history_type="-").count() == 1


def test_an_own_level_one_label_is_kept_as_written(lin, task, dossier):
    send(lin, task, "save", indicators__0__level1="", indicators__0__level1_local="管理")
    assert first(dossier).level1 == "管理"
    fields = read_form(lin.get(address(task))).fields
    assert (fields["indicators-0-level1"], fields["indicators-0-level1_local"]) == ("", "管理")


def test_changing_a_figure_changes_it_in_the_words_too(lin, task, dossier):
    send(lin, task, "save", indicators__0__actual_value="27")
    assert first(dossier).actual_text == "27个"


def test_words_that_were_typed_stay_as_typed(lin, task, dossier):
    send(lin, task, "save", indicators__0__actual_value="27", indicators__0__actual_text="二十七个")
    assert first(dossier).actual_text == "二十七个"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("28个", "26个"),
        ("≥28个模块", "≥26个模块"),
        ("第1期28个", "第1期26个"),
        ("二十八个", "二十八个"),
        ("280个", "280个"),
    ],
)
def test_only_the_figure_itself_is_replaced_in_words(words, expected):
    assert with_figure(words, Decimal("28"), Decimal("26")) == expected


def test_the_stated_total_is_the_sum_of_the_stated_scores(lin, task, dossier):
    send(lin, task, "save", indicators__0__score="15", budget__stated_score="9")
    dossier.refresh_from_db()
    assert dossier.stated_total == Decimal("94.00")
    assert dossier.stated_grade == "优"


def test_a_published_total_stays_while_scores_are_missing(lin, task, dossier):
    send(lin, task, "save", indicators__0__score="")
    dossier.refresh_from_db()
    assert dossier.stated_total == Decimal("98.24")


def test_emptying_a_chapter_removes_it(lin, task, dossier):
    send(lin, task, "save", sections__0__text="")
    assert not dossier.sections.exists()


def test_live_totals_follow_what_is_typed_without_saving(lin, task, dossier):
    fields = read_form(lin.get(address(task))).fields
    fields |= {"indicators-0-actual_value": "14", "indicators-0-score": "10"}
    page = lin.post(address(task, "totals"), fields)
    text = page.content.decode()
    assert page.status_code == 200
    assert "20 × 14 ÷ 28 = 10.00" in text
    assert "89.67" in text  # 98.24 − 18.57 + 10
    assert first(dossier).actual_value == 26


def test_recalculating_without_javascript_shows_the_same_totals(lin, task):
    page = send(lin, task, "recalculate", indicators__0__actual_value="14", indicators__0__score="10")
    assert page.status_code == 200
    assert "20 × 14 ÷ 28 = 10.00" in page.content.decode()


def test_weights_that_do_not_add_up_are_pointed_out(lin, task):
    page = send(lin, task, "recalculate", indicators__0__weight="25")
    assert "105" in page.content.decode()


def test_a_new_round_starts_with_the_scores_of_the_last(world, lin, dossier):
    do(Verb.SUBMIT, dossier, world.lin)
    do(Verb.RETURN, dossier, world.wang, opinion="请核对。")
    task = open_task(dossier)
    assert read_form(lin.get(address(task))).fields["indicators-0-score"] == "18.57"
    send(lin, task, "submit", indicators__0__score="18")
    points = Score.objects.filter(indicator=first(dossier), source="stated").values_list("round", "points")
    assert dict(points) == {1: Decimal("18.57"), 2: Decimal("18.00")}


def test_what_changed_since_the_return_stands_on_the_reviewers_page(world, as_, lin, dossier):
    do(Verb.SUBMIT, dossier, world.lin)
    do(Verb.RETURN, dossier, world.wang, opinion="请核对。")
    send(lin, open_task(dossier), "submit", indicators__0__actual_value="27", indicators__0__score="19.29")
    text = as_(world.wang).get(address(open_task(dossier))).content.decode()
    changes = text[text.index('id="changes"') : text.index('id="history"')]
    for words in ("26", "27", "18.57", "19.29"):
        assert words in changes
    assert "请核对。" not in changes


# --- files ---------------------------------------------------------------------


def pdf(name="合同.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_file_is_added_together_with_what_is_typed(lin, task, dossier):
    row = first(dossier)
    page = send(
        lin,
        task,
        "attach",
        file=pdf(),
        file_indicator=str(row.pk),
        file_description="主合同",
        goal_achieved="全部上线。",
    )
    assert page.status_code == 302
    added = Evidence.objects.get(evaluation=dossier, name="合同.pdf")
    assert (added.indicator, added.description) == (row, "主合同")
    dossier.refresh_from_db()
    assert dossier.goal_achieved == "全部上线。"


def test_a_chosen_file_goes_in_with_the_submission(lin, task, dossier):
    assert send(lin, task, "submit", file=pdf()).status_code == 302
    assert Evidence.objects.filter(evaluation=dossier, name="合同.pdf").exists()


def test_a_withdrawn_file_leaves_the_dossier_and_stays_on_record(lin, task, dossier):
    file = dossier.evidence.get()
    assert send(lin, task, f"withdraw:{file.pk}").status_code == 302
    file.refresh_from_db()
    assert file.withdrawn_at is not None


# --- material, drafts of words ------------------------------------------------------


def test_the_material_asks_for_no_scores(world, as_, commissioned_evaluation):
    task = open_task(commissioned_evaluation(Stage.MATERIAL))
    fields = read_form(as_(world.lin).get(address(task))).fields
    assert "budget-paid" in fields
    assert not [name for name in fields if "score" in name or name.startswith("indicators")]


def test_a_covering_note_is_kept_with_the_draft(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.MATERIAL)
    task = open_task(evaluation)
    client = as_(world.lin)
    send(client, task, "save", opinion="共三份。", budget__annual="300")
    assert read_form(client.get(address(task))).fields["opinion"] == "共三份。"
    assert send(client, task, "supply").status_code == 302
    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.EXPERT_SCORING
    assert evaluation.budget.annual == 300


# --- two pages of one dossier ---------------------------------------------------------


def test_an_older_page_does_not_undo_a_newer_one(lin, task, dossier):
    older = read_form(lin.get(address(task))).fields
    send(lin, task, "save", goal_achieved="新的")
    page = lin.post(
        address(task), {**older, "verb": "save", "goal_achieved": "旧的", "budget-reason": "没丢"}
    )
    assert page.status_code == 409
    assert "没丢" in page.content.decode()
    dossier.refresh_from_db()
    assert dossier.goal_achieved == "新的"


def test_a_double_click_on_saving_adds_a_new_row_once(lin, task, dossier):
    fields = read_form(send(lin, task, "add:suggestions")).fields
    fields |= {"suggestions-1-text": "按季度跟踪进度。", "verb": "save"}
    assert lin.post(address(task), fields).status_code == 302
    assert lin.post(address(task), fields).status_code == 409
    assert dossier.suggestions.filter(text="按季度跟踪进度。").count() == 1
