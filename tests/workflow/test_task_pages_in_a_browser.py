"""What htmx adds to the task pages: rows without a reload, totals and grades while people type."""

from __future__ import annotations

import pytest
from django.test import Client

from evaluations.models import Stage
from tests.cast import open_task
from tests.workflow.page_forms import address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page_of(live_browser, live_server):
    """A page on which somebody has signed in."""

    def opened(person, path):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = live_browser(viewport={"width": 1366, "height": 900})
        session.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page = session.new_page()
        page.goto(path)
        return page

    return opened


def test_totals_follow_what_is_typed_and_a_new_row_keeps_it(world, page_of, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    page = page_of(world.lin, address(open_task(evaluation)))
    page.fill("#id_indicators-0-actual_value", "１４")
    page.wait_for_selector("#live-totals >> text=20 × 14 ÷ 28 = 10.00", state="attached")
    page.click("button[value='add:indicators']")
    page.wait_for_selector("#id_indicators-8-name")
    assert page.input_value("#id_indicators-0-actual_value") == "１４"
    assert page.is_visible("#id_indicators-8-name")
    evaluation.refresh_from_db()
    assert evaluation.indicators.count() == 8
    assert evaluation.indicators.first().actual_value == 26


def test_the_grade_follows_the_total(world, page_of, self_evaluation):
    page = page_of(world.zhou, address(open_task(self_evaluation(Stage.CONCLUSION))))
    page.fill("#id_total", "79.5")
    page.wait_for_selector("#live-grade >> text=中")
    page.fill("#id_total", "１００")
    page.wait_for_selector("#live-grade >> text=优")


def test_proposing_an_item_leaves_the_opinion_in_its_field(world, page_of, self_evaluation):
    page = page_of(world.sun, address(open_task(self_evaluation(Stage.FINANCE_REVIEW))))
    page.fill("#id_opinion", "写到一半")
    page.click("#items summary")
    page.fill("#id_item-requirement", "交付剩余两个模块")
    page.click("button[value=raise_item]")
    page.wait_for_selector("#id_item-due_error", state="attached")
    page.fill("#id_item-due", "2099-12-31")
    page.click("button[value=raise_item]")
    page.wait_for_selector("#items >> text=ZG-2025-0001-01")
    assert page.input_value("#id_opinion") == "写到一半"
