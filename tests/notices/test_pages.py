"""The pages: what one was told by kind, how one is told, webhooks, and what could not be sent."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override

from audit_log.models import AuditEvent
from notices.kinds import KINDS
from notices.models import Channel, Delivery, Endpoint, Notice, NoticeChoice, State
from notices.outward.digests import gather_for
from tests.cast import soon
from tests.notice_scenes import webhook_of
from tests.notices.conftest import endpoint

pytestmark = pytest.mark.django_db
DEFAULTS = {kind.key: kind.by_mail.value for kind in KINDS.values()}


def notice(person, kind="task", number=1, **outward):
    made = Notice.objects.create(
        recipient=person,
        kind=kind,
        message="“%(project)s” is closed.",
        values={"project": f"项目{number}"},
        path="/evaluations/",
        source=f"test:{number}",
    )
    if outward:
        Delivery.objects.create(notice=made, **outward)
    return made


def page(client, name, *arguments, **query):
    with override("en"):
        return client.get(reverse(name, args=arguments), query, headers={"accept-language": "en"})


def words(response):
    return response.content.decode()


# --- the list -----------------------------------------------------------------------------


def test_the_list_shows_one_kind_when_asked_for_it(world, as_):
    notice(world.lin, "task", 1)
    notice(world.lin, "deadline", 2)
    client = as_(world.lin)
    assert {"项目1", "项目2"} <= set(shown(page(client, "notices")))
    assert shown(page(client, "notices", kind="deadline")) == ["项目2"]
    assert len(shown(page(client, "notices", kind="no such kind"))) == 2
    assert shown(page(client, "notices", kind="talk")) == []


def shown(response):
    return sorted(each.values["project"] for each in response.context["page_obj"])


def test_only_who_keeps_webhooks_is_led_to_them(world, as_):
    address = reverse("endpoints")
    assert address in words(page(as_(world.zhou), "notices"))
    assert address not in words(page(as_(world.lin), "notices"))


# --- choices ------------------------------------------------------------------------------


def test_what_is_chosen_is_kept_with_address_and_language(world, as_):
    client = as_(world.lin)
    typed = {**DEFAULTS, "task": "never", "language": "en", "email": "lin@office.example"}
    assert client.post(reverse("notice_choices"), typed).status_code == 302
    chosen = NoticeChoice.objects.get(person=world.lin)
    assert (chosen.by_mail["task"], chosen.language) == ("never", "en")
    world.lin.refresh_from_db()
    assert world.lin.email == "lin@office.example"
    form = page(client, "notice_choices").context["form"]
    assert form["task"].initial == "never"
    assert AuditEvent.objects.filter(chain=f"person:{world.lin.pk}", verb="choose_notices").count() == 1


def test_saving_the_same_again_writes_nothing(world, as_):
    client = as_(world.lin)
    for _time in range(2):
        client.post(reverse("notice_choices"), {**DEFAULTS, "language": "en", "email": ""})
    assert NoticeChoice.history.count() == 1
    assert AuditEvent.objects.filter(verb="choose_notices").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"deadline": "never"}, "deadline"),
        ({"task": "by pigeon"}, "task"),
        ({"language": "fr"}, "language"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_what_cannot_be_chosen_is_said_at_its_field(world, as_, wrong, field):
    typed = {**DEFAULTS, "language": "en", "email": "", **wrong}
    response = as_(world.lin).post(reverse("notice_choices"), typed)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not NoticeChoice.objects.exists()


def test_addresses_can_be_held_to_the_offices_domains(world, as_, settings):
    settings.MAIL_DOMAINS = ["office.example"]
    typed = {**DEFAULTS, "language": "en", "email": "lin@elsewhere.example"}
    client = as_(world.lin)
    assert client.post(reverse("notice_choices"), typed).status_code == 422
    assert client.post(reverse("notice_choices"), {**typed, "email": "lin@Office.example"}).status_code == 302


def test_the_address_is_not_cleared_while_compulsory_e_mails_go_there(world, as_, settings):
    world.lin.email = "lin@office.example"
    world.lin.save_as(None, "test")
    client = as_(world.lin)
    cleared = {**DEFAULTS, "language": "en", "email": ""}
    settings.MAIL_IS_ON = True
    response = client.post(reverse("notice_choices"), cleared)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["email"])
    assert client.post(reverse("notice_choices"), {**cleared, "email": "lin@new.example"}).status_code == 302
    settings.MAIL_IS_ON = False
    assert client.post(reverse("notice_choices"), cleared).status_code == 302
    world.lin.refresh_from_db()
    assert world.lin.email == ""


# --- webhooks -----------------------------------------------------------------------------


def typed_for(organization, site, **changes):
    return {
        "organization": organization.pk,
        "name": "评价群",
        "adapter": "json",
        "url": site.url,
        "kinds": ["task", "deadline"],
        **changes,
    }


def test_a_webhook_is_set_up_and_its_secret_shown_once(world, as_, site):
    client = as_(world.qian)
    response = client.post(reverse("add_endpoint"), typed_for(world.department, site))
    made = Endpoint.objects.get()
    assert len(made.secret) >= 32
    assert made.secret in words(response)
    assert response["Cache-Control"] == "no-store"
    for name, arguments in (("endpoints", []), ("edit_endpoint", [made.pk])):
        shown_page = words(page(client, name, *arguments))
        assert made.secret not in shown_page
        assert "key=abc" not in shown_page


def test_neither_secret_nor_address_is_in_history_or_audit(world, as_, site):
    client = as_(world.qian)
    client.post(reverse("add_endpoint"), typed_for(world.department, site))
    made = Endpoint.objects.get()
    client.post(
        reverse("edit_endpoint", args=[made.pk]), {"name": "新名", "kinds": ["task"], "url": site.url + "2"}
    )
    client.post(reverse("renew_secret", args=[made.pk]))
    renewed = Endpoint.objects.get()
    assert renewed.secret != made.secret
    kept = str(list(Endpoint.history.values())) + str(list(AuditEvent.objects.values("object_label", "data")))
    for secret in (made.secret, renewed.secret, "key=abc"):
        assert secret not in kept
    verbs = AuditEvent.objects.filter(chain=f"endpoint:{made.pk}").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == ["add_endpoint", "change_endpoint", "renew_secret"]


def test_an_address_that_is_left_empty_stays(world, as_, site):
    made = endpoint(world.department, site)
    as_(world.qian).post(reverse("edit_endpoint", args=[made.pk]), {"name": "新名", "kinds": ["task"]})
    made.refresh_from_db()
    assert (made.name, made.url, made.kinds) == ("新名", site.url, ["task"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "https://elsewhere.example/"}, "url"),
        ({"url": ""}, "url"),
        ({"kinds": []}, "kinds"),
        ({"name": " "}, "name"),
        ({"adapter": "dingtalk"}, "secret"),
        ({"adapter": "fax"}, "adapter"),
    ],
)
def test_what_cannot_be_set_up_is_said_at_its_field(world, as_, site, changes, field):
    response = as_(world.qian).post(reverse("add_endpoint"), typed_for(world.department, site, **changes))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not Endpoint.objects.exists()


def test_a_head_sets_up_webhooks_for_the_own_department_alone(world, as_, site):
    for other in (world.bureau, world.other_department, world.unit):
        response = as_(world.qian).post(reverse("add_endpoint"), typed_for(other, site))
        assert list(response.context["form"].errors) == ["organization"]
    for own in (world.bureau, world.department, world.other_department):
        assert as_(world.zhou).post(reverse("add_endpoint"), typed_for(own, site)).status_code == 200


def test_a_test_is_posted_at_once_and_its_outcome_shown(world, as_, site):
    made = endpoint(world.department, site)
    client = as_(world.qian)
    client.post(reverse("try_endpoint", args=[made.pk]))
    assert b'"test":true' in site.posts[0].body
    site.answers = [(500, {}, b"")]
    client.post(reverse("try_endpoint", args=[made.pk]))
    assert "HTTP 500" in words(page(client, "edit_endpoint", made.pk))
    outcomes = (
        AuditEvent.objects.filter(verb="try_endpoint").order_by("pk").values_list("data__error", flat=True)
    )
    assert list(outcomes) == ["", "HTTP 500"]


def test_what_waits_for_a_webhook_that_is_switched_off_is_given_up(world, as_):
    made = webhook_of(world.department)
    notice(world.zhao, channel=Channel.WEBHOOK, endpoint=made)
    client = as_(world.qian)
    for _twice_is_once in range(2):
        client.post(reverse("switch_endpoint", args=[made.pk]), {"active": "0"})
    made.refresh_from_db()
    assert not made.is_active
    assert Delivery.objects.get().state == State.GIVEN_UP
    client.post(reverse("switch_endpoint", args=[made.pk]), {"active": "1"})
    made.refresh_from_db()
    assert made.is_active
    assert Delivery.objects.get().state == State.GIVEN_UP


# --- what could not be sent ---------------------------------------------------------------


@pytest.fixture
def failed(world):
    """E-mails to Zhao, single and of a day, a post to the bureau, an e-mail to somebody elsewhere."""
    dead = {"state": State.DEAD, "attempts": 14, "last_error": "HTTP 500"}
    notice(world.zhao, number=1, channel=Channel.MAIL, **dead)
    notice(world.sun, number=2, channel=Channel.WEBHOOK, endpoint=webhook_of(world.bureau), **dead)
    notice(world.chu, number=3, channel=Channel.MAIL, **dead)
    notice(world.zhao, "deadline", 4, channel=Channel.MAIL, once_a_day=True)
    gather_for(world.zhao.pk, soon(0))
    digest = Delivery.objects.get(once_a_day=True).digest
    digest.state, digest.last_error = State.DEAD, "550 no such mailbox"
    digest.save()


def rows(response):
    return [str(row["to"]) for row in response.context["page_obj"]]


def test_each_keeper_sees_what_failed_for_the_own_people_and_webhooks(world, as_, failed):
    assert rows(page(as_(world.qian), "failed_notices")) == ["小赵", "小赵"]
    assert len(rows(page(as_(world.zhou), "failed_notices"))) == 4
    seen = words(page(as_(world.qian), "failed_notices"))
    assert "550 no such mailbox" in seen
    assert "项目" not in seen


def test_the_ticked_are_sent_again_under_the_same_key(world, as_, failed):
    row = Delivery.objects.get(notice__source="test:1")
    digest = Delivery.objects.get(once_a_day=True).digest
    other = Delivery.objects.get(notice__source="test:3")
    ticked = [f"delivery:{row.pk}", f"digest:{digest.pk}", f"delivery:{other.pk}", "delivery:x", "other:1"]
    as_(world.qian).post(reverse("failed_notices"), {"row": ticked, "verb": "send_again"})
    for each in (row, digest):
        key = each.key
        each.refresh_from_db()
        assert (each.state, each.attempts, each.key) == (State.WAITING, 0, key)
        assert each.next_attempt_at is not None
    other.refresh_from_db()
    assert other.state == State.DEAD
    assert AuditEvent.objects.filter(verb="send_again").count() == 2


def test_what_is_given_up_leaves_the_list_with_all_of_its_day(world, as_, failed):
    digest = Delivery.objects.get(once_a_day=True).digest
    client = as_(world.qian)
    client.post(reverse("failed_notices"), {"row": f"digest:{digest.pk}", "verb": "give_up"})
    assert Delivery.objects.get(once_a_day=True).state == State.GIVEN_UP
    assert rows(page(client, "failed_notices")) == ["小赵"]
    assert world.zhao.notices.count() == 2


def test_what_would_go_to_a_webhook_that_is_switched_off_is_not_sent_again(world, as_, failed):
    hook = Endpoint.objects.get()
    hook.is_active = False
    hook.save_as(None, "test")
    row = Delivery.objects.get(endpoint=hook)
    client = as_(world.zhou)
    ticked = {"row": f"delivery:{row.pk}", "verb": "send_again"}
    answer = client.post(reverse("failed_notices"), ticked, headers={"accept-language": "en"}, follow=True)
    row.refresh_from_db()
    assert row.state == State.DEAD
    assert "The others stay" in words(answer)
    client.post(reverse("failed_notices"), {**ticked, "verb": "give_up"})
    row.refresh_from_db()
    assert row.state == State.GIVEN_UP
