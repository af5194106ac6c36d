"""Scenes of the permission matrix: webhooks, and what could not be sent."""

from __future__ import annotations

from accounts.models import Organization
from notices.kinds import KINDS
from notices.models import Adapter, Channel, Delivery, Endpoint, Notice, State
from tests.permission_scenes import Play, Scene


def webhook_of(organization: Organization) -> Endpoint:
    """A webhook to a host that nobody has allowed: nothing is posted."""
    made = Endpoint(
        organization=organization,
        name="群机器人",
        adapter=Adapter.JSON,
        url="https://hooks.example/send",
        secret="a secret of this test",
        kinds=["task"],
    )
    made.save_as(None, "test")
    return made


def choices(play: Play) -> Scene:
    typed = {kind.key: kind.by_mail.value for kind in KINDS.values()}
    return Scene(data=lambda: {**typed, "language": "zh-hans", "email": "someone@office.example"})


def webhook(play: Play) -> Scene:
    """The department's."""
    made = webhook_of(play.world.department)
    return Scene([made.pk], lambda: {"name": "另一个名字", "kinds": ["task", "deadline"]})


def webhook_of_the_bureau(play: Play) -> Scene:
    return Scene([webhook_of(play.world.bureau).pk])


def failed(play: Play) -> Scene:
    """An e-mail to the department's reviewer that could not be sent."""
    notice = Notice.objects.create(
        recipient=play.world.zhao, kind="task", message="%(stage)s", values={}, path="/", source="test"
    )
    row = Delivery.objects.create(notice=notice, channel=Channel.MAIL, state=State.DEAD)
    return Scene(data=lambda: {"row": f"delivery:{row.pk}", "verb": "send_again"})
