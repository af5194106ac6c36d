"""Rows copied from a spreadsheet, as the server places them into the form."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.urls import reverse

from evaluations.models import Stage
from tests.cast import open_self_evaluation, open_task
from tests.workflow.page_forms import read_form, send
from workflow.forms.indicators import IndicatorTable
from workflow.forms.pasting import paste

HEADINGS = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施"


def form(*names):
    """A posted table with these indicators."""
    data = QueryDict(mutable=True)
    data.update({"indicators-TOTAL_FORMS": str(len(names)), "indicators-INITIAL_FORMS": "0"})
    for place, name in enumerate(names):
        data[f"indicators-{place}-name"] = name
    return data


def fields(pasted, place):
    """What stands in a row's fields, blank ones left out."""
    prefix = f"indicators-{place}-"
    return {
        name.removeprefix(prefix): value
        for name, value in pasted.data.items()
        if name.startswith(prefix) and value != ""
    }


def test_rows_in_the_forms_order_are_added_with_every_cell_in_its_field():
    pasted = paste(form(), "产出\t数量指标\t上线模块\t≥1,028个\t１，０２６个\t50\t46.43\t两个模块顺延")
    assert fields(pasted, 0) == {
        "level1": "产出",
        "level2": "数量指标",
        "name": "上线模块",
        "comparator": ">=",
        "target_value": "1028",
        "target_text": "≥1,028个",
        "unit_of_measure": "个",
        "direction": "higher",
        "kind": "quantitative",
        "actual_value": "1026",
        "actual_text": "１，０２６个",
        "weight": "50",
        "score": "46.43",
        "deviation_reason": "两个模块顺延",
    }
    assert (pasted.cells, pasted.added, pasted.left) == (8, 1, [])


def test_headings_say_what_each_column_is_whatever_their_order():
    text = "三级指标\t分值（权重）\t年度指标值\n验收合格率\t20\t≥９５％\n"
    pasted = paste(form(), text)
    assert fields(pasted, 0) == {
        "name": "验收合格率",
        "weight": "20",
        "target_value": "95",
        "target_text": "≥９５％",
        "comparator": ">=",
        "unit_of_measure": "%",
        "kind": "quantitative",
        "direction": "higher",
    }


def test_the_blanks_of_merged_cells_are_what_stands_above_them():
    text = f"{HEADINGS}\n产出指标（50分）\t数量指标\t甲\n\t\t乙\n\t质量指标\t丙\n效益指标\t\t丁"
    pasted = paste(form(), text)
    rows = [fields(pasted, place) for place in range(4)]
    assert [row["level1"] for row in rows] == ["产出", "产出", "产出", "效益"]
    assert [row["level2"] for row in rows] == ["数量指标", "数量指标", "质量指标", "质量指标"]


def test_a_level_of_the_offices_own_is_kept_as_written():
    assert fields(paste(form(), "管理\t制度\t甲\t完善"), 0)["level1_local"] == "管理"


def test_a_row_goes_to_the_indicator_of_its_name():
    pasted = paste(form("甲", "乙"), "三级指标\t实际完成值\n乙\t12\n丙\t7")
    assert (fields(pasted, 1)["actual_value"], fields(pasted, 2)["name"]) == ("12", "丙")
    assert "actual_value" not in fields(pasted, 0)
    assert (pasted.added, pasted.count) == (1, 3)


def test_cells_pasted_into_a_field_fill_from_there_to_the_right_and_down():
    pasted = paste(form("甲", "乙"), "50\t46.43\n30\t30\n", "indicators-0-weight")
    assert fields(pasted, 0) == {"name": "甲", "weight": "50", "score": "46.43"}
    assert fields(pasted, 1) == {"name": "乙", "weight": "30", "score": "30"}
    assert pasted.added == 0


def test_one_column_pasted_into_a_field_adds_the_rows_that_it_needs():
    pasted = paste(form("甲"), "10\n20\n30", "indicators-0-score")
    assert [fields(pasted, place)["score"] for place in range(3)] == ["10", "20", "30"]
    assert pasted.added == 2


@pytest.mark.parametrize(
    ("cell", "value"), [("1,234.5", "1234.5"), ("９．５", "9.5"), ("10%", "10"), ("8分", "8"), (" 7 ", "7")]
)
def test_points_are_read_as_people_write_them(cell, value):
    assert fields(paste(form("甲"), f"{cell}\t", "indicators-0-weight"), 0)["weight"] == value


def test_what_cannot_be_placed_is_told_with_its_place():
    pasted = paste(form("甲"), "很高\t9\t原因\t多余", "indicators-0-weight")
    assert fields(pasted, 0) == {"name": "甲", "score": "9", "deviation_reason": "原因"}
    assert len(pasted.left) == 2
    assert any("很高" in words for words in pasted.left)
    assert any("多余" in words for words in pasted.left)


def test_an_actual_in_another_unit_is_taken_in_words_only():
    pasted = paste(form(), "三级指标\t年度指标值\t实际完成值\n甲\t≥100万元\t120人")
    row = fields(pasted, 0)
    assert (row["actual_text"], "actual_value" in row) == ("120人", False)
    assert "120人" in pasted.left[0]


