"""Every address of the product × everybody of the cast: what each of them gets.

A row names the address, the method, the scene behind it, and who gets which
status. Whoever is not named gets 404: what is not yours does not exist. People
who are not signed in, or not any more, are asked to sign in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.roles import Role
from approvals.models import ItemStage
from evaluations.models import Kind, Stage
from tests import (
    expert_scenes,
    handing_scenes,
    ledger_scenes,
    notice_document_scenes,
    notice_scenes,
    recheck_scenes,
    rectification_scenes,
    talk_scenes,
    template_scenes,
)
from tests import permission_scenes as scenes
from tests.cast import person, soon
from tests.page_policy import policy_faults
from tests.permission_scenes import Play, Scene
from workflow.views.evaluations import TABS

LOGIN = "asked to sign in"
NOT_SIGNED_IN = {"nobody", "gone"}

UNIT = {"lin", "wang"}
DEPARTMENT = {"zhao", "qian"}
BUREAU = {"sun", "zhou", "feng", "division", "leader"}
READERS = UNIT | DEPARTMENT | BUREAU
"""Those who may see an evaluation of Lin's unit. Experts see what they are seated on."""
STRANGERS = {"chen", "chu", "wei", "wu", "zheng"}
"""Another unit, another department, a superuser without a role, experts."""
SIGNED_IN = READERS | STRANGERS
RUN_EVALUATIONS = {"sun", "zhao", "chu"}


@dataclass(frozen=True)
class Row:
    """One address by one method, and what it answers to whom."""

    name: str
    method: str
    scene: Callable[[Play], Scene]
    given: dict[int, set[str]]
    others: int = 404
    open_to_all: bool = False

    def expected(self, who: str) -> int | str:
        if who in NOT_SIGNED_IN and not self.open_to_all:
            return LOGIN
        return next((status for status, people in self.given.items() if who in people), self.others)


def get(name: str, scene: Any, given: dict[int, set[str]], **options: Any) -> Row:
    return Row(name, "get", scene, given, **options)


def post(name: str, scene: Any, given: dict[int, set[str]], **options: Any) -> Row:
    return Row(name, "post", scene, given, **options)


def only_post(name: str, scene: Any) -> Row:
    """Changes come by POST: a GET is refused before anybody is told anything."""
    return get(name, scene, {}, others=405)


TASK_PAGES = [
    *(
        get("task", scenes.task(stage), {200: people})
        for stage, people in {
            Stage.SELF_ASSESSMENT: {"lin"},
            Stage.UNIT_APPROVAL: {"wang"},
            Stage.DEPARTMENT_REVIEW: DEPARTMENT,
            Stage.FINANCE_REVIEW: {"sun", "division"},
            Stage.CONCLUSION: {"zhou"},
        }.items()
    ),
    *(
        get("task", scenes.commissioned_task(stage), {200: people})
        for stage, people in {
            Stage.MATERIAL: {"lin"},
            Stage.EXPERT_SCORING: {"wu"},
            Stage.DRAFT_CONCLUSION: {"sun"},
            Stage.CONCLUSION: {"zhou"},
        }.items()
    ),
    get("task", scenes.commissioned_task(Stage.EXCHANGE_OF_VIEWS, whose="lin"), {200: {"lin"}}),
    get("task", scenes.commissioned_task(Stage.EXCHANGE_OF_VIEWS, whose="qian"), {200: DEPARTMENT}),
    get("task", scenes.considering, {200: {"sun"}}),
    get("task", scenes.commissioned_task(Stage.DRAFT_CONCLUSION, Kind.DEPARTMENT), {200: {"zhao"}}),
    get("task", scenes.commissioned_task(Stage.CONCLUSION, Kind.DEPARTMENT), {200: {"qian"}}),
    *(
        get("task", scenes.item_task(stage), {200: people})
        for stage, people in {
            ItemStage.ISSUED: {"lin"},
            ItemStage.PLANNING: {"lin"},
            ItemStage.OBJECTION: {"sun", "zhou"},
            ItemStage.PLAN_REVIEW: {"sun", "zhou"},
            ItemStage.CARRYING_OUT: {"lin"},
            ItemStage.DEPARTMENT_VERIFICATION: DEPARTMENT,
            ItemStage.FINANCE_VERIFICATION: {"sun", "zhou"},
        }.items()
    ),
    get("task", scenes.finished_task, {302: READERS}),
    get("task", scenes.claimed_task, {200: {"zhao"}}),
    get("task", scenes.task_of_another_process, {}),
]

