"""check_integrity finds launches that disagree with what they opened."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.cast import open_self_evaluation
from tests.workflow.importing import campaign_of
from tests.workflow.test_integrity import only, seed
from workflow import launching
from workflow.integrity import faults
from workflow.launch_models import CampaignLaunch, LaunchedProject

pytestmark = [pytest.mark.corrupts, pytest.mark.django_db]


@pytest.fixture
def opened(world) -> LaunchedProject:
    """What a finished launch opened for Lin's project."""
    (row,) = launching.launch(campaign=campaign_of(world), actor=world.sun, projects=[world.project])
    return row


def test_a_finished_launch_leaves_no_fault(opened):
    assert faults() == []


def test_the_evaluation_of_another_project_is_found(world, opened):
    other = open_self_evaluation(world, project=world.other_project)
    seed(("UPDATE workflow_launchedproject SET evaluation_id = %s WHERE id = %s", other.pk, opened.pk))
    assert only(faults(), f"launch {opened.launch_id}", "was not opened by it", world.project.name)


def test_a_project_that_waits_in_a_finished_launch_is_found(opened):
    sql = "UPDATE workflow_launchedproject SET state = 'waiting', evaluation_id = NULL WHERE id = %s"
    seed((sql, opened.pk))
    assert only(faults(), f"launch {opened.launch_id} is finished", opened.project.name)


@pytest.mark.parametrize(
    "change",
    [
        {"evaluation": None},
        {"state": LaunchedProject.State.WAITING},
        {"state": LaunchedProject.State.REFUSED, "evaluation": None},
        {"refusal": "words"},
    ],
)
def test_the_database_refuses_a_state_that_does_not_say_what_became_of_it(change, opened):
    with (
        pytest.raises(IntegrityError, match="launched_project_says_what_became_of_it"),
        transaction.atomic(),
    ):
        LaunchedProject.objects.filter(pk=opened.pk).update(**change)
    assert CampaignLaunch.objects.get().status == CampaignLaunch.Status.DONE
