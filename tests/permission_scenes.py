"""What lies behind each address of the permission matrix: the ids in it, and what a POST carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from accounts.actions import delegate, end_role
from accounts.models import RoleHolding
from approvals.models import GeneratedDocument, ItemStage, RecordedFinding, RectificationItem, Verb
from audit_log import clock
from evaluations.models import Evaluation, Evidence, Kind, Part, Stage
from notices.models import Notice
from tests.cast import World, do, open_task, propose, soon
from tests.dossier_content import PDF
from tests.workflow.importing import campaign_of, content_of, lins
from workflow import appointing, launching, services
from workflow.importing import verbs
from workflow.importing.jobs import read_import
from workflow.launching.jobs import run_launch
from workflow.models import CampaignLaunch, FlowTask, LaunchedProject


@dataclass
class Play:
    """The world, and the makers of what happens in it."""

    world: World
    self_evaluation: Callable[..., Evaluation]
    commissioned_evaluation: Callable[..., Evaluation]
    item_at: Callable[..., RectificationItem]


@dataclass
class Scene:
    """The arguments of an address, and what is typed there."""

    arguments: list[Any] = field(default_factory=list)
    data: Callable[[], dict[str, Any]] = dict


def step(task: FlowTask, *more: Any, **data: Any) -> Scene:
    """An address below a task."""
    return Scene([task.process_id, task.pk, *more], lambda: data)


def nothing(play: Play) -> Scene:
    return Scene()


def sign_in(play: Play) -> Scene:
    return Scene(data=lambda: {"username": "lin", "password": "not the password"})


def language(play: Play) -> Scene:
    return Scene(data=lambda: {"language": "en", "next": "/"})


def own_notice(play: Play) -> Scene:
    """A notice of the department reviewer's."""
    notice = Notice.objects.create(
        recipient=play.world.zhao, message="%(stage)s", values={"stage": "closed"}, path="/", source="test"
    )
    return Scene(data=lambda: {"notice": notice.pk})


def role_held(play: Play) -> Scene:
    holding = RoleHolding.objects.get(user=play.world.chen)
    return Scene([holding.pk], lambda: {"reason": "调离"})


def stand_in(play: Play) -> Scene:
    """What Qian types to let Zhao act for her in her role; nobody else holds it."""
    world = play.world
    typed = {
        "delegate": world.zhao.pk,
        "scope": f"department_head@{world.department.pk}",
        "starts": clock.today().isoformat(),
        "ends": soon().isoformat(),
        "reason": "出差",
    }
    return Scene(data=lambda: typed)


def delegation(play: Play) -> Scene:
    """Qian's delegation to Zhao, in force."""
    world = play.world
    made = delegate(actor=world.qian, delegate=world.zhao, starts=clock.today(), ends=soon(), reason="出差")
    return Scene([made.pk])


def campaign(play: Play) -> Scene:
    """The finance bureau's campaign, with the projects within its reach."""
    world = play.world
    found = launching.prepare(
        actor=world.sun,
        organizer=world.bureau,
        name="2025年度单位自评",
        fiscal_year=2025,
        kind=Kind.SELF,
        scheme=world.scheme,
    )
    return Scene([found.pk], lambda: {"projects": [world.project.pk]})


def launch(play: Play) -> Scene:
    """The bureau's campaign, launched by Sun; the queue has not begun."""
    world = play.world
    found = launching.request_launch(
        campaign=campaign_of(world), actor=world.sun, projects=[world.project, world.other_project]
    )
    return Scene([found.pk])


def paused_launch(play: Play) -> Scene:
    scene = launch(play)
    launching.pause_launch(launch=CampaignLaunch.objects.get(), actor=play.world.sun)
    return scene


def launch_with_a_refusal(play: Play) -> Scene:
    """It has ended; what was refused can be opened by now."""
    scene = launch(play)
    run_launch(launch_id=scene.arguments[0])
    row = LaunchedProject.objects.create(
        launch_id=scene.arguments[0], project=play.world.new_project(), state="refused", refusal="busy"
    )
    return Scene([row.launch_id])


def file_handed_in(play: Play) -> Scene:
    """A file that Sun handed in for the bureau's campaign, read and waiting for a word."""
    world = play.world
    found = verbs.hand_in_file(
        actor=world.sun,
        file=ContentFile(content_of(lins(world))),
        name="自评表.json",
        campaign=campaign_of(world),
    )
    read_import(import_id=found.pk)
    return Scene([found.pk], lambda: {"places": [0]})


