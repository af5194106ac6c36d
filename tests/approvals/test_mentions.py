"""Names after an “@”: Chinese leaves no space after them, and an e-mail address names nobody."""

from __future__ import annotations

import pytest

from approvals.mentions import Addressee, mentions_in

LIN = Addressee(1, "lin", "小林")
LINDA = Addressee(2, "linda", "小林一")
ZHAO = Addressee(3, "zhao", "小赵")
OTHER_ZHAO = Addressee(4, "zhao2", "小赵")
ALL = [LIN, LINDA, ZHAO]


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