def test_words_as_a_target_make_the_indicator_qualitative():
    row = fields(paste(form(), "三级指标\t年度指标值\t实际完成值\n制度\t健全\t达成预期指标"), 0)
    assert (row["kind"], row["target_text"], row["actual_text"]) == ("qualitative", "健全", "达成预期指标")
    assert "target_value" not in row


def test_sums_are_not_taken_for_indicators():
    pasted = paste(form(), f"{HEADINGS}\n产出\t数量\t甲\t\t\t50\t50\n总分\t\t\t\t\t100\t98\n")
    assert (pasted.added, len(pasted.left)) == (1, 1)


def test_a_cell_with_line_breaks_stays_one_cell():
    row = fields(paste(form("甲"), '"第一行\n第二行"\t', "indicators-0-deviation_reason"), 0)
    assert row["deviation_reason"] == "第一行\n第二行"


def test_the_table_takes_no_more_than_it_holds():
    pasted = paste(form(), "\n".join(f"产出\t数量\t指标{place}" for place in range(501)))
    assert (pasted.added, len(pasted.left)) == (500, 1)


class CountedReads(QueryDict):
    """A posted table that counts how often it is looked into, and does not bear it for ever."""

    reads = 0
    MOST = 20_000

    def get(self, key, default=None):
        CountedReads.reads += 1
        assert CountedReads.reads <= self.MOST
        return super().get(key, default)


@pytest.fixture
def counted(monkeypatch):
    monkeypatch.setattr(CountedReads, "reads", 0)
    return CountedReads(mutable=True)


@pytest.mark.parametrize("at", ["", f"indicators-{'9' * 18}-weight", "indicators-499-name"])
def test_a_request_that_claims_countless_rows_costs_no_more_than_a_full_table(counted, at):
    counted["indicators-TOTAL_FORMS"] = "9" * 18
    pasted = paste(counted, "产出\t数量\t甲", at)
    assert pasted.count == 500
    assert CountedReads.reads < 2_000


def test_each_row_is_looked_up_by_its_name_once_however_many_are_pasted(counted):
    counted["indicators-TOTAL_FORMS"] = "400"
    for place in range(400):
        counted[f"indicators-{place}-name"] = f"指标{place}"
    paste(counted, "三级指标\t实际完成值\n" + "\n".join(f"指标{place}\t7" for place in range(400)))
    assert CountedReads.reads < 400 * 10


def test_of_a_table_that_claims_countless_rows_one_too_many_is_built_and_it_is_refused():
    claimed = {"indicators-TOTAL_FORMS": "100000", "indicators-INITIAL_FORMS": "0"}
    table = IndicatorTable(claimed, prefix="indicators")
    assert len(table.forms) == 501
    assert not table.is_valid()


def test_a_name_pasted_twice_stays_one_indicator():
    pasted = paste(form(), "三级指标\t分值\n甲\t10\n甲\t20")
    assert (pasted.added, fields(pasted, 0)["weight"]) == (1, "20")


def test_too_much_text_is_refused_unread():
    pasted = paste(form(), "甲\t" * 200_000)
    assert (pasted.added, len(pasted.left)) == (0, 1)


@pytest.mark.parametrize(
    "field_name", ["indicators-x-weight", "indicators--1-weight", "indicators-0-id", "budget-paid", "a-b-c"]
)
def test_a_cursor_that_stands_nowhere_is_as_none(field_name):
    assert fields(paste(form(), "产出\t数量\t甲", field_name), 0)["name"] == "甲"


@pytest.mark.parametrize("text", ["", "\t\t\n\n", '"unfinished\tquote', "\x00\t1"])
def test_odd_text_is_no_error(text):
    assert paste(form("甲"), text, "indicators-0-weight").count >= 1


# --- on the page, without JavaScript ---------------------------------------------------


def test_rows_from_the_box_are_shown_for_review_and_not_saved(world, as_):
    evaluation = open_self_evaluation(world)
    answer = send(as_(world.lin), open_task(evaluation), "paste", pasted="产出\t数量指标\t上线模块\t≥28个")
    assert answer.status_code == 200
    form = read_form(answer)
    assert (form.fields["indicators-0-name"], form.fields["indicators-0-target_value"]) == ("上线模块", "28")
    assert (form.fields["pasted"], evaluation.indicators.count()) == ("", 0)
    assert 'role="status"' in answer.content.decode()


def test_rows_left_in_the_box_are_placed_before_anything_is_saved(world, as_):
    evaluation, client = open_self_evaluation(world), as_(world.lin)
    task = open_task(evaluation)
    rows = "产出\t数量指标\t上线模块\t≥28个\t26个\t90\t83.57"
    answer = send(client, task, "save", pasted=rows)
    assert (answer.status_code, evaluation.indicators.count()) == (200, 0)
    again = {**read_form(answer).fields, "verb": "save"}
    assert client.post(reverse("task", args=[task.process_id, task.pk]), again).status_code == 302
    assert evaluation.indicators.get().name == "上线模块"


def test_only_the_units_own_form_takes_rows(world, as_, self_evaluation):
    task = open_task(self_evaluation(Stage.DEPARTMENT_REVIEW))
    address = reverse("task", args=[task.process_id, task.pk])
    assert as_(world.zhao).post(address, {"verb": "paste", "pasted": "甲\t乙"}).status_code == 400