def imported_dossier(play: Play) -> Scene:
    return Scene([*file_handed_in(play).arguments, 0])


def dossier(play: Play) -> Scene:
    return Scene([play.self_evaluation(Stage.DEPARTMENT_REVIEW).pk])


def tab(name: str) -> Callable[[Play], Scene]:
    return lambda play: Scene([play.self_evaluation(Stage.DEPARTMENT_REVIEW).pk, name])


def dossier_file(form: str) -> Callable[[Play], Scene]:
    """The dossier as a file to take along."""
    return lambda play: Scene([play.self_evaluation(Stage.DEPARTMENT_REVIEW).pk, form])


def commissioned_dossier(play: Play) -> Scene:
    """A finance evaluation that waits for its experts; one of the two in the register is seated."""
    return Scene([play.commissioned_evaluation(Stage.MATERIAL, experts=[play.world.wu]).pk])


def empty_chair(play: Play) -> Scene:
    scene = commissioned_dossier(play)
    scene.data = lambda: {"expert": play.world.zheng.pk}
    return scene


def finding(stage: str, turn: str) -> Callable[[Play], Scene]:
    """A step at which the first finding is turned into something: "ask", "dismiss"."""

    def scene(play: Play) -> Scene:
        evaluation = play.self_evaluation(stage)
        found = RecordedFinding.objects.filter(evaluation=evaluation, indicator__isnull=False).earliest("pk")
        typed = {"verb": f"{turn}:{found.pk}", f"turn-{found.pk}": "请说明原因。"}
        return step(open_task(evaluation), **typed)

    return scene


def asked(stage: str, verb: str) -> Callable[[Play], Scene]:
    """A step of the department that has asked the unit: "{}" in the verb stands for the question."""

    def scene(play: Play) -> Scene:
        evaluation = play.self_evaluation(stage)
        found = RecordedFinding.objects.filter(evaluation=evaluation).earliest("pk")
        question = services.ask(finding=found, actor=play.world.zhao, question="请说明原因。")
        return step(open_task(evaluation), verb=verb.format(question.pk))

    return scene


def proposal(play: Play) -> Scene:
    """A rectification item that the department's reviewer is about to propose."""
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW)
    typed = {
        "item-requirement": "补齐验收材料",
        "item-due": soon().isoformat(),
        "item-responsible_unit": play.world.unit.pk,
    }
    return Scene([evaluation.pk], lambda: typed)


def proposed_item(play: Play) -> Scene:
    """An item that the department's reviewer has proposed."""
    item = play.item_at(ItemStage.DRAFT, raised_by="department")
    return Scene([item.evaluation_id, item.pk])


def document(play: Play) -> Scene:
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW)
    made = GeneratedDocument(evaluation=evaluation, requested_by=play.world.lin, status="done")
    made.file.save("report.pdf", ContentFile(PDF), save=False)
    made.save()
    return Scene([made.pk])


def evidence(play: Play) -> Scene:
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW)
    return Scene([Evidence.objects.filter(evaluation=evaluation).latest("pk").pk])


def task(stage: str, **data: Any) -> Callable[[Play], Scene]:
    """The step of a self-evaluation at this stage."""
    return lambda play: step(open_task(play.self_evaluation(stage)), **data)


def commissioned_task(stage: str, kind: str = Kind.FINANCE, whose: str = "wu") -> Callable[[Play], Scene]:
    """The step of a finance or department evaluation; of several the one that this person is asked at."""
    return lambda play: step(
        open_task(play.commissioned_evaluation(stage, kind=kind), play.world.people[whose])
    )


def considering(play: Play) -> Scene:
    """The evaluator's step after the unit and the department have answered the draft."""
    evaluation = play.commissioned_evaluation(Stage.EXCHANGE_OF_VIEWS)
    for who in (play.world.lin, play.world.qian):
        do(Verb.ANSWER, evaluation, who, opinion="没有不同意见。")
    return step(open_task(evaluation))


def free_part(play: Play) -> Scene:
    """The head of the working group is still to be appointed."""
    evaluation = play.commissioned_evaluation(Stage.MATERIAL)
    return Scene([evaluation.pk], lambda: {"part": Part.GROUP_HEAD.value, "person": play.world.zhou.pk})


def part_taken(play: Play) -> Scene:
    """Somebody is the head of the working group."""
    evaluation = play.commissioned_evaluation(Stage.MATERIAL)
    made = appointing.appoint(
        evaluation=evaluation, actor=play.world.sun, person=play.world.zhou, part=Part.GROUP_HEAD
    )
    return Scene([made.pk], lambda: {"reason": "调离"})