PLAN = {
    "verb": "plan",
    "measure-0-text": "补签协议",
    "measure-0-who": "项目组",
    "measure-0-by_when": soon(10).isoformat(),
}
TASK_VERBS = [
    post("task", scenes.task(Stage.SELF_ASSESSMENT, verb="save"), {422: {"lin"}}),
    post("task", scenes.task(Stage.UNIT_APPROVAL, verb="approve"), {302: {"wang"}}),
    post("task", scenes.task(Stage.DEPARTMENT_REVIEW, verb="approve"), {302: DEPARTMENT}),
    post("task", scenes.task(Stage.DEPARTMENT_REVIEW, verb="return"), {422: DEPARTMENT}),
    post("task", scenes.task(Stage.DEPARTMENT_REVIEW, verb="conclude"), {400: DEPARTMENT}),
    post("task", scenes.task(Stage.FINANCE_REVIEW, verb="accept"), {302: {"sun", "division"}}),
    post("task", scenes.finding(Stage.UNIT_APPROVAL, "dismiss"), {400: {"wang"}}),
    post("task", scenes.finding(Stage.DEPARTMENT_REVIEW, "ask"), {200: DEPARTMENT}),
    post("task", scenes.finding(Stage.DEPARTMENT_REVIEW, "dismiss"), {200: DEPARTMENT}),
    post("task", scenes.asked(Stage.DEPARTMENT_REVIEW, "approve"), {422: DEPARTMENT}),
    post("task", scenes.asked(Stage.DEPARTMENT_REVIEW, "withdraw_question:{}"), {200: DEPARTMENT}),
    post("task", scenes.finding(Stage.DEPARTMENT_REVIEW, "adjust"), {200: DEPARTMENT}),
    post("task", scenes.finding(Stage.FINANCE_REVIEW, "finding_item"), {200: {"sun", "division"}}),
    post("task", scenes.finding(Stage.CONCLUSION, "dismiss"), {200: {"zhou"}}),
    post(
        "task",
        scenes.item_task(ItemStage.ISSUED, verb="receive"),
        {302: {"lin"}, 409: {"wang"}},
    ),
    post("task", scenes.item_task(ItemStage.PLANNING, **PLAN), {302: {"lin"}, 409: {"wang"}}),
    post(
        "task",
        scenes.item_task(ItemStage.PLANNING, verb="dispute", opinion="需求已经取消"),
        {302: {"lin"}, 409: {"wang"}},
    ),
    post(
        "task",
        scenes.item_task(ItemStage.OBJECTION, verb="answer_dispute", adopted="no", opinion="合同有约定"),
        {302: {"sun", "zhou"}},
    ),
    post("task", scenes.item_task(ItemStage.PLAN_REVIEW, verb="accept_plan"), {302: {"sun", "zhou"}}),
    post(
        "task",
        scenes.item_task(ItemStage.DEPARTMENT_VERIFICATION, verb="verify", opinion="已核实"),
        {302: DEPARTMENT},
    ),
    post("task", scenes.finished_task, {409: READERS}),
    post("task", scenes.claimed_task, {302: {"zhao"}, 409: {"qian"}}),
    post("task", scenes.task_of_another_process, {}),
    get("look_over_several", scenes.nothing, {302: SIGNED_IN}),
    get("look_over_several", scenes.several(Stage.UNIT_APPROVAL), {200: {"wang"}}),
    get("look_over_several", scenes.several(Stage.DEPARTMENT_REVIEW), {200: DEPARTMENT}),
    get("look_over_several", scenes.several(Stage.FINANCE_REVIEW), {200: {"sun", "division"}}),
    get("look_over_several", scenes.several(Stage.CONCLUSION), {200: {"zhou"}}),
    post("look_over_several", scenes.nothing, {}, others=405),
    get("approve_several", scenes.nothing, {302: SIGNED_IN}),
    post("approve_several", scenes.nothing, {}),
    post("approve_several", scenes.several(Stage.DEPARTMENT_REVIEW), {200: DEPARTMENT}),
    post("claim", scenes.task(Stage.DEPARTMENT_REVIEW), {302: DEPARTMENT, 403: READERS - DEPARTMENT}),
    post("claim", scenes.finished_task, {409: READERS}),
    post("claim", scenes.task_of_another_process, {}),
    only_post("claim", scenes.task(Stage.DEPARTMENT_REVIEW)),
    post("take_over", scenes.left_task, {302: {"qian"}, 403: READERS - DEPARTMENT}),
    post("take_over", scenes.claimed_task, {409: DEPARTMENT, 403: READERS - DEPARTMENT}),
    only_post("take_over", scenes.left_task),
    post("release", scenes.claimed_task, {302: {"zhao"}, 403: READERS - {"zhao"}}),
    only_post("release", scenes.claimed_task),
    post("totals", scenes.task(Stage.SELF_ASSESSMENT), {200: {"lin"}}),
    post("totals", scenes.task(Stage.CONCLUSION), {200: {"zhou"}}),
    only_post("totals", scenes.task(Stage.SELF_ASSESSMENT)),
    get("attach_evidence", scenes.upload, {200: {"lin"}}),
    post("attach_evidence", scenes.upload, {302: {"lin"}, 403: READERS - {"lin"}}),
    post("attach_evidence", scenes.task(Stage.SELF_ASSESSMENT), {422: {"lin"}}),
    get("withdraw_evidence", scenes.own_file, {200: {"lin"}}),
    post("withdraw_evidence", scenes.own_file, {302: {"lin"}, 403: READERS - {"lin"}}),
    get("withdraw_evidence", scenes.file_of_another_dossier, {}),
    post("withdraw_evidence", scenes.file_of_another_dossier, {}),
]

