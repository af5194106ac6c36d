"""``manage.py import_dossier``: what goes where, what is refused, and that twice is once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command

from approvals.models import Verb
from audit_log.models import AuditEvent, Refusal
from evaluations.models import Evaluation, Indicator, Kind, Project, Stage
from tests.cast import do, open_self_evaluation
from tests.workflow.importing import archive, campaign_of, chens, content_of, document, held, lins


@pytest.fixture
def take(tmp_path):
    """Run the command on one file with this content; its exit status and what it said."""

    def run(content: Any, *arguments: str, name: str = "dossier.json") -> tuple[int, str, str]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content_of(content))
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_dossier", str(path), *arguments, "--language=en", stdout=out, stderr=err)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return run


def history_rows() -> int:
    return Indicator.history.count() + Evaluation.history.count()


def test_a_campaign_opens_an_evaluation_with_what_the_file_holds(world, take):
    campaign = campaign_of(world)
    status, out, _err = take(lins(world), "--campaign", str(campaign.pk))
    evaluation = Evaluation.objects.get()
    assert (status, evaluation.project, evaluation.campaign) == (0, world.project, campaign)
    assert "opens an evaluation" in out
    document = held(evaluation)
    assert document["budget"]["annual"] == "300"
    assert [row["name"] for row in document["indicators"]] == ["上线模块", "网上办理比例", "群众满意度"]
    assert document["indicators"][0]["stated"]["score"] == "46.43"
    assert document["problems"] == ["两个模块未按期交付。"]


def test_the_campaign_may_be_called_by_its_name(world, take):
    campaign_of(world)
    status, _out, _err = take(lins(world), "--campaign", "2025年度单位自评")
    assert (status, Evaluation.objects.count()) == (0, 1)


def test_a_dry_run_tells_what_it_would_do_and_does_nothing(world, take):
    campaign = campaign_of(world)
    events = AuditEvent.objects.count()
    status, out, _err = take(lins(world), "--campaign", str(campaign.pk), "--dry-run")
    assert status == 0
    assert "opens an evaluation" in out
    assert "3 indicators" in out
    assert (Evaluation.objects.count(), AuditEvent.objects.count()) == (0, events)


def test_the_same_file_twice_changes_nothing(world, take):
    campaign = campaign_of(world)
    take(lins(world), "--campaign", str(campaign.pk))
    before = (
        AuditEvent.objects.count(),
        history_rows(),
        Refusal.objects.count(),
        held(Evaluation.objects.get()),
    )
    status, out, _err = take(lins(world), "--campaign", str(campaign.pk))
    after = (
        AuditEvent.objects.count(),
        history_rows(),
        Refusal.objects.count(),
        held(Evaluation.objects.get()),
    )
    assert (status, after) == (0, before)
    assert "changes nothing" in out


def test_a_dossier_goes_into_the_evaluation_of_its_project_in_the_leads_name(world, take):
    evaluation = open_self_evaluation(world)
    status, out, _err = take(lins(world))
    assert (status, held(evaluation)["goal"]["achieved"]) == (0, "系统已上线。")
    event = AuditEvent.objects.filter(verb="fill_dossier").get()
    assert (event.actor_id, event.origin) == (world.lin.pk, "command import_dossier")
    assert "in the name of" in out


def test_what_was_entered_before_is_overwritten_only_when_asked_to(world, take):
    evaluation = open_self_evaluation(world)
    take(lins(world))
    changed = lins(world, goal={"expected": "系统上线。", "achieved": "系统全部上线。"})
    status, out, _err = take(changed)
    assert (status, held(evaluation)["goal"]["achieved"]) == (1, "系统已上线。")
    assert "系统已上线。 → 系统全部上线。" in out
    status, _out, _err = take(changed, "--overwrite")
    assert (status, held(evaluation)["goal"]["achieved"]) == (0, "系统全部上线。")


def test_what_a_file_leaves_empty_stays_as_it_was(world, take):
    evaluation = open_self_evaluation(world)
    take(lins(world))
    before = held(evaluation)
    bare = lins(world, goal={}, problems=[], budget={"annual": "3000000"}, stated={})
    status, out, _err = take(bare, "--overwrite")
    assert (status, held(evaluation)) == (0, before)
    assert "changes nothing" in out


def test_a_row_that_the_file_lacks_goes_and_a_new_one_comes(world, take):
    evaluation = open_self_evaluation(world)
    take(lins(world))
    kept = {row.name: row.pk for row in evaluation.indicators.all()}
    rows = lins(world)["indicators"]
    changed = lins(world, indicators=[rows[2], {**rows[1], "name": "一窗办理比例"}])
    status, _out, _err = take(changed, "--overwrite")
    assert status == 0
    assert [row.name for row in evaluation.indicators.all()] == ["群众满意度", "一窗办理比例"]
    assert evaluation.indicators.get(name="群众满意度").pk == kept["群众满意度"]


def test_a_dossier_that_has_left_the_units_hands_is_refused(world, take, self_evaluation):
    evaluation = self_evaluation(Stage.UNIT_APPROVAL, project=world.project)
    before = held(evaluation)
    status, out, _err = take(lins(world), "--overwrite")
    assert (status, held(evaluation)) == (1, before)
    assert "no longer in the unit's hands" in out


def test_a_dossier_of_another_unit_is_refused(world, take):
    evaluation = open_self_evaluation(world)
    status, out, _err = take(lins(world), "--user", "chen")
    assert (status, evaluation.indicators.count()) == (1, 0)
    assert "You have no evaluation of" in out


def test_nobody_of_the_unit_but_its_lead_fills_in(world, take):
    evaluation = open_self_evaluation(world)
    status, out, _err = take(lins(world), "--user", "zhao")
    assert (status, evaluation.indicators.count()) == (1, 0)
    assert "not yours to fill in" in out


def test_a_campaign_of_another_bureaus_unit_is_refused(world, take):
    campaign = campaign_of(world)
    status, out, _err = take(document("某县档案馆", "数字档案馆"), "--campaign", str(campaign.pk))
    assert (status, Evaluation.objects.count()) == (1, 0)
    assert "There is no unit “某县档案馆”" in out


def test_somebody_without_the_right_opens_nothing(world, take):
    campaign = campaign_of(world)
    status, out, _err = take(lins(world), "--campaign", str(campaign.pk), "--user", "zhou")
    assert (status, Evaluation.objects.count()) == (1, 0)
    assert "You do not run evaluations of this unit." in out


def test_a_project_that_nobody_entered_is_entered_with_its_units_only_lead(world, take):
    campaign = campaign_of(world)
    status, out, _err = take(document(world.unit.name, "新建档案管理系统"), "--campaign", str(campaign.pk))
    project = Project.objects.get(name="新建档案管理系统")
    assert (status, project.lead, project.unit) == (0, world.lin, world.unit)
    assert "The project is entered with it." in out


def test_a_unit_without_a_lead_enters_its_project_first(world, take):
    campaign = campaign_of(world)
    status, out, _err = take(document(world.own_level.name, "城市照明"), "--campaign", str(campaign.pk))
    assert (status, Project.objects.filter(name="城市照明").exists()) == (1, False)
    assert "enter the project first" in out


def test_a_launched_dossier_that_its_unit_has_not_begun_is_filled_by_whoever_runs_the_campaign(world, take):
    campaign = campaign_of(world)
    evaluation = open_self_evaluation(world, campaign=campaign)
    status, _out, _err = take(lins(world), "--campaign", str(campaign.pk))
    assert (status, evaluation.indicators.count()) == (0, 3)


def test_a_dossier_that_its_unit_has_begun_is_its_leads_alone(world, take):
    campaign = campaign_of(world)
    evaluation = open_self_evaluation(world, campaign=campaign)
    take(lins(world, goal={"expected": "目标。"}, indicators=[]), "--user", "lin")
    status, out, _err = take(lins(world), "--campaign", str(campaign.pk), "--overwrite")
    assert (status, evaluation.indicators.count()) == (1, 0)
    assert "only its project lead changes it now" in out


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"evaluation": {"kind": "finance"}}, "Only unit self-assessments are taken from files"),
        ({"project": {"unit": "衡州市社会保险服务中心", "name": "社会保险经办信息系统", "fiscal_year": 2024}},
         "about the fiscal year 2024, not 2025"),
    ],
)  # fmt: skip
def test_what_does_not_belong_into_a_campaign_is_refused(changes, reason, world, take):
    status, out, _err = take(lins(world, **changes), "--campaign", str(campaign_of(world).pk))
    assert (status, Evaluation.objects.count()) == (1, 0)
    assert reason in out


def test_an_archive_is_taken_file_by_file_and_one_bad_file_stops_no_other(world, take):
    campaign = campaign_of(world)
    packed = archive(a=content_of(lins(world)), b=b"{", c=content_of(chens(world)))
    status, _out, err = take(packed, "--campaign", str(campaign.pk), name="all.zip")
    assert (status, Evaluation.objects.filter(kind=Kind.SELF).count()) == (2, 2)
    assert err.splitlines() == ["b.json: is not JSON: line 1, column 2"]


def test_figures_that_no_rule_may_score_are_refused_whole(world, take):
    evaluation = open_self_evaluation(world)
    rows = lins(world)["indicators"]
    rows[1]["stated"]["score"] = "31"
    status, out, _err = take(lins(world, indicators=rows))
    assert (status, evaluation.indicators.count()) == (1, 0)
    assert "indicator 2 “网上办理比例” · score: The score 31 is above the weight 30" in out


def test_an_unknown_campaign_is_told_with_those_that_there_are(world, take):
    campaign = campaign_of(world)
    status, _out, err = take(lins(world), "--campaign", "2024")
    assert (status, Evaluation.objects.count()) == (2, 0)
    assert f"{campaign.pk} 2025年度单位自评" in err


def test_a_dossier_that_was_taken_goes_on_to_its_reviewers(world, take):
    evaluation = open_self_evaluation(world)
    take(lins(world))
    do(Verb.SUBMIT, evaluation, world.lin)
    assert evaluation.stage == Stage.UNIT_APPROVAL
