"""A scheme from draft to retirement: who may, what is recorded, what is refused."""

from __future__ import annotations

import pytest

from audit_log.errors import InvalidInput, NotAllowed, Outdated, WrongStage
from audit_log.models import AuditEvent
from evaluations.actions import change_scheme, draft_scheme, publish_scheme, retire_scheme
from evaluations.document_changes import digest_of
from evaluations.models import Scheme
from evaluations.template_access import offered, visible_templates

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world):
    return draft_scheme(actor=world.sun, source=world.scheme, bureau=world.bureau, code="own-2026")


def changed(scheme, **values):
    return {**scheme.parameters, **values}


def test_a_copy_is_a_draft_of_the_bureau_with_the_same_figures(world, draft):
    assert (draft.code, draft.version, draft.status) == ("own-2026", 1, Scheme.Status.DRAFT)
    assert (draft.bureau, draft.copied_from) == (world.bureau, world.scheme)
    assert draft.as_parameters().level_weights == world.scheme.as_parameters().level_weights
    assert draft.as_parameters().code == "own-2026"


def test_a_published_scheme_is_copied_to_the_next_version_of_its_code(world, draft):
    publish_scheme(actor=world.sun, scheme=draft)
    following = draft_scheme(actor=world.zhou, source=draft, bureau=world.bureau)
    assert (following.code, following.version) == ("own-2026", 2)


@pytest.mark.parametrize(
    ("code", "field"),
    [("", "code"), ("ministry-2020-cost", "code"), ("Not a code", "code"), ("a--b", "code")],
)
def test_a_copy_of_what_was_shipped_needs_a_code_of_its_own(world, code, field):
    with pytest.raises(InvalidInput) as refusal:
        draft_scheme(actor=world.sun, source=world.scheme, bureau=world.bureau, code=code)
    assert list(refusal.value.fields) == [field]


def test_a_code_has_one_draft_at_a_time(world, draft):
    with pytest.raises(InvalidInput):
        draft_scheme(actor=world.sun, source=draft, bureau=world.bureau)


def test_a_draft_is_changed_and_the_record_says_what(world, draft):
    caps = [{"from": "0.7", "to": "0.8", "most": "89"}]
    change_scheme(actor=world.zhou, scheme=draft, document=changed(draft, caps=caps, name="本市办法"))
    draft.refresh_from_db()
    assert draft.name == "本市办法"
    assert str(draft.as_parameters().caps[0].most) == "89"
    event = AuditEvent.objects.get(chain="scheme:own-2026", verb="change_scheme")
    assert {"path": "caps[0].most", "before": "", "after": "89"} in event.data["changes"]
    assert draft.history.first().history_user == world.zhou


def test_a_faulty_change_is_refused_at_every_place_and_nothing_is_saved(world, draft):
    document = changed(draft, tolerance="-1", caps=[{"from": "0.7", "to": "0.8", "most": "101"}])
    with pytest.raises(InvalidInput) as refusal:
        change_scheme(actor=world.sun, scheme=draft, document=document)
    assert set(refusal.value.fields) == {"tolerance", "caps"}
    draft.refresh_from_db()
    assert draft.as_parameters().caps == ()


def test_what_somebody_else_saved_meanwhile_is_not_undone(world, draft):
    seen = digest_of(draft.parameters)
    change_scheme(actor=world.zhou, scheme=draft, document=changed(draft, tolerance="0.1"), seen=seen)
    with pytest.raises(Outdated):
        change_scheme(actor=world.sun, scheme=draft, document=changed(draft, tolerance="0.2"), seen=seen)


def test_a_document_cannot_change_code_and_version(world, draft):
    change_scheme(actor=world.sun, scheme=draft, document=changed(draft, code="other", version=7))
    draft.refresh_from_db()
    assert (draft.as_parameters().code, draft.as_parameters().version) == ("own-2026", 1)


def test_what_was_published_is_never_changed_again(world, draft):
    publish_scheme(actor=world.sun, scheme=draft)
    with pytest.raises(WrongStage):
        change_scheme(actor=world.sun, scheme=draft, document=changed(draft, tolerance="0.1"))
    with pytest.raises(WrongStage):
        publish_scheme(actor=world.sun, scheme=draft)


def test_a_scheme_is_offered_only_while_it_is_published(world, draft):
    assert draft not in offered(world.zhao, Scheme)
    publish_scheme(actor=world.sun, scheme=draft)
    assert draft in offered(world.zhao, Scheme)
    retire_scheme(actor=world.zhou, scheme=draft, reason="由新版替代")
    assert draft not in offered(world.zhao, Scheme)
    assert AuditEvent.objects.get(verb="retire_scheme").data == {"reason": "由新版替代"}


def test_a_scheme_is_retired_for_a_reason(world, draft):
    with pytest.raises(InvalidInput) as refusal:
        retire_scheme(actor=world.sun, scheme=draft, reason=" ")
    assert list(refusal.value.fields) == ["reason"]


def test_a_retired_scheme_is_not_retired_again(world, draft):
    retire_scheme(actor=world.sun, scheme=draft, reason="由新版替代")
    with pytest.raises(WrongStage):
        retire_scheme(actor=world.sun, scheme=draft, reason="由新版替代")


@pytest.mark.parametrize("who", ["lin", "wang", "zhao", "qian", "wu", "feng", "wei"])
def test_only_who_maintains_the_bureaus_schemes_may(world, draft, who):
    actor = getattr(world, who)
    verbs = [
        lambda: draft_scheme(actor=actor, source=world.scheme, bureau=world.bureau, code="theirs"),
        lambda: change_scheme(actor=actor, scheme=draft, document=draft.parameters),
        lambda: publish_scheme(actor=actor, scheme=draft),
        lambda: retire_scheme(actor=actor, scheme=draft, reason="由新版替代"),
    ]
    for verb in verbs:
        with pytest.raises(NotAllowed):
            verb()


def test_what_came_with_the_product_belongs_to_nobody(world):
    with pytest.raises(NotAllowed):
        publish_scheme(actor=world.sun, scheme=world.scheme)
    with pytest.raises(NotAllowed):
        retire_scheme(actor=world.sun, scheme=world.scheme, reason="由新版替代")


def test_drafts_are_seen_by_whoever_maintains_them(world, draft):
    readers = {name for name, person in world.people.items() if draft in visible_templates(person, Scheme)}
    assert readers == {"sun", "zhou"}
    publish_scheme(actor=world.sun, scheme=draft)
    readers = {
        name
        for name, person in world.people.items()
        if draft in visible_templates(type(person).objects.get(pk=person.pk), Scheme)
    }
    assert readers == set(world.people) - {"wei"}