HANDING_OVER = [
    get("withdraw_decision", handing_scenes.approved_by_zhao, {200: {"zhao"}}),
    post("withdraw_decision", handing_scenes.approved_by_zhao, {302: {"zhao"}, 409: UNIT}),
    get("hand_over", handing_scenes.departments_step, {200: DEPARTMENT}),
    post("hand_over", handing_scenes.departments_step, {302: {"zhao"}, 422: {"qian"}}),
    get("hand_over", handing_scenes.experts_seat, {}),
    post("hand_over", handing_scenes.experts_seat, {}),
    post("remind", handing_scenes.departments_step, {302: {"lin", "wang", "sun"}, 403: READERS}),
    only_post("remind", handing_scenes.departments_step),
    get("excuse", handing_scenes.late_vote, {200: {"sun"}}),
    post("excuse", handing_scenes.late_vote, {302: {"sun"}}),
    get("excuse", handing_scenes.departments_step, {}),
]

DOSSIERS = [
    get("dossier", scenes.dossier, {200: READERS}),
    get("dossier", scenes.commissioned_dossier, {200: READERS | {"wu"}}),
    post("dossier", scenes.dossier, {}, others=405),
    *(get("dossier_tab", scenes.tab(name), {200: READERS}) for name in TABS),
    get("dossier_tab", scenes.tab("unknown"), {}),
    post("dossier_tab", scenes.tab("figures"), {}, others=405),
    get("raise_item", scenes.proposal, {200: DEPARTMENT}),
    post("raise_item", scenes.proposal, {302: DEPARTMENT}),
    post("drop_item", scenes.proposed_item, {302: DEPARTMENT}),
    only_post("drop_item", scenes.proposed_item),
    post("seat_expert", scenes.empty_chair, {302: {"sun"}}),
    only_post("seat_expert", scenes.empty_chair),
    post("appoint", scenes.free_part, {302: {"sun"}}),
    only_post("appoint", scenes.free_part),
    post("end_appointment", scenes.part_taken, {302: {"sun"}}),
    only_post("end_appointment", scenes.part_taken),
    post("request_document", scenes.dossier, {302: READERS}),
    only_post("request_document", scenes.dossier),
    get("export", scenes.dossier_file("json"), {200: READERS}),
    get("export", scenes.dossier_file("xlsx"), {200: READERS}),
    get("export", scenes.dossier_file("unknown"), {}),
    post("export", scenes.dossier_file("json"), {}, others=405),
    get("document_status", scenes.document, {200: READERS}),
    get("document_file", scenes.document, {200: READERS}),
    post("request_notice_document", notice_document_scenes.issued("pdf"), {302: READERS}),
    post("request_notice_document", notice_document_scenes.issued("docx"), {302: READERS}),
    post("request_notice_document", notice_document_scenes.issued("exe"), {422: READERS}),
    post("request_notice_document", notice_document_scenes.in_preparation, {}),
    only_post("request_notice_document", notice_document_scenes.issued("pdf")),
    get("document_status", notice_document_scenes.written, {200: READERS}),
    get("document_file", notice_document_scenes.written, {200: READERS}),
    get("evidence_file", scenes.evidence, {200: READERS}),
    post("evidence_file", scenes.evidence, {}, others=405),
]

