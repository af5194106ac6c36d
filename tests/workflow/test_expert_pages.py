"""The pages of the register, and seating on the dossier: by name, by lot, in somebody's place."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from evaluations.actions import suspend_expert
from evaluations.models import ExpertProfile, Stage
from tests.cast import soon
from tests.experts import in_conflict, new_expert, registered
from tests.workflow.page_forms import read_form
from tests.workflow.reading import get, statements_of, tab_of, text_of
from workflow import seating


@pytest.fixture
def sun(world, as_):
    return as_(world.sun)


@pytest.fixture
def wu(world):
    return registered(world, world.wu, "信息化", employer="某大学", post="教授", note="只接受下半年的任务")


def names(page) -> list[str]:
    return [str(profile) for profile in page.context["page_obj"]]


# --- the list -------------------------------------------------------------------------


def test_the_register_is_found_by_field_words_and_state(world, sun, wu):
    registered(world, world.zheng, "教育")
    suspend_expert(actor=world.sun, profile=wu, reason="病假")
    url = reverse("experts")
    assert sorted(names(get(sun, url))) == sorted(["小吴", "小郑"])
    assert names(get(sun, url, field="教育")) == ["小郑"]
    assert names(get(sun, url, state="suspended")) == ["小吴"]
    assert names(get(sun, url, state="active")) == ["小郑"]
    assert names(get(sun, url, q="大学 教授")) == ["小吴"]
    assert names(get(sun, url, q="教育")) == ["小郑"]
    assert names(get(sun, url, q="没有")) == []
    assert sorted(names(get(sun, url, field="没有的", state="other"))) == sorted(["小吴", "小郑"])


def test_the_register_counts_present_seats_and_conflicts(world, sun, wu, commissioned_evaluation):
    commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    commissioned_evaluation(Stage.DRAFT_CONCLUSION, project=world.new_project(), experts=(world.wu,))
    in_conflict(world, wu, organization=world.own_level)
    in_conflict(world, wu, organization=world.own_level, since=soon(1))
    (found,) = get(sun, reverse("experts")).context["page_obj"]
    assert (found.present_seats, found.present_conflicts) == (1, 1)


def test_an_expert_finds_the_own_entry_only(world, as_, wu):
    registered(world, world.zheng, "教育")
    page = get(as_(world.wu), reverse("experts"))
    assert names(page) == ["小吴"]
    assert reverse("add_expert") not in page.content.decode()


def test_the_list_costs_the_same_with_many_experts(world, sun, wu):
    few = statements_of(sun, reverse("experts"))
    for number in range(12):
        new_expert(world, f"e{number}", "教育")
    assert statements_of(sun, reverse("experts")) == few


# --- an entry -------------------------------------------------------------------------


def test_the_keeper_enters_an_expert_with_fields_ticked_and_named(world, sun):
    typed = {"expert": world.wu.pk, "other_fields": "审计， 工程造价", "employer": "某大学"}
    page = sun.post(reverse("add_expert"), typed)
    profile = ExpertProfile.objects.get(user=world.wu)
    assert page.url == reverse("expert", args=[profile.pk])
    assert (profile.expertise, profile.employer) == (["审计", "工程造价"], "某大学")
    assert "审计" in get(sun, reverse("add_expert")).content.decode()


def test_only_people_who_are_not_in_the_register_yet_are_offered(world, sun, wu):
    choices = get(sun, reverse("add_expert")).context["form"].fields["expert"].queryset
    assert list(choices) == [world.zheng]


def test_what_is_wrong_with_an_entry_stands_at_its_field(world, sun, wu):
    page = sun.post(reverse("edit_expert", args=[wu.pk]), {"other_fields": "长" * 51})
    assert page.status_code == 422
    assert "expertise" in page.context["form"].errors


def test_the_note_and_why_somebody_is_suspended_are_not_for_the_expert(world, as_, wu):
    suspend_expert(actor=world.sun, profile=wu, reason="未按时评分")
    own = text_of(get(as_(world.wu), reverse("expert", args=[wu.pk])))
    offices = text_of(get(as_(world.feng), reverse("expert", args=[wu.pk])))
    for words in ("只接受下半年的任务", "未按时评分"):
        assert words in offices
        assert words not in own


def test_the_page_of_an_expert_lists_past_seats_and_why_one_was_given_up(
    world, sun, wu, as_, commissioned_evaluation
):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    seating.recuse(seat=evaluation.seats.get(expert=world.wu), actor=world.wu, reason="业务往来")
    offices = text_of(get(sun, reverse("expert", args=[wu.pk])))
    assert evaluation.number in offices
    assert "业务往来" in offices
    assert evaluation.number not in text_of(get(as_(world.wu), reverse("expert", args=[wu.pk])))


def test_a_suspension_is_made_and_ended_on_the_page(world, sun, wu):
    sun.post(reverse("suspend_expert", args=[wu.pk]), {"suspend-reason": "病假", "suspend-until": soon(5)})
    wu.refresh_from_db()
    assert (wu.is_suspended(), wu.suspended_until) == (True, soon(5))
    sun.post(reverse("resume_expert", args=[wu.pk]))
    wu.refresh_from_db()
    assert not wu.is_suspended()


def test_a_suspension_in_the_past_is_refused_at_its_field(world, sun, wu):
    typed = {"suspend-reason": "病假", "suspend-until": soon(-1)}
    page = sun.post(reverse("suspend_expert", args=[wu.pk]), typed)
    assert page.status_code == 422
    assert "until" in page.context["suspension_form"].errors


def test_experts_declare_their_own_conflicts_on_their_page(world, as_, wu):
    typed = {"organization": world.department.pk, "reason": "亲属任职"}
    as_(world.wu).post(reverse("declare_conflict", args=[wu.pk]), typed)
    conflict = wu.conflicts.get()
    assert (conflict.organization, conflict.declared_by) == (world.department, world.wu)


def test_to_an_expert_no_projects_are_offered_but_those_with_a_seat(
    world, as_, sun, wu, commissioned_evaluation
):
    commissioned_evaluation(experts=(world.wu,), project=world.project)

    def offered(client):
        page = get(client, reverse("expert", args=[wu.pk]))
        return set(page.context["conflict_form"].fields["project"].queryset)

    assert offered(as_(world.wu)) == {world.project}
    assert offered(sun) == {world.project, world.other_project}


def test_a_conflict_with_nothing_is_refused_at_its_field(world, sun, wu):
    page = sun.post(reverse("declare_conflict", args=[wu.pk]), {"reason": "任职"})
    assert page.status_code == 422
    assert "organization" in page.context["conflict_form"].errors


def test_a_conflict_is_not_ended_without_a_reason(world, sun, wu):
    conflict = in_conflict(world, wu)
    assert sun.post(reverse("end_conflict", args=[conflict.pk])).status_code == 422
    sun.post(reverse("end_conflict", args=[conflict.pk]), {"end_reason": "离职已满三年"})
    conflict.refresh_from_db()
    assert conflict.ended_at is not None


# --- seats on the dossier -------------------------------------------------------------


def test_experts_are_drawn_on_the_dossier_which_shows_how_to_draw_again(
    world, sun, as_, wu, commissioned_evaluation
):
    new_expert(world, "he", "教育")
    evaluation = commissioned_evaluation(experts=())
    page = sun.post(
        reverse("draw_experts", args=[evaluation.pk]), {"draw-number": 1, "draw-expertise": ["教育"]}
    )
    assert page.status_code == 302
    seat = evaluation.seats.get()
    assert seat.expert.username == "he"
    words = text_of(get(sun, tab_of(evaluation, "figures")))
    assert seat.draw.seed in words
    assert f"专家he ({seat.expert_id})" in words
    units = text_of(get(as_(world.lin), tab_of(evaluation, "figures")))
    assert "drawn by lot" in units
    assert seat.draw.seed not in units


def options_of(page, name: str) -> list[tuple[str, bool]]:
    """What a list offers: the words, and whether they can be chosen; the empty choice left out."""
    part = re.search(rf'<select name="{name}".*?</select>', page.content.decode(), re.DOTALL)
    assert part is not None
    found = re.findall(r'<option value="\d+"( disabled)?>([^<]*)</option>', part[0])
    return [(words, not disabled) for disabled, words in found]


def test_who_cannot_be_seated_stands_last_with_the_reason_and_cannot_be_chosen(
    world, sun, wu, commissioned_evaluation
):
    in_conflict(world, wu)
    suspend_expert(actor=world.sun, profile=registered(world, world.zheng), reason="病假")
    new_expert(world, "he", "教育")
    evaluation = commissioned_evaluation(experts=())
    page = get(sun, tab_of(evaluation, "figures"))
    assert options_of(page, "expert") == [
        ("专家he", True),
        ("小吴 (conflict of interest)", False),
        ("小郑 (suspended)", False),
    ]
    assert "1 expert of the register can be drawn now." in text_of(page)
    answer = sun.post(reverse("seat_expert", args=[evaluation.pk]), {"expert": world.wu.pk})
    assert answer.status_code == 403
    assert not evaluation.seats.exists()


def test_who_cannot_be_seated_cannot_be_chosen_in_anothers_place_either(world, sun, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING, experts=(world.wu,))
    in_conflict(world, registered(world, world.zheng), organization=world.department)
    new_expert(world, "he", "教育")
    seating.recuse(seat=evaluation.seats.get(), actor=world.wu, reason="业务往来")
    page = get(sun, tab_of(evaluation, "figures"))
    assert options_of(page, "expert") == [("专家he", True), ("小郑 (conflict of interest)", False)]


def test_too_few_candidates_are_said_at_the_number(world, sun, wu, commissioned_evaluation):
    evaluation = commissioned_evaluation(experts=())
    page = sun.post(reverse("draw_experts", args=[evaluation.pk]), {"draw-number": 2})
    assert page.status_code == 422
    assert "number" in page.context["draw_form"].errors
    assert not evaluation.seats.exists()


def test_an_expert_gives_the_seat_up_on_the_dossier_and_is_led_away(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    seat = evaluation.seats.get(expert=world.wu)
    address = reverse("recuse", args=[evaluation.pk, seat.pk])
    client = as_(world.wu)
    page = get(client, tab_of(evaluation, "figures")).content.decode()
    assert address in page
    assert reverse("recuse", args=[evaluation.pk, evaluation.seats.get(expert=world.zheng).pk]) not in page
    assert client.post(address, {"reason": "业务往来"}).url == reverse("inbox")
    assert client.get(reverse("dossier", args=[evaluation.pk])).status_code == 404


def test_a_recusal_without_a_reason_is_refused_at_its_field(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    seat = evaluation.seats.get(expert=world.wu)
    page = as_(world.wu).post(reverse("recuse", args=[evaluation.pk, seat.pk]))
    assert page.status_code == 422
    assert evaluation.seats.in_force().count() == 2


def test_the_office_puts_somebody_in_the_place(world, sun, wu, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    seat = evaluation.seats.get(expert=world.wu)
    seating.recuse(seat=seat, actor=world.wu, reason="业务往来")
    address = reverse("replace_expert", args=[evaluation.pk, seat.pk])
    assert address in get(sun, tab_of(evaluation, "figures")).content.decode()
    page = sun.post(address, {"expert": ""})
    assert page.status_code == 422  # nobody can be drawn: Wu has left, Zheng has a seat
    he = new_expert(world, "he")
    sun.post(address, {"expert": he.pk})
    assert seat.replacement.expert == he
    words = text_of(get(sun, tab_of(evaluation, "figures")))
    assert "in the place of 小吴" in words
    assert address not in get(sun, tab_of(evaluation, "figures")).content.decode()


def test_a_conflict_declared_since_is_marked_at_the_seat(world, sun, wu, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation()
    in_conflict(world, wu)
    assert "conflict of interest" in text_of(get(sun, tab_of(evaluation, "figures")))
    assert "conflict of interest" not in text_of(get(as_(world.lin), tab_of(evaluation, "figures")))


def test_the_form_of_an_entry_shows_what_is_stored(world, sun, wu):
    page = get(sun, reverse("edit_expert", args=[wu.pk]))
    fields = read_form(page, "expert-form").fields
    assert (fields["employer"], fields["post"]) == ("某大学", "教授")
