"""A dossier as a file to take along: through the gateway, and back in without a change."""

from __future__ import annotations

import json
import urllib.parse

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.dossier import read_dossier
from evaluations.exchange.reading import read_any
from evaluations.models import Stage
from tests.dossier_content import filled_self_assessment, indicator, numbered, words
from tests.workflow.importing import held
from tests.workflow.reading import save
from workflow.importing.plan import plan_for, whole


def exported(client, evaluation, form):
    return client.get(reverse("export", args=[evaluation.pk, form]))


def test_the_data_file_holds_the_dossier_as_the_product_does(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    answer = exported(as_(world.zhao), evaluation, "json")
    assert answer.status_code == 200
    assert json.loads(answer.content) == held(evaluation)
    assert read_dossier(answer.content).project.name == evaluation.project.name
    named = urllib.parse.unquote(answer["Content-Disposition"])
    assert named.endswith(f"{evaluation.number} {evaluation.project.name}.json")


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_what_was_exported_changes_nothing_when_it_comes_back(world, as_, self_evaluation, form):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    content = exported(as_(world.lin), evaluation, form).content
    understood = read_any(f"自评表.{form}", content)
    plan = plan_for(understood.dossier, actor=world.lin, evaluation=whole(evaluation.pk))
    assert (plan.outcome, plan.differences) == ("unchanged", ())


@pytest.mark.parametrize(("form", "begins"), [("xlsx", b"PK"), ("docx", b"PK"), ("json", b"{")])
def test_the_dossier_page_offers_each_file(world, as_, self_evaluation, form, begins):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    page = as_(world.zhao).get(reverse("dossier", args=[evaluation.pk])).content.decode()
    assert reverse("export", args=[evaluation.pk, form]) in page
    assert exported(as_(world.zhao), evaluation, form).content.startswith(begins)


def test_only_a_units_own_evaluation_is_offered_as_its_form(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.MATERIAL)
    page = as_(world.sun).get(reverse("dossier", args=[evaluation.pk])).content.decode()
    assert reverse("export", args=[evaluation.pk, "json"]) in page
    assert reverse("export", args=[evaluation.pk, "xlsx"]) not in page
    assert exported(as_(world.sun), evaluation, "xlsx").status_code == 404


def test_an_expert_who_scores_without_seeing_the_others_takes_nothing_along(
    world, as_, commissioned_evaluation
):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    page = as_(world.wu).get(reverse("dossier", args=[evaluation.pk])).content.decode()
    assert reverse("export", args=[evaluation.pk, "json"]) not in page
    assert exported(as_(world.wu), evaluation, "json").status_code == 404


def test_an_export_costs_the_same_statements_for_many_rows(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT)
    client = as_(world.lin)
    counts = []
    for rows in (3, 40):
        content = filled_self_assessment()
        more = [
            indicator("产出", "数量", f"指标{place}", "1", "1", **words("完成", "已完成"))
            for place in range(rows)
        ]
        save(evaluation, world.lin, type(content)(indicators=numbered(more), lines=content.lines * rows))
        with CaptureQueriesContext(connection) as queries:
            assert exported(client, evaluation, "json").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