EXPERTS = [
    get("experts", scenes.nothing, {200: BUREAU | {"wu", "zheng"}}),
    post("experts", scenes.nothing, {}, others=405),
    get("add_expert", scenes.nothing, {200: {"sun"}}),
    post("add_expert", scenes.nothing, {422: {"sun"}}),
    get("expert", expert_scenes.entry, {200: BUREAU | {"wu"}}),
    post("expert", expert_scenes.entry, {}, others=405),
    get("edit_expert", expert_scenes.entry, {200: {"sun"}}),
    post("edit_expert", expert_scenes.entry, {302: {"sun"}}),
    post("suspend_expert", expert_scenes.suspension, {302: {"sun"}}),
    only_post("suspend_expert", expert_scenes.suspension),
    post("resume_expert", expert_scenes.suspended, {302: {"sun"}}),
    only_post("resume_expert", expert_scenes.suspended),
    post("declare_conflict", expert_scenes.declaration, {302: {"sun", "wu"}}),
    only_post("declare_conflict", expert_scenes.declaration),
    post("end_conflict", expert_scenes.conflict, {302: {"sun"}}),
    only_post("end_conflict", expert_scenes.conflict),
    post("draw_experts", expert_scenes.lots, {302: {"sun"}}),
    only_post("draw_experts", expert_scenes.lots),
    post("recuse", expert_scenes.seat, {302: {"sun", "wu"}}),
    only_post("recuse", expert_scenes.seat),
    post("replace_expert", expert_scenes.vacant_seat, {302: {"sun"}}),
    only_post("replace_expert", expert_scenes.vacant_seat),
]

REOPEN = {"opinion": "复查发现未落实", "due": soon().isoformat()}
RECTIFICATION = [
    get("ledger", scenes.nothing, {200: SIGNED_IN}),
    get("item", scenes.item(ItemStage.PLANNING), {200: READERS}),
    get("item", scenes.item(ItemStage.CLOSED), {200: READERS}),
    get("item", scenes.draft_item, {200: {"sun", "division"}}),
    post("sample_item", scenes.item(ItemStage.PLANNING, "department"), {302: {"sun", "zhou"}, 403: READERS}),
    only_post("sample_item", scenes.item(ItemStage.PLANNING)),
    post("reopen_item", scenes.item(ItemStage.CLOSED, **REOPEN), {302: {"sun", "zhou"}, 403: READERS}),
    only_post("reopen_item", scenes.item(ItemStage.CLOSED)),
    post("note_progress", rectification_scenes.carried_out, {302: {"lin"}, 403: READERS}),
    only_post("note_progress", rectification_scenes.carried_out),
    post("ask_extension", rectification_scenes.extension, {302: {"lin", "wang"}, 403: READERS}),
    only_post("ask_extension", rectification_scenes.extension),
    post("answer_extension", rectification_scenes.extension_asked, {302: {"sun", "zhou"}, 403: READERS}),
    post("answer_extension", rectification_scenes.extension_of_another_item, {}),
    only_post("answer_extension", rectification_scenes.extension_asked),
    post("cancel_item", rectification_scenes.needless, {302: {"leader"}, 403: READERS}),
    only_post("cancel_item", rectification_scenes.needless),
    get("raise_items", rectification_scenes.problems, {200: DEPARTMENT}),
    post("raise_items", rectification_scenes.problems, {302: DEPARTMENT}),
    get("raise_item", rectification_scenes.further_item, {200: {"sun"}}),
    post("raise_item", rectification_scenes.further_item, {302: {"sun"}}),
    get("rectification_notices", rectification_scenes.notices, {200: READERS}),
    post("rectification_notices", rectification_scenes.notices, {302: {"sun"}, 403: READERS}),
    post("issue_notice", rectification_scenes.further_item_proposed, {302: {"sun"}, 403: READERS}),
    only_post("issue_notice", rectification_scenes.further_item_proposed),
]

