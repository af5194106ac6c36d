"""The schemes that come with the product are found by code, by name, and by the document they stand on."""

from __future__ import annotations

import pytest

from evaluations.scoring.shipped import shipped_scheme, shipped_schemes


@pytest.mark.parametrize("code", ["ministry-2020", "ministry-2020-cost", "core-2021", "core-2021-cost"])
def test_a_scheme_is_found_by_its_code_and_its_name(code):
    scheme = shipped_schemes()[code]
    assert shipped_scheme(code, with_cost=False) is scheme
    assert shipped_scheme(f"{code} v1", with_cost=False) is scheme
    assert shipped_scheme(scheme.name, with_cost=False) is scheme


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("财预〔2020〕10号", "ministry-2020"),
        ("财预[2020]10号", "ministry-2020"),
        ("《项目支出绩效评价管理办法》（财预〔2020〕10号）", "ministry-2020"),
        ("10号", "ministry-2020"),
        ("2020", "ministry-2020"),
        ("财预〔2021〕101号", "core-2021"),
        ("101号文", "core-2021"),
        ("2021年", "core-2021"),
    ],
)
def test_a_scheme_is_found_by_the_document_it_stands_on(name, code):
    found = shipped_scheme(name, with_cost=False)
    assert found is not None
    assert found.code == code
    with_cost = shipped_scheme(name, with_cost=True)
    assert with_cost is not None
    assert with_cost.code == f"{code}-cost"


@pytest.mark.parametrize("name", ["", "本市办法", "财预〔2015〕210号", "2019", "1010号"])
def test_another_name_is_no_scheme_of_ours(name):
    assert shipped_scheme(name, with_cost=False) is None