def several(stage: str) -> Callable[[Play], Scene]:
    """Two steps of one kind, ticked in the inbox."""

    def scene(play: Play) -> Scene:
        steps = [open_task(play.self_evaluation(stage)).pk for _place in range(2)]
        return Scene(data=lambda: {"task": steps})

    return scene


def item_task(stage: str, **data: Any) -> Callable[[Play], Scene]:
    return lambda play: step(open_task(play.item_at(stage)), **data)


def finished_task(play: Play) -> Scene:
    """The department's step, approved by Zhao."""
    evaluation = play.self_evaluation(Stage.DEPARTMENT_REVIEW)
    done = open_task(evaluation)
    do(Verb.APPROVE, evaluation, play.world.zhao)
    return step(done, verb="approve")


def claimed_task(play: Play) -> Scene:
    """The department's step, in Zhao's hands."""
    found = open_task(play.self_evaluation(Stage.DEPARTMENT_REVIEW))
    services.claim(process_id=found.process_id, task_id=found.pk, actor=play.world.zhao)
    return step(found, verb="approve", opinion="同意。")


def person_of_the_unit(play: Play) -> Scene:
    """Wang, whose account may be closed."""
    return Scene([play.world.wang.pk])


def left_task(play: Play) -> Scene:
    """The department's step, in the hands of Zhao, who reviews there no longer."""
    scene = claimed_task(play)
    end_role(actor=None, holding=RoleHolding.objects.get(user=play.world.zhao))
    return scene


def task_of_another_process(play: Play) -> Scene:
    """Two ids that exist but do not belong together."""
    found = open_task(play.self_evaluation(Stage.DEPARTMENT_REVIEW))
    other = open_task(play.self_evaluation(Stage.DEPARTMENT_REVIEW, project=play.world.new_project()))
    return Scene([other.process_id, found.pk], lambda: {"verb": "approve"})


def upload(play: Play) -> Scene:
    found = open_task(play.self_evaluation())
    return Scene(
        [found.process_id, found.pk],
        lambda: {"file": ContentFile(PDF, name="合同.pdf"), "file_indicator": ""},
    )


def own_file(play: Play) -> Scene:
    """A file of the dossier that is being filled in."""
    found = open_task(play.self_evaluation())
    return step(found, Evidence.objects.filter(evaluation=found.evaluation).latest("pk").pk)


def file_of_another_dossier(play: Play) -> Scene:
    """Lin's own task, with a file of Lin's other dossier."""
    other = play.self_evaluation(Stage.DEPARTMENT_REVIEW, project=play.world.new_project())
    found = open_task(play.self_evaluation())
    return step(found, Evidence.objects.filter(evaluation=other).latest("pk").pk)


def item(stage: str, raised_by: str = "finance", **data: Any) -> Callable[[Play], Scene]:
    return lambda play: Scene([play.item_at(stage, raised_by=raised_by).pk], lambda: data)


def closed_item(play: Play) -> Scene:
    """An item of Lin's unit that was put right."""
    play.item_at(ItemStage.CLOSED)
    return Scene()


def concluded(play: Play) -> Scene:
    """A closed self-evaluation of Lin's, in next year's list."""
    play.self_evaluation(Stage.CLOSED)
    return Scene()


def on_hold(play: Play) -> Scene:
    """A poor result of Lin's project with an item that is not closed."""
    evaluation = play.self_evaluation(Stage.CONCLUSION)
    propose(play.world, evaluation, play.world.zhou)
    do(Verb.CONCLUDE, evaluation, play.world.zhou, total=Decimal(40), conclusion="目标未实现。")
    return Scene()


def use_of(kind: str) -> Callable[[Play], Scene]:
    """A result that was used as the table names it, and what departs from that."""

    def scene(play: Play) -> Scene:
        if kind == Kind.SELF:
            made = play.self_evaluation(Stage.CLOSED)
        else:
            made = play.commissioned_evaluation(Stage.CLOSED, kind=kind)
        return Scene([made.pk], lambda: {"use": "cut", "percent": "5", "use_reason": "项目已压缩规模。"})

    return scene


def draft_item(play: Play) -> Scene:
    """An item that finance has proposed and not assigned yet."""
    evaluation = play.self_evaluation(Stage.FINANCE_REVIEW)
    return Scene([propose(play.world, evaluation, play.world.sun).pk])
