"""The registry: every code once, each with its rule, and the page about them current."""

from __future__ import annotations

import pytest

from evaluations.checks import CHECKS, SEVERITIES, Check
from scripts.checks_page import PAGE, page


def test_there_are_forty_three_checks_with_codes_of_their_own():
    assert len({check.code for check in CHECKS}) == len(CHECKS) == 43


@pytest.mark.parametrize("check", CHECKS, ids=[check.code for check in CHECKS])
def test_every_check_names_the_rule_that_it_stands_on(check: Check):
    assert check.severity in SEVERITIES
    assert len(check.rule) > 60


def test_the_page_about_the_checks_is_current():
    assert PAGE.read_text("utf-8") == page(), "run: python -m scripts.checks_page"
