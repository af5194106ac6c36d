"""A panel of three experts, one of whom is recused and replaced; all score without seeing each other's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.models import Verb
from evaluations.models import Stage
from tests.browsing.test_accessibility import task_address
from tests.cast import do, open_task
from tests.experts import new_expert, registered
from workflow.models import FlowTask

REASON = "近两年为承建单位提供过咨询。"
# Shares of each weight: the third lies far below the other two.
SHARES = {"jiang": "0.9", "zheng": "0.92", "shen": "0.2"}


@pytest.mark.django_db(transaction=True)
def test_three_experts_score_blind_after_one_was_recused_and_replaced(
    world, sits_down, commissioned_evaluation
):
    registered(world, world.wu)
    registered(world, world.zheng)
    evaluation = commissioned_evaluation(Stage.MATERIAL, experts=())
    officer = sits_down(world.sun)
    name_an_expert(officer, evaluation, world.wu)
    name_an_expert(officer, evaluation, world.zheng)
    jiang = new_expert(world, "jiang")
    draw_an_expert(officer, evaluation, jiang)
    do(Verb.SUPPLY, evaluation, world.lin, opinion="材料共一份。")
    recuse(sits_down(world.wu), evaluation, evaluation.seats.get(expert=world.wu))
    shen = new_expert(world, "shen")
    replace(officer, evaluation, evaluation.seats.get(expert=world.wu), shen)

    for number, expert in enumerate((jiang, world.zheng, shen)):
        sees_nothing_yet(officer, evaluation, number)
        score(sits_down(expert), evaluation, expert)

    evaluation.refresh_from_db()
    assert evaluation.stage == Stage.DRAFT_CONCLUSION
    page = at(officer, task_address(evaluation))
    panel = page.locator("#panel")
    names = panel.locator("ul").first.locator("li").all_inner_texts()
    assert len(names) == len(SHARES) + 1  # and the panel's own line
    assert "90.00" in names[0] + names[1] + names[2]
    assert panel.locator("li .soft").inner_text() != ""  # how far they lie from each other
    outliers = panel.locator("ul").last.inner_text()
    assert str(shen) in outliers
    assert str(jiang) not in outliers
    assert str(world.wu) not in panel.inner_text()


def at(person, address):
    """The page at an address."""
    person.page.goto(address)
    return person.page


def figures(evaluation):
    return reverse("dossier_tab", args=[evaluation.pk, "figures"])


def form_of(page, name, *arguments):
    """The form that goes to the address of this name."""
    return page.locator(f'form[action="{reverse(name, args=arguments)}"]')


def send(page, form):
    """Press the form's button, and wait for the page that answers."""
    with page.expect_navigation():
        form.locator('button[type="submit"]').click()


def name_an_expert(officer, evaluation, expert):
    page = at(officer, figures(evaluation))
    form = form_of(page, "seat_expert", evaluation.pk)
    form.locator("select").select_option(str(expert.pk))
    send(page, form)
    page.locator("#seats li", has_text=str(expert)).wait_for()


def draw_an_expert(officer, evaluation, expert):
    """By lot, among those of the register who are not seated yet: there is one."""
    page = at(officer, figures(evaluation))
    form = form_of(page, "draw_experts", evaluation.pk)
    form.locator('[name="draw-number"]').fill("1")
    send(page, form)
    page.locator("#seats li", has_text=str(expert)).wait_for()
    assert evaluation.draws.get().chosen == [expert.pk]


def recuse(expert, evaluation, seat):
    """Wu gives the seat up from the page where it is Wu's to score, and is asked no more."""
    page = at(expert, task_address(evaluation, seat.expert))
    with page.expect_navigation():
        page.locator(f'a[href^="{figures(evaluation)}"][href$="#seats"]').click()
    form = form_of(page, "recuse", evaluation.pk, seat.pk)
    page.locator("#seats details", has=form).locator("summary").click()
    form.locator('[name="reason"]').fill(REASON)
    send(page, form)
    seat.refresh_from_db()
    assert (seat.recused_reason, seat.recused_by) == (REASON, seat.expert)
    assert not FlowTask.objects.filter(owner=seat.expert, status="ASSIGNED").exists()


def replace(officer, evaluation, seat, expert):
    page = at(officer, figures(evaluation))
    assert REASON in page.locator("#seats").inner_text()
    form = form_of(page, "replace_expert", evaluation.pk, seat.pk)
    form.locator("select").select_option(str(expert.pk))
    send(page, form)
    page.locator("#seats li", has_text=str(expert)).wait_for()
    assert open_task(evaluation, expert).owner == expert


def opinion_of(expert):
    return f"{expert}认为产出基本实现。"


def score(person, evaluation, expert):
    """Points for every indicator and an opinion; nothing of the others' is on the page."""
    page = at(person, task_address(evaluation, expert))
    assert "认为产出基本实现" not in page.content()
    for indicator in evaluation.indicators.all():
        points = (indicator.weight * Decimal(SHARES[expert.username])).quantize(Decimal("0.01"))
        page.locator(f'[name="score-{indicator.pk}"]').fill(str(points))
    page.locator('[name="opinion"]').fill(opinion_of(expert))
    with page.expect_navigation():
        page.locator('button[value="score"]').click()
    page = at(person, reverse("dossier_tab", args=[evaluation.pk, "scores"]))
    texts = page.locator("main").inner_text()
    if evaluation.decisions.filter(verb=Verb.SCORE).count() < len(SHARES):
        assert "您的评分" in texts
        others = evaluation.seats.in_force().exclude(expert=expert).select_related("expert")
        assert not any(str(seat.expert) in texts for seat in others)


def sees_nothing_yet(officer, evaluation, number):
    """While experts still score, the officer sees who has, and not what."""
    page = at(officer, reverse("dossier_tab", args=[evaluation.pk, "opinions"]))
    assert "认为产出基本实现" not in page.content()
    page = at(officer, figures(evaluation))
    assert page.locator("#seats .chip-green").count() == number
