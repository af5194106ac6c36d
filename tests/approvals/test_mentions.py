"""Names after an “@”: Chinese leaves no space after them, and an e-mail address names nobody."""

from __future__ import annotations

import pytest

from approvals.mentions import Addressee, mentions_in

LIN = Addressee(1, "lin", "小林")
LINDA = Addressee(2, "linda", "小林一")
ZHAO = Addressee(3, "zhao", "小赵")
OTHER_ZHAO = Addressee(4, "zhao2", "小赵")
ALL = [LIN, LINDA, ZHAO]
OF_BUDGETS = Addressee(5, "wang1", "小王（预算科）")
OF_CULTURE = Addressee(6, "wang2", "小王 (文教科)")
WANGS = [OF_BUDGETS, OF_CULTURE, LIN]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@lin 请看", (1,)),
        ("请@小林核对一下", (1,)),
        ("请@小林一核对一下", (2,)),
        ("@LIN, @zhao", (1, 3)),
        ("@linda", (2,)),
        ("＠小赵：好", (3,)),
        ("@小赵 @zhao", (3,)),
        ("写信给lin@example.org", ()),
        ("单价 @ 5元", ()),
        ("@，", ()),
        ("nobody is named", ()),
    ],
)
def test_the_longest_name_that_fits_is_meant_and_each_person_once(text, people):
    found = mentions_in(text, ALL)
    assert (found.people, found.unknown, found.ambiguous) == (people, (), ())


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("@lina 请看", ("lina",)),
        ("@lin2", ("lin2",)),
        ("@小孙，@小孙", ("小孙",)),
        ("@sun and @lin", ("sun",)),
    ],
)
def test_a_name_that_nobody_has_is_named_once(text, unknown):
    assert mentions_in(text, ALL).unknown == unknown


def test_a_name_that_two_people_have_is_told_apart_by_the_user_name_only():
    found = mentions_in("@小赵", [ZHAO, OTHER_ZHAO])
    assert (found.people, found.ambiguous) == ((), ("小赵",))
    assert mentions_in("@zhao2", [ZHAO, OTHER_ZHAO]).people == (4,)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("请@小王（预算科）核对", (5,)),
        ("请@小王(预算科)核对", (5,)),
        ("请@小王 (预算科) 核对", (5,)),
        ("请@小王（文教科）核对", (6,)),
        ("请@小王( 文教科 )核对", (6,)),
        ("＠小王（预算科）（请核对）", (5,)),
        ("请@小林（见附件）", (1,)),
    ],
)
def test_a_bracket_that_belongs_to_a_name_is_read_however_wide_it_is(text, people):
    found = mentions_in(text, WANGS)
    assert (found.people, found.unknown, found.ambiguous) == (people, (), ())


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("@小王（办公室）请看", ("小王（办公室）",)),
        ("@小王(办公室)请看", ("小王(办公室)",)),
        ("@Li (office), please", ("Li (office)",)),
        ("@阿卜杜·热合曼", ("阿卜杜·热合曼",)),
        ("@小孙（未完", ("小孙",)),
    ],
)
def test_an_unknown_name_is_told_with_its_bracket(text, unknown):
    assert mentions_in(text, WANGS).unknown == unknown


def test_of_two_names_with_the_same_bracket_the_user_name_tells_which():
    twins = [OF_BUDGETS, Addressee(7, "wang3", "小王(预算科)")]
    found = mentions_in("@小王（预算科）", twins)
    assert (found.people, found.ambiguous) == ((), ("小王(预算科)",))
