"""Notices: who was told what, and how they are marked as read."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override

from notices.models import Notice
from tests.workflow.reading import get, statements_of, text_of

NOTICES = reverse("notices")


def tell(person, number: int) -> list[Notice]:
    return [
        Notice.objects.create(
            recipient=person,
            message="“%(project)s” is closed.",
            values={"project": f"项目{place}"},
            path="/evaluations/",
            source=f"test:{person.pk}:{place}",
        )
        for place in range(number)
    ]


def test_a_notice_is_shown_with_the_page_it_speaks_of(world, as_):
    tell(world.lin, 1)
    page = get(as_(world.lin), NOTICES)
    assert "1 unread notice" in text_of(page)
    assert '<a href="/evaluations/">“项目0” is closed.</a>' in page.content.decode()


def test_marking_one_as_read_leaves_the_others_unread(world, as_):
    first, _second = tell(world.lin, 2)
    client = as_(world.lin)
    assert client.post(NOTICES, {"notice": first.pk}).status_code == 302
    assert get(client, NOTICES).context["unread"] == 1
    first.refresh_from_db()
    assert first.read_at is not None


def test_marking_all_as_read_keeps_the_date_of_those_read_before(world, as_):
    first, _second = tell(world.lin, 2)
    client = as_(world.lin)
    client.post(NOTICES, {"notice": first.pk})
    first.refresh_from_db()
    before = first.read_at
    client.post(NOTICES)
    first.refresh_from_db()
    assert first.read_at == before
    assert "No unread notices" in text_of(get(client, NOTICES))


@pytest.mark.parametrize("of_somebody_else", [True, False])
def test_nobody_marks_a_notice_that_is_not_theirs(world, as_, of_somebody_else):
    (notice,) = tell(world.wang, 1)
    chosen = notice.pk if of_somebody_else else "9' OR 1=1"
    assert as_(world.lin).post(NOTICES, {"notice": chosen}).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_nobody_sees_another_persons_notices(world, as_):
    tell(world.wang, 1)
    assert "No notices yet" in text_of(get(as_(world.lin), NOTICES))


def test_notices_are_paged_and_cost_the_same_whatever_their_number(world, as_):
    client = as_(world.lin)
    tell(world.lin, 3)
    with_three = statements_of(client, NOTICES)
    Notice.objects.all().delete()
    tell(world.lin, 45)
    assert statements_of(client, NOTICES) == with_three
    assert len(get(client, NOTICES, page="3").context["page_obj"]) == 5


def test_a_notice_begins_like_a_sentence(world):
    message = "%(stage)s: “%(project)s” is waiting for you."
    notice = Notice(message=message, values={"stage": "unit approval", "project": "项目"})
    with override("en"):
        assert notice.text == "Unit approval: “项目” is waiting for you."
