"""Taking a proposed item back: what is refused."""

from __future__ import annotations

from approvals.models import ItemStage, RaisedBy, RectificationItem, Verb
from audit_log.errors import NotAllowed, NotFound, WrongStage
from evaluations.models import Stage
from tests.approvals.refusals import refused
from tests.cast import do
from workflow import services


def test_an_assigned_item_is_not_taken_back(world, item_at):
    item = item_at(ItemStage.PLANNING)
    with refused(WrongStage):
        services.drop_item(item=item, actor=world.sun)


def test_only_whoever_is_asked_at_the_step_takes_back(world, item_at):
    item = item_at(ItemStage.DRAFT)
    for person in (world.lin, world.zhao, world.zhou):
        with refused(NotAllowed):
            services.drop_item(item=item, actor=person)


def test_after_a_return_the_unit_cannot_take_back_what_finance_proposed(world, item_at):
    item = item_at(ItemStage.DRAFT, raised_by=RaisedBy.FINANCE)
    do(Verb.RETURN, item.evaluation, world.sun, opinion="请补充", to=Stage.SELF_ASSESSMENT)
    with refused(NotAllowed):
        services.drop_item(item=item, actor=world.lin)


def test_an_item_that_somebody_took_back_at_the_same_moment_is_not_found(world, item_at):
    item = item_at(ItemStage.DRAFT)
    services.drop_item(item=RectificationItem.objects.get(pk=item.pk), actor=world.sun)
    with refused(NotFound):
        services.drop_item(item=item, actor=world.sun)


def test_a_dropped_item_is_gone_but_its_history_and_its_event_stay(world, item_at):
    item = item_at(ItemStage.DRAFT)
    number = item.number
    services.drop_item(item=item, actor=world.sun)
    assert not RectificationItem.objects.exists()
    last = RectificationItem.history.filter(number=number).latest()
    assert (last.history_type, last.history_user) == ("-", world.sun)
