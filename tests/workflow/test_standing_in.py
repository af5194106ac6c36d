"""Whoever stands in does everything at the step, and every event says for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from accounts.models import User
from accounts.roles import Role
from approvals.models import ItemStage, RaisedBy, RectificationItem, TurnKind, Verb
from audit_log.errors import NotAllowed
from audit_log.models import AuditEvent
from evaluations import actions
from evaluations.actions import DossierChanges, RowChange
from evaluations.models import Evaluation, Evidence, Kind, Part, ReviewPolicy, Scheme, Stage
from tests.approvals.refusals import refused
from tests.approvals.test_turn_finding import QUESTION, unmet
from tests.cast import World, do, fill, open_task, person, propose, soon
from tests.dossier_content import evidence_file
from tests.experts import registered
from tests.standing_in import let
from tests.template_scenes import ENTRY
from tests.votes import at_departments_vote, department, published
from tests.workflow.reading import get, tab_of, text_of
from workflow import (
    appointing,
    experts,
    handing_over,
    launching,
    library,
    migrating,
    seating,
    services,
    versions,
)
from workflow.integrity import faults

pytestmark = pytest.mark.django_db


def for_whom(verb: str) -> int | None:
    """Whom the last event of this verb names besides its actor."""
    return AuditEvent.objects.filter(verb=verb).latest("pk").data.get("on_behalf_of")


def place_of(subject, actor=None):
    task = open_task(subject, actor)
    return {"process_id": task.process_id, "task_id": task.pk}


# --- at a vote --------------------------------------------------------------------------


@pytest.fixture
def vote(world, self_evaluation):
    """A vote at which Chu stands in for Zhao: the evaluation, and Zhao's task."""
    let(world.zhao, world.chu)
    evaluation, _voters = at_departments_vote(world, self_evaluation, who="all")
    return evaluation, open_task(evaluation, world.zhao)


def test_whoever_stands_in_at_a_vote_asks_the_unit_and_withdraws_the_question(world, vote):
    evaluation, task = vote
    question = services.ask(finding=unmet(evaluation), actor=world.chu, task=task, question=QUESTION)
    assert (question.actor, for_whom("question_finding")) == (world.chu, world.zhao.pk)
    services.withdraw_question(question=question, actor=world.chu, task=task)
    assert for_whom("withdraw_question") == world.zhao.pk
    assert faults() == []


def test_whoever_stands_in_at_a_vote_dismisses_a_finding(world, vote):
    evaluation, task = vote
    services.dismiss(finding=unmet(evaluation), actor=world.chu, task=task, reason="补充协议已核对。")
    assert for_whom("dismiss_finding") == world.zhao.pk


def test_whoever_stands_in_at_a_vote_proposes_an_item_and_drops_it(world, vote):
    evaluation, task = vote
    item = propose(world, evaluation, world.chu, task=task, finding=unmet(evaluation))
    assert for_whom("raise_item") == for_whom("item_from_finding") == world.zhao.pk
    services.drop_item(item=item, actor=world.chu, task=task)
    assert for_whom("drop_item") == for_whom("drop_item_from_finding") == world.zhao.pk
    assert faults() == []


def test_another_ones_task_gives_nobody_a_voice(world, vote):
    evaluation, task = vote
    stranger = person("stranger", "外部门审核员", Role.DEPARTMENT_REVIEWER, world.other_department)
    with refused(NotAllowed):
        services.ask(finding=unmet(evaluation), actor=stranger, task=task, question=QUESTION)


def test_the_page_of_a_vote_passes_on_for_whom_it_is_done(world, as_, vote):
    evaluation, task = vote
    found = unmet(evaluation)
    address = f"/tasks/{task.process_id}/{task.pk}/"
    response = as_(world.chu).post(
        address, {"verb": f"ask:{found.pk}", f"turn-{found.pk}": QUESTION, "opinion": ""}
    )
    assert response.status_code == 200
    assert evaluation.findings.get(pk=found.pk).turns.get().kind == TurnKind.QUESTION


def test_an_item_is_proposed_for_a_voter_on_its_own_page(world, as_, vote):
    evaluation, _task = vote
    response = as_(world.chu).post(
        f"/evaluations/{evaluation.pk}/items/add/",
        {"item-requirement": "补签协议", "item-due": soon().isoformat()},
    )
    assert response.status_code == 302
    assert for_whom("raise_item") == world.zhao.pk


# --- of several delegators -----------------------------------------------------------------


