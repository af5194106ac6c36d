"""Kinds of notices: every message has one, and nobody turns off what is compulsory."""

from __future__ import annotations

import pytest

from notices import messages
from notices.kinds import DEADLINE, KINDS, OF_MESSAGE, TASK, ByMail


def test_every_message_has_its_kind():
    every = {text for name, text in vars(messages).items() if name.isupper()}
    assert set(OF_MESSAGE) == every


def test_every_kind_is_offered_to_people():
    assert set(OF_MESSAGE.values()) <= set(KINDS.values())


def test_what_is_compulsory_can_be_put_off_for_the_day_but_not_turned_off():
    assert DEADLINE.compulsory
    assert DEADLINE.by_mail == ByMail.DIGEST
    assert DEADLINE.choices == [ByMail.AT_ONCE, ByMail.DIGEST]


@pytest.mark.parametrize(
    ("kind", "choices", "applies"),
    [
        (TASK, {}, ByMail.AT_ONCE),
        (TASK, {"task": "never"}, ByMail.NEVER),
        (DEADLINE, {"deadline": "at_once"}, ByMail.AT_ONCE),
        (DEADLINE, {"deadline": "never"}, ByMail.DIGEST),
        (DEADLINE, {"deadline": "by pigeon"}, ByMail.DIGEST),
    ],
)
def test_a_choice_applies_where_it_is_offered(kind, choices, applies):
    assert kind.chosen_by(choices) == applies