LEDGER = [
    get("ledger_figures", scenes.closed_item, {200: SIGNED_IN}),
    post("ledger_figures", scenes.nothing, {}, others=405),
    get("export_ledger_figures", scenes.closed_item, {200: SIGNED_IN}),
    post("export_ledger_figures", scenes.nothing, {}, others=405),
    get("export_ledger", ledger_scenes.file("xlsx"), {200: SIGNED_IN}),
    get("export_ledger", ledger_scenes.file("unknown"), {}),
    post("export_ledger", ledger_scenes.file("xlsx"), {}, others=405),
    post("remind_several", ledger_scenes.waiting_item, {200: READERS}),
    post("remind_several", scenes.nothing, {302: SIGNED_IN}),
    only_post("remind_several", scenes.nothing),
    post("save_ledger_view", ledger_scenes.view, {302: SIGNED_IN}),
    post("save_ledger_view", scenes.nothing, {422: SIGNED_IN}),
    only_post("save_ledger_view", scenes.nothing),
    post("delete_ledger_view", ledger_scenes.view_of_suns, {302: {"sun"}}),
    only_post("delete_ledger_view", ledger_scenes.view_of_suns),
]

LIST_READERS = DEPARTMENT | BUREAU | {"chu"}
USES = [
    get("next_year", scenes.concluded, {200: LIST_READERS}),
    post("next_year", scenes.concluded, {}, others=405),
    get("export_next_year", scenes.concluded, {200: LIST_READERS - {"chu"}}),
    post("export_next_year", scenes.concluded, {}, others=405),
    get("on_hold", scenes.on_hold, {200: LIST_READERS}),
    post("on_hold", scenes.on_hold, {}, others=405),
    get("export_on_hold", scenes.on_hold, {200: LIST_READERS - {"chu"}}),
    post("export_on_hold", scenes.on_hold, {}, others=405),
    get("change_use", scenes.use_of("self"), {200: {"zhou"}}),
    post("change_use", scenes.use_of("self"), {302: {"zhou"}}),
    get("change_use", scenes.use_of("department"), {200: {"qian"}}),
    post("change_use", scenes.use_of("department"), {302: {"qian"}}),
    get("change_use", scenes.dossier, {}),
]

RECHECKS = [
    get("recheck_draws", scenes.nothing, {200: BUREAU}),
    post("recheck_draws", scenes.nothing, {}, others=405),
    get("draw_recheck", scenes.nothing, {200: {"sun"}}),
    post("draw_recheck", scenes.nothing, {422: {"sun"}}),
    post("draw_recheck", recheck_scenes.to_be_drawn, {302: {"sun"}}),
    get("recheck_draw", recheck_scenes.draw, {200: BUREAU}),
    post("recheck_draw", recheck_scenes.draw, {}, others=405),
    get("recheck_comparison", recheck_scenes.drawn, {200: BUREAU}),
    get("recheck_comparison", recheck_scenes.not_drawn, {}),
    post("recheck_comparison", recheck_scenes.drawn, {}, others=405),
]

PEOPLE = [
    get("people", scenes.nothing, {200: {"zhou"}}),
    post("people", scenes.nothing, {}, others=405),
    post("add_person", scenes.nothing, {422: {"zhou"}}),
    post("grant_role", scenes.nothing, {422: {"zhou"}}),
    post("end_role", scenes.role_held, {302: {"zhou"}}),
    post("deactivate_person", scenes.person_of_the_unit, {302: {"zhou"}}),
    only_post("deactivate_person", scenes.person_of_the_unit),
    post("add_organization", scenes.nothing, {422: {"zhou"}}),
    *(only_post(name, scenes.nothing) for name in ("add_person", "grant_role", "add_organization")),
    only_post("end_role", scenes.role_held),
]