def test_of_two_delegators_the_one_who_may_decide_is_drafted_for(world, commissioned_evaluation):
    second = person("second", "绩效科经办人二", Role.FINANCE_OFFICER, world.bureau)
    evaluation = commissioned_evaluation(Stage.DRAFT_CONCLUSION)
    actions.attach_evidence(evaluation=evaluation, actor=world.sun, **evidence_file())
    let(world.sun, world.chu)
    let(second, world.chu)
    problem = RowChange(values={"text": "两个模块没有按期交付。"})
    services.save_draft(**place_of(evaluation), actor=world.chu, changes=DossierChanges(problems=[problem]))
    assert for_whom("fill_dossier") == second.pk


def test_of_two_delegators_the_one_who_may_decide_is_claimed_for(world, self_evaluation):
    policy = published(department_review=[department(), department()])
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW, policy=policy)
    do(Verb.APPROVE, evaluation, world.zhao)
    let(world.zhao, world.chu)
    let(world.qian, world.chu)
    services.claim(**place_of(evaluation), actor=world.chu)
    assert open_task(evaluation).owner == world.chu


# --- drafts of words -----------------------------------------------------------------------


def test_whoever_stands_in_does_not_write_over_the_delegators_draft(world, self_evaluation):
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.zhao)
    services.keep_typed(**place_of(evaluation), actor=world.zhao, typed={"opinion": "请核实第三项。"})
    with refused(NotAllowed):
        services.keep_typed(**place_of(evaluation), actor=world.chu, typed={"opinion": ""})
    assert open_task(evaluation).data["typed"] == {"opinion": "请核实第三项。"}


def test_whoever_stands_in_does_not_give_a_task_back_with_the_delegators_draft(world, self_evaluation):
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.zhao)
    services.keep_typed(**place_of(evaluation), actor=world.zhao, typed={"opinion": "请核实第三项。"})
    with refused(NotAllowed):
        services.release(**place_of(evaluation), actor=world.chu)
    services.release(**place_of(evaluation), actor=world.zhao)
    assert "typed" not in open_task(evaluation).data


def test_a_task_without_a_draft_keeps_the_words_of_whoever_stands_in(world, self_evaluation):
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.zhao)
    services.keep_typed(**place_of(evaluation), actor=world.chu, typed={"opinion": "请补充合同。"})
    assert open_task(evaluation).data["typed"] == {"opinion": "请补充合同。"}


# --- every event says for whom --------------------------------------------------------------


@dataclass
class Office:
    """The fixed cast, with Chu standing in for the finance officer and for the project's lead."""

    world: World
    self_evaluation: Callable[..., Evaluation]
    commissioned_evaluation: Callable[..., Evaluation]
    item_at: Callable[..., RectificationItem]

    @property
    def chu(self) -> User:
        return self.world.chu


@pytest.fixture
def office(world, self_evaluation, commissioned_evaluation, item_at):
    let(world.sun, world.chu)
    return Office(world, self_evaluation, commissioned_evaluation, item_at)


def appoint(office):
    return appointing.appoint(
        evaluation=office.commissioned_evaluation(),
        actor=office.chu,
        part=Part.GROUP_HEAD,
        person=person("head", "工作组组长"),
    )


def end_appointment(office):
    appointing.end_appointment(appointment=appoint(office), actor=office.chu, reason="调离")


def seat_expert(office):
    evaluation = office.commissioned_evaluation(experts=[office.world.wu])
    services.seat_expert(evaluation=evaluation, actor=office.chu, expert=office.world.zheng)


def draw_experts(office):
    registered(office.world, office.world.zheng)
    evaluation = office.commissioned_evaluation(experts=[office.world.wu])
    seating.draw_experts(evaluation=evaluation, actor=office.chu, number=1)


def recuse(office):
    evaluation = office.commissioned_evaluation(Stage.EXPERT_SCORING, experts=[office.world.wu])
    return seating.recuse(seat=evaluation.seats.get(), actor=office.chu, reason="与承建单位有业务往来")


def replace_expert(office):
    seating.replace_expert(seat=recuse(office), actor=office.chu, expert=office.world.zheng)


def remind(office):
    evaluation = office.self_evaluation(Stage.UNIT_APPROVAL)
    handing_over.remind(**place_of(evaluation), actor=office.chu)


def sample_item(office):
    item = office.item_at(ItemStage.PLANNING, raised_by=RaisedBy.DEPARTMENT)
    services.sample(item=item, actor=office.chu)


def create_campaign(office):
    return launching.prepare(
        actor=office.chu,
        organizer=office.world.bureau,
        name="2025年度单位自评",
        fiscal_year=2025,
        kind=Kind.SELF,
        scheme=office.world.scheme,
    )


def launch_campaign(office):
    return launching.request_launch(
        campaign=create_campaign(office), actor=office.chu, projects=[office.world.project]
    )


def pause_launch(office):
    return launching.pause_launch(launch=launch_campaign(office), actor=office.chu)


