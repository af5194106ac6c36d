"""The indicator library: searching, maintaining, picking."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit_log.errors import InvalidInput, NotAllowed, WrongStage
from audit_log.models import AuditEvent
from evaluations.actions.library import (
    add_library_indicator,
    change_library_indicator,
    retire_library_indicator,
)
from evaluations.library import shipped_indicators
from evaluations.models import LibraryIndicator
from evaluations.scoring import parse_rule
from tests.cast import open_self_evaluation, open_task
from tests.template_scenes import ENTRY
from tests.workflow.page_forms import read_form

pytestmark = pytest.mark.django_db


def rows_of(response):
    return [row["entry"].name for row in response.context["page_obj"].object_list]


def typed(**changes):
    values = {
        **ENTRY,
        "kind": "quantitative",
        "direction": "higher",
        "comparator": ">=",
        "usual_value": "200",
    }
    return {**values, "unit_of_measure": "台", "rule-type": "", "rule-of": "actual", **changes}


@pytest.mark.parametrize("row", shipped_indicators(), ids=lambda row: f"{row['sector']} {row['name']}")
def test_a_shipped_indicator_is_whole(row):
    LibraryIndicator(**row).full_clean(validate_constraints=False)
    assert row["explanation"]
    assert row["usual_text"]
    assert row["kind"] == "qualitative" or row["comparator"]
    if "rule" in row:
        assert parse_rule(row["rule"])


def test_several_sectors_ship():
    assert len({row["sector"] for row in shipped_indicators()}) >= 8


def test_an_indicator_is_found_by_words_and_sector(world, as_):
    lead = as_(world.lin)
    assert "系统正常运行率" in rows_of(lead.get(reverse("library"), {"q": "运行率"}))
    found = rows_of(lead.get(reverse("library"), {"sector": "补助与补贴发放"}))
    assert "补助对象人数" in found
    assert "系统正常运行率" not in found
    assert rows_of(lead.get(reverse("library"), {"q": "没有这样的指标"})) == []


def test_an_entry_says_how_many_evaluations_use_it(world, as_, self_evaluation):
    lead = as_(world.lin)
    entry = LibraryIndicator.objects.get(name="系统验收合格率")
    for project in (world.project, world.new_project()):
        task = open_task(open_self_evaluation(world, project=project))
        lead.post(reverse("pick_indicators", args=[task.process_id, task.pk]), {"pick": [entry.pk]})
    page = lead.get(reverse("library"), {"q": entry.name})
    assert [row["used"] for row in page.context["page_obj"].object_list] == [2]


def test_the_lead_saves_ticks_and_goes_on_with_more_indicators(world, as_, self_evaluation):
    lead, task = as_(world.lin), open_task(self_evaluation())
    before = task.evaluation.indicators.count()
    form = read_form(lead.get(reverse("task", args=[task.process_id, task.pk]))).fields
    reply = lead.post(
        reverse("task", args=[task.process_id, task.pk]),
        {**form, "verb": "pick", "goal_achieved": "写到一半"},
    )
    library = reverse("pick_indicators", args=[task.process_id, task.pk])
    assert reply["Location"] == library
    entries = list(LibraryIndicator.objects.filter(sector="培训与会议")[:3])
    reply = lead.post(library, {"pick": [entry.pk for entry in entries]})
    assert reply["Location"].endswith("#indicators")
    task.evaluation.refresh_from_db()
    assert task.evaluation.goal_achieved == "写到一半"
    added = list(task.evaluation.indicators.all())[before:]
    assert [row.name for row in added] == [entry.name for entry in entries]
    assert [row.target_value for row in added] == [entry.usual_value for entry in entries]
    assert all(row.weight is None for row in added)
    lead.post(library, {"pick": [entry.pk for entry in entries]})
    assert task.evaluation.indicators.count() == before + 3


def test_entries_of_one_name_come_in_once(world, as_):
    lead, task = as_(world.lin), open_task(open_self_evaluation(world))
    twins = [
        add_library_indicator(actor=world.sun, bureau=world.bureau, values={**ENTRY, "sector": sector})
        for sector in ("信息系统建设与运维", "设备采购")
    ]
    library = reverse("pick_indicators", args=[task.process_id, task.pk])
    lead.post(library, {"pick": [entry.pk for entry in twins]})
    assert [row.name for row in task.evaluation.indicators.all()] == [ENTRY["name"]]


def test_what_is_no_number_or_another_bureaus_is_not_picked(world, as_):
    lead, task = as_(world.lin), open_task(open_self_evaluation(world))
    library = reverse("pick_indicators", args=[task.process_id, task.pk])
    retired = add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY)
    retire_library_indicator(actor=world.sun, entry=retired)
    assert lead.post(library, {"pick": ["²", "-1", "9" * 40, retired.pk]}).status_code == 302
    assert task.evaluation.indicators.count() == 0


def test_the_officer_adds_changes_and_retires_an_entry(world, as_):
    officer = as_(world.sun)
    assert officer.post(reverse("add_entry"), typed()).status_code == 302
    entry = LibraryIndicator.objects.get(bureau=world.bureau)
    rule = {"rule-type": "linear", "rule-zero_below": "60", "rule-full_at": "200"}
    assert officer.post(reverse("edit_entry", args=[entry.pk]), typed(**rule)).status_code == 302
    entry.refresh_from_db()
    assert entry.rule == {"type": "linear", "zero_below": "60", "full_at": "200"}
    officer.post(reverse("retire_entry", args=[entry.pk]))
    assert entry.name not in rows_of(as_(world.lin).get(reverse("library"), {"q": entry.name}))
    verbs = AuditEvent.objects.filter(chain=f"library:{entry.pk}").values_list("verb", flat=True)
    assert list(verbs) == [f"{verb}_library_indicator" for verb in ("add", "change", "retire")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"usual_value": "many"}, "usual_value"),
        ({"rule-type": "linear", "rule-full_at": "1"}, "rule-zero_below"),
        ({"rule-type": "linear", "rule-zero_below": "9", "rule-full_at": "1"}, "rule-zero_below"),
    ],
)
def test_a_faulty_entry_is_refused_at_its_field(world, as_, changes, field):
    reply = as_(world.sun).post(reverse("add_entry"), typed(**changes))
    page = read_form(reply, "entry-form")
    assert (reply.status_code, set(page.errors)) == (422, {field})
    assert page.fields["unit_of_measure"] == "台"
    assert not LibraryIndicator.objects.filter(bureau=world.bureau).exists()


def test_the_same_name_in_a_sector_is_refused(world):
    add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY)
    with pytest.raises(InvalidInput) as refusal:
        add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY)
    assert list(refusal.value.fields) == ["name"]


def test_a_retired_entry_can_be_entered_again(world):
    entry = add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY)
    retire_library_indicator(actor=world.sun, entry=entry)
    again = add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY)
    assert (again.pk != entry.pk, again.retired_at) == (True, None)
    with pytest.raises(InvalidInput) as refusal:
        add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY)
    assert list(refusal.value.fields) == ["name"]
    retire_library_indicator(actor=world.sun, entry=again)


def test_only_who_maintains_the_library_may(world):
    entry = add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY)
    with pytest.raises(NotAllowed):
        add_library_indicator(actor=world.zhao, bureau=world.bureau, values={**ENTRY, "name": "其他"})
    with pytest.raises(NotAllowed):
        change_library_indicator(actor=world.qian, entry=entry, values={"name": "其他"})
    with pytest.raises(NotAllowed):
        retire_library_indicator(actor=world.sun, entry=LibraryIndicator.objects.filter(bureau=None).first())
    retire_library_indicator(actor=world.zhou, entry=entry)
    with pytest.raises(WrongStage):
        change_library_indicator(actor=world.sun, entry=entry, values={"name": "其他"})


def test_the_list_takes_as_many_statements_however_long_it_is(world, as_):
    officer = as_(world.sun)

    def statements(query):
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(reverse("library"), query).status_code == 200
        return len(queries)

    assert statements({"q": "政策知晓率"}) == statements({})