COMMON = [
    get("login", scenes.nothing, {302: SIGNED_IN}, others=200, open_to_all=True),
    post("login", scenes.sign_in, {302: SIGNED_IN}, others=200, open_to_all=True),
    get("logout", scenes.nothing, {}, others=405),
    post("logout", scenes.nothing, {}, others=302),
    get("password_change", scenes.nothing, {200: SIGNED_IN}),
    post("password_change", scenes.nothing, {200: SIGNED_IN}),
    get("set_language", scenes.nothing, {}, others=302, open_to_all=True),
    post("set_language", scenes.language, {}, others=302, open_to_all=True),
    get("healthz", scenes.nothing, {}, others=200, open_to_all=True),
    get("delegations", scenes.nothing, {200: SIGNED_IN}),
    post("delegations", scenes.nothing, {}, others=405),
    post("delegate", scenes.nothing, {422: SIGNED_IN}),
    post("delegate", scenes.stand_in, {302: {"qian"}, 422: SIGNED_IN}),
    only_post("delegate", scenes.nothing),
    post("revoke_delegation", scenes.delegation, {302: {"qian", "zhou"}, 403: {"zhao"}}),
    only_post("revoke_delegation", scenes.delegation),
    get("inbox", scenes.nothing, {200: SIGNED_IN}),
    post("inbox", scenes.nothing, {}, others=405),
    get("notices", scenes.nothing, {200: SIGNED_IN}),
    post("notices", scenes.nothing, {302: SIGNED_IN}),
    post("notices", scenes.own_notice, {302: {"zhao"}}),
    get("evaluation_list", scenes.nothing, {200: SIGNED_IN}),
    post("evaluation_list", scenes.nothing, {}, others=405),
    get("open_evaluation", scenes.nothing, {200: RUN_EVALUATIONS}),
    post("open_evaluation", scenes.nothing, {422: RUN_EVALUATIONS}),
    get("campaigns", scenes.nothing, {200: RUN_EVALUATIONS}),
    post("campaigns", scenes.nothing, {422: RUN_EVALUATIONS}),
    get("campaign", scenes.campaign, {200: {"sun"}}),
    post("campaign", scenes.campaign, {302: {"sun"}}),
    get("launch", scenes.launch, {200: {"sun"}}),
    get("launch", scenes.launch_with_a_refusal, {200: {"sun"}}),
    post("launch", scenes.launch, {}, others=405),
    post("pause_launch", scenes.launch, {302: {"sun"}}),
    post("resume_launch", scenes.paused_launch, {302: {"sun"}}),
    post("retry_launch", scenes.launch_with_a_refusal, {302: {"sun"}}),
    *(only_post(f"{verb}_launch", scenes.launch) for verb in ("pause", "resume", "retry")),
    get("import_into_campaign", scenes.campaign, {200: {"sun"}}),
    post("import_into_campaign", scenes.campaign, {422: {"sun"}}),
    get("import_into_task", scenes.task(Stage.SELF_ASSESSMENT), {200: {"lin"}}),
    post("import_into_task", scenes.task(Stage.SELF_ASSESSMENT), {422: {"lin"}}),
    get("import_into_task", scenes.task(Stage.UNIT_APPROVAL), {}),
    get("import", scenes.file_handed_in, {200: {"sun"}}),
    post("import", scenes.file_handed_in, {302: {"sun"}}),
    get("imported_dossier", scenes.imported_dossier, {200: {"sun"}}),
    post("discard_import", scenes.file_handed_in, {302: {"sun"}}),
    only_post("discard_import", scenes.file_handed_in),
]