def resume_launch(office):
    launching.resume_launch(launch=pause_launch(office), actor=office.chu)


def register_expert(office):
    world = office.world
    return experts.register_expert(
        bureau=world.bureau, actor=office.chu, expert=world.wu, expertise=["信息化"]
    )


def change_expert(office):
    profile = register_expert(office)
    experts.change_expert(profile=profile, actor=office.chu, values={"employer": "衡州学院"})


def suspend_expert(office):
    return experts.suspend_expert(profile=register_expert(office), actor=office.chu, reason="病假")


def resume_expert(office):
    experts.resume_expert(profile=suspend_expert(office), actor=office.chu)


def declare_conflict(office):
    return experts.declare_conflict(
        profile=register_expert(office), actor=office.chu, reason="亲属任职", organization=office.world.unit
    )


def end_conflict(office):
    experts.end_conflict(conflict=declare_conflict(office), actor=office.chu, reason="离职已满三年")


def draft_policy(office):
    source = ReviewPolicy.objects.get(code="self-default", version=1)
    return versions.draft(source=source, actor=office.chu, bureau=office.world.bureau, code="own")


def change_policy(office):
    draft = draft_policy(office)
    document = {**draft.content, "name": "本局评审办法"}
    return versions.change(version=draft, actor=office.chu, document=document)


def publish_policy(office):
    return versions.publish(version=draft_policy(office), actor=office.chu)


def retire_policy(office):
    versions.retire(version=draft_policy(office), actor=office.chu, reason="不再采用")


def add_library_indicator(office):
    return library.add_library_indicator(bureau=office.world.bureau, actor=office.chu, values=ENTRY)


def change_library_indicator(office):
    library.change_library_indicator(
        entry=add_library_indicator(office), actor=office.chu, values={"name": "终端部署台数"}
    )


def retire_library_indicator(office):
    library.retire_library_indicator(entry=add_library_indicator(office), actor=office.chu)


def migrate_scheme(office):
    scheme = Scheme.objects.get(code="core-2021")
    evaluation = office.self_evaluation()
    migrating.move(actor=office.chu, evaluation=evaluation, to=scheme, reason="年初批复改用新办法")


@pytest.mark.parametrize(
    "act",
    [
        appoint,
        end_appointment,
        seat_expert,
        draw_experts,
        recuse,
        replace_expert,
        remind,
        sample_item,
        create_campaign,
        launch_campaign,
        pause_launch,
        resume_launch,
        register_expert,
        change_expert,
        suspend_expert,
        resume_expert,
        declare_conflict,
        end_conflict,
        draft_policy,
        change_policy,
        publish_policy,
        retire_policy,
        add_library_indicator,
        change_library_indicator,
        retire_library_indicator,
        migrate_scheme,
    ],
)
def test_what_is_done_by_a_delegated_right_names_whose_right_it_was(office, act):
    act(office)
    event = AuditEvent.objects.filter(verb=act.__name__).latest("pk")
    assert event.actor_id == office.chu.pk
    assert event.data["on_behalf_of"] == office.world.sun.pk


def test_taking_a_task_giving_it_back_and_handing_it_over_name_the_delegator(world, self_evaluation):
    let(world.zhao, world.chu)
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    services.claim(**place_of(evaluation), actor=world.chu)
    assert for_whom("claim") == world.zhao.pk
    services.release(**place_of(evaluation), actor=world.chu)
    services.claim(**place_of(evaluation), actor=world.zhao)
    services.release(**place_of(evaluation), actor=world.chu)
    assert for_whom("release") == world.zhao.pk
    handing_over.transfer(**place_of(evaluation), actor=world.chu, to=world.qian, reason="出差。")
    assert for_whom("transfer") == world.zhao.pk


def test_what_is_done_by_the_own_right_names_nobody_else(world, commissioned_evaluation):
    commissioned_evaluation()
    assert "on_behalf_of" not in AuditEvent.objects.filter(verb="seat_expert").latest("pk").data


def test_what_the_leads_stand_in_fills_in_and_brings_names_the_lead(world, self_evaluation):
    let(world.lin, world.chen)
    evaluation = self_evaluation(filled=False)
    fill(evaluation, world.chen)
    assert for_whom("fill_dossier") == for_whom("attach_evidence") == world.lin.pk
    file = Evidence.objects.get(evaluation=evaluation)
    services.withdraw(**place_of(evaluation), actor=world.chen, evidence_id=file.pk)
    assert for_whom("withdraw_evidence") == world.lin.pk


def test_the_history_of_the_dossier_shows_both(world, as_, office):
    seat = recuse(office)
    page = text_of(get(as_(world.sun), tab_of(seat.evaluation, "history")))
    assert "小褚 for 小孙" in page