TEMPLATE_READERS = SIGNED_IN - {"wei"}
MAINTAINERS = {"sun", "zhou"}
PUBLISHED, DRAFT = template_scenes.published, template_scenes.draft
TEMPLATE_LISTS = ("schemes", "frameworks", "policies", "library")
TEMPLATES = [
    *(get(name, scenes.nothing, {200: TEMPLATE_READERS}) for name in TEMPLATE_LISTS),
    *(post(name, scenes.nothing, {}, others=405) for name in TEMPLATE_LISTS),
    *(
        row
        for kind in ("scheme", "framework", "policy")
        for row in (
            get(kind, template_scenes.shipped(kind), {200: TEMPLATE_READERS}),
            get(kind, PUBLISHED(kind), {200: TEMPLATE_READERS}),
            get(kind, DRAFT(kind), {200: MAINTAINERS}),
            post(kind, PUBLISHED(kind), {}, others=405),
            get(f"copy_{kind}", template_scenes.shipped(kind), {200: MAINTAINERS}),
            post(f"copy_{kind}", template_scenes.shipped(kind), {422: MAINTAINERS}),
            get(f"edit_{kind}", DRAFT(kind), {200: MAINTAINERS}),
            get(f"edit_{kind}", PUBLISHED(kind), {302: MAINTAINERS}),
            get(f"edit_{kind}", template_scenes.shipped(kind), {}),
            post(f"edit_{kind}", DRAFT(kind), {422: MAINTAINERS}),
            post(f"publish_{kind}", template_scenes.draft_as_shown(kind), {302: MAINTAINERS}),
            post(f"publish_{kind}", PUBLISHED(kind), {409: MAINTAINERS, 403: TEMPLATE_READERS}),
            post(f"publish_{kind}", template_scenes.shipped(kind), {403: TEMPLATE_READERS}),
            only_post(f"publish_{kind}", DRAFT(kind)),
            post(
                f"retire_{kind}", template_scenes.with_reason(kind), {302: MAINTAINERS, 403: TEMPLATE_READERS}
            ),
            post(f"retire_{kind}", template_scenes.shipped(kind), {403: TEMPLATE_READERS}),
            only_post(f"retire_{kind}", PUBLISHED(kind)),
        )
    ),
    *(
        row
        for kind, comparing in (("scheme", "compare_schemes"), ("policy", "compare_policies"))
        for row in (
            get(comparing, PUBLISHED(kind), {200: TEMPLATE_READERS}),
            get(comparing, DRAFT(kind), {200: MAINTAINERS}),
            post(comparing, DRAFT(kind), {}, others=405),
            get(f"try_{kind}", DRAFT(kind), {200: MAINTAINERS}),
            get(f"try_{kind}", PUBLISHED(kind), {200: MAINTAINERS}),
            post(f"try_{kind}", DRAFT(kind), {}, others=405),
        )
    ),
    get("change_basis", template_scenes.running(Stage.SELF_ASSESSMENT), {200: {"sun"}}),
    get("change_basis", template_scenes.running(Stage.DEPARTMENT_REVIEW), {200: {"sun"}}),
    post("change_basis", template_scenes.running(Stage.SELF_ASSESSMENT), {}),
    get("add_entry", scenes.nothing, {200: MAINTAINERS}),
    post("add_entry", scenes.nothing, {422: MAINTAINERS}),
    get("edit_entry", template_scenes.own_entry, {200: MAINTAINERS}),
    post("edit_entry", template_scenes.own_entry, {422: MAINTAINERS}),
    get("edit_entry", template_scenes.shipped_entry, {}),
    post("retire_entry", template_scenes.own_entry, {302: MAINTAINERS}),
    post("retire_entry", template_scenes.shipped_entry, {}),
    only_post("retire_entry", template_scenes.own_entry),
    get("calendar", scenes.nothing, {200: TEMPLATE_READERS}),
    post("calendar", scenes.nothing, {}, others=405),
    get("calendar_year", template_scenes.year, {200: TEMPLATE_READERS}),
    post("calendar_year", template_scenes.year, {}, others=405),
    get("calendar_day", scenes.nothing, {302: MAINTAINERS}),
    post("calendar_day", scenes.nothing, {302: MAINTAINERS}),
    get("enter_notice", scenes.nothing, {200: MAINTAINERS}),
    post("enter_notice", scenes.nothing, {422: MAINTAINERS}),
    get("pick_indicators", scenes.task(Stage.SELF_ASSESSMENT), {200: {"lin"}}),
    get("pick_indicators", scenes.task(Stage.DEPARTMENT_REVIEW), {}),
    post("pick_indicators", template_scenes.ticked, {302: {"lin"}}),
]

KEEPERS = {"zhou", "qian"}
NOTICES = [
    get("notice_choices", scenes.nothing, {200: SIGNED_IN}),
    post("notice_choices", scenes.nothing, {422: SIGNED_IN}),
    post("notice_choices", notice_scenes.choices, {302: SIGNED_IN}),
    get("endpoints", scenes.nothing, {200: KEEPERS}),
    post("endpoints", scenes.nothing, {}, others=405),
    get("add_endpoint", scenes.nothing, {200: KEEPERS}),
    post("add_endpoint", scenes.nothing, {422: KEEPERS}),
    get("edit_endpoint", notice_scenes.webhook, {200: KEEPERS}),
    get("edit_endpoint", notice_scenes.webhook_of_the_bureau, {200: {"zhou"}}),
    post("edit_endpoint", notice_scenes.webhook, {422: KEEPERS}),
    post("try_endpoint", notice_scenes.webhook, {302: KEEPERS}),
    only_post("try_endpoint", notice_scenes.webhook),
    post("renew_secret", notice_scenes.webhook, {200: KEEPERS}),
    post("renew_secret", notice_scenes.webhook_of_the_bureau, {200: {"zhou"}}),
    only_post("renew_secret", notice_scenes.webhook),
    post("switch_endpoint", notice_scenes.webhook, {302: KEEPERS}),
    only_post("switch_endpoint", notice_scenes.webhook),
    get("failed_notices", notice_scenes.failed, {200: KEEPERS}),
    post("failed_notices", notice_scenes.failed, {302: KEEPERS}),
]

WRITERS = READERS - {"feng"}
TALK = [
    get("add_comment", talk_scenes.new_comment, {200: WRITERS}),
    post("add_comment", talk_scenes.new_comment, {302: WRITERS}),
    post("add_comment", talk_scenes.panel_comment, {302: WRITERS}),
    get("withdraw_comment", talk_scenes.own_comment, {200: {"zhao"}}),
    post("withdraw_comment", talk_scenes.own_comment, {302: {"zhao"}, 403: (DEPARTMENT | BUREAU) - {"zhao"}}),
    get("comment_file", talk_scenes.file_of_comment, {200: DEPARTMENT | BUREAU}),
    post("comment_file", talk_scenes.file_of_comment, {}, others=405),
    get("consult", talk_scenes.question, {200: DEPARTMENT}),
    post("consult", talk_scenes.question, {302: DEPARTMENT}),
    get("consultation", talk_scenes.consultation, {200: DEPARTMENT | BUREAU}),
    post("consultation", talk_scenes.consultation, {302: {"qian"}, 403: (DEPARTMENT | BUREAU) - {"qian"}}),
    post("withdraw_consultation", talk_scenes.consultation, {302: {"zhao"}, 403: DEPARTMENT | BUREAU}),
    only_post("withdraw_consultation", talk_scenes.consultation),
]

MATRIX = [
    *TALK,
    *NOTICES,
    *COMMON,
    *PEOPLE,
    *HANDING_OVER,
    *DOSSIERS,
    *EXPERTS,
    *TASK_PAGES,
    *TASK_VERBS,
    *RECTIFICATION,
    *LEDGER,
    *USES,
    *RECHECKS,
    *TEMPLATES,
]


@pytest.fixture
def everybody(world) -> dict[str, User | None]:
    """The cast with the roles that it lacks, somebody who has left, and nobody at all."""
    people: dict[str, User | None] = {
        **world.people,
        "division": person("division", "小郑二", Role.FINANCE_DIVISION_REVIEWER, world.bureau),
        "leader": person("leader", "小沈", Role.BUREAU_LEADER, world.bureau),
        "nobody": None,
    }
    gone = person("gone", "小韩", Role.FINANCE_OFFICER, world.bureau)
    gone.is_active = False
    gone.save_as(None, "left the bureau")
    return {**people, "gone": gone}


@pytest.fixture
def play(world, self_evaluation, commissioned_evaluation, item_at) -> Play:
    return Play(world, self_evaluation, commissioned_evaluation, item_at)


def name_of(row: Row) -> str:
    return f"{row.method} {row.name}"


@pytest.mark.parametrize("row", MATRIX, ids=name_of)
def test_each_person_gets_what_is_theirs(row, everybody, play, as_):
    scene = row.scene(play)
    address = reverse(row.name, args=scene.arguments)
    answers = {
        who: answer(as_(everybody[who]), row.method, address, scene.data()) for who in sorted(everybody)
    }
    assert {who: status_of(found) for who, found in answers.items()} == {
        who: row.expected(who) for who in sorted(everybody)
    }
    assert {who: faults for who, found in answers.items() if (faults := policy_faults(found))} == {}


def answer(client: Client, method: str, address: str, data: dict[str, Any]) -> Any:
    """What a person gets; what it changed is undone, so that the next one finds the same."""
    before = transaction.savepoint()
    try:
        return getattr(client, method)(address, data)
    finally:
        transaction.savepoint_rollback(before)


def status_of(response: Any) -> int | str:
    """The status, or that the answer asks to sign in."""
    asks_to_sign_in = response.get("Location", "").startswith(f"{reverse('login')}?next=")
    return LOGIN if asks_to_sign_in else response.status_code


def addresses(resolver: URLResolver) -> Iterator[str]:
    """The name of every address of the project."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)
        else:
            assert isinstance(pattern, URLPattern)
            yield pattern.name or f"{pattern.pattern} (without a name)"


def test_every_address_is_in_the_matrix():
    named = [row.name for row in MATRIX]
    assert set(addresses(get_resolver())) == set(named)


def test_everybody_of_the_cast_is_in_the_matrix(everybody):
    assert set(everybody) == SIGNED_IN | NOT_SIGNED_IN


@pytest.mark.parametrize(
    ("name", "readers"),
    [
        ("inbox", DEPARTMENT),
        ("evaluation_list", READERS),
        ("ledger", READERS),
        ("next_year", DEPARTMENT | BUREAU),
    ],
)
def test_a_list_names_only_what_its_reader_may_see(name, readers, everybody, item_at, as_):
    project = item_at(ItemStage.DEPARTMENT_VERIFICATION).evaluation.project.name
    pages = {who: as_(everybody[who]).get(reverse(name)).content.decode() for who in sorted(SIGNED_IN)}
    assert {who for who, page in pages.items() if project in page} == readers
