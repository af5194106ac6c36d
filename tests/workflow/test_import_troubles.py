"""Imports when something goes wrong: unforeseen errors, late workers, lost roles, refused words."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import end_role
from accounts.models import RoleHolding, User
from audit_log.errors import AlreadyHandled, Busy, InvalidInput, NotFound
from audit_log.models import Refusal
from evaluations.models import Evaluation, Indicator
from tests.cast import open_self_evaluation
from tests.workflow.importing import archive, campaign_of, chens, content_of, lins
from tests.working_off import work_off
from workflow.importing import jobs, verbs
from workflow.importing.models import DossierImport, ImportedDossier

pytestmark = pytest.mark.django_db(transaction=True)
Status = DossierImport.Status
State = ImportedDossier.State


def work() -> None:
    work_off()


@pytest.fixture
def handed_in(world) -> DossierImport:
    """Two files for the bureau's campaign, handed in by Sun and not yet read."""
    packed = archive(a=content_of(lins(world)), b=content_of(chens(world)))
    return verbs.hand_in_file(
        actor=world.sun, file=ContentFile(packed), name="all.zip", campaign=campaign_of(world)
    )


@pytest.fixture
def ready(handed_in) -> DossierImport:
    work()
    handed_in.refresh_from_db()
    return handed_in


def states(handed_in: DossierImport) -> list[str]:
    return list(handed_in.dossiers.values_list("state", flat=True))


def without_role(person: User) -> User:
    """The person after every role has ended, as a new request meets them."""
    for holding in RoleHolding.objects.filter(user=person):
        end_role(actor=None, holding=holding)
    return User.objects.get(pk=person.pk)


def fail_after(monkeypatch: Any, name: str) -> None:
    """Have the program fail right after it has filled in the project of this name."""
    carry_out = jobs.carry_out

    def failing(plan: Any, actor: User) -> Any:
        evaluation = carry_out(plan, actor)
        if evaluation.project.name == name:
            raise RuntimeError("the disk is on fire")
        return evaluation

    monkeypatch.setattr(jobs, "carry_out", failing)


def test_an_unforeseen_error_undoes_its_file_alone_and_is_said_and_logged(world, ready, monkeypatch, caplog):
    fail_after(monkeypatch, world.project.name)
    verbs.confirm_import(handed_in=ready, actor=world.sun, places=[0, 1])
    work()
    ready.refresh_from_db()
    assert (ready.status, states(ready)) == (Status.DONE, [State.REFUSED, State.DONE])
    assert ready.dossiers.get(place=0).message != ""
    assert Evaluation.objects.get().project == world.other_project
    assert not Indicator.objects.filter(evaluation__project=world.project).exists()
    assert "the disk is on fire" in caplog.text


def busy_at_first(monkeypatch: Any, name: str, times: int) -> list[str]:
    """Have somebody else hold the project of this name; returns the projects in the order of the tries."""
    carry_out, tried = jobs.carry_out, []

    def waiting(plan: Any, actor: User) -> Any:
        tried.append(plan.project.name)
        if plan.project.name == name and tried.count(name) <= times:
            raise Busy("in use")
        return carry_out(plan, actor)

    monkeypatch.setattr(jobs, "carry_out", waiting)
    return tried


def test_a_dossier_that_somebody_works_on_comes_again_after_the_others(world, ready, monkeypatch):
    tried = busy_at_first(monkeypatch, world.project.name, 1)
    verbs.confirm_import(handed_in=ready, actor=world.sun, places=[0, 1])
    work()
    ready.refresh_from_db()
    assert (ready.status, states(ready)) == (Status.DONE, [State.DONE, State.DONE])
    assert tried == [world.project.name, world.other_project.name, world.project.name]
    assert Evaluation.objects.count() == 2


def test_a_dossier_that_stays_in_use_is_refused_with_that_reason(world, ready, monkeypatch, caplog):
    tried = busy_at_first(monkeypatch, world.project.name, jobs.TRIES)
    verbs.confirm_import(handed_in=ready, actor=world.sun, places=[0, 1])
    work()
    ready.refresh_from_db()
    assert (ready.status, states(ready)) == (Status.DONE, [State.REFUSED, State.DONE])
    assert ready.dossiers.get(place=0).message == "in use"
    assert tried.count(world.project.name) == jobs.TRIES
    assert "could not be filled in" not in caplog.text


def test_a_file_that_is_gone_before_it_is_read_ends_the_import_with_a_sentence(world, as_, handed_in, caplog):
    handed_in.file.storage.delete(handed_in.file.name)
    work()
    handed_in.refresh_from_db()
    assert handed_in.status == Status.FAILED
    page = as_(world.sun).get(reverse("import", args=[handed_in.pk])).content.decode()
    assert handed_in.error != ""
    assert handed_in.error in page
    assert "FileNotFoundError" in caplog.text


def test_a_file_that_is_gone_before_it_is_filled_in_ends_the_import_too(world, ready):
    verbs.confirm_import(handed_in=ready, actor=world.sun, places=[1])
    ready.file.storage.delete(ready.file.name)
    work()
    ready.refresh_from_db()
    assert (ready.status, states(ready)) == (Status.DONE, [State.PREVIEWED, State.REFUSED])
    assert Evaluation.objects.count() == 0


def test_an_import_that_is_being_read_can_be_dropped(world, as_, handed_in):
    page = as_(world.sun).get(reverse("import", args=[handed_in.pk])).content.decode()
    address = reverse("discard_import", args=[handed_in.pk])
    assert f'action="{address}"' in page
    assert as_(world.sun).post(address).status_code == 302
    work()
    handed_in.refresh_from_db()
    assert (handed_in.status, states(handed_in)) == (Status.DISCARDED, [])


def test_a_job_stops_at_its_next_file_when_the_import_is_dropped(world, as_, ready, monkeypatch):
    carry_out = jobs.carry_out

    def dropping(plan: Any, actor: User) -> Any:
        DossierImport.objects.filter(pk=ready.pk).update(status=Status.DISCARDED)
        return carry_out(plan, actor)

    monkeypatch.setattr(jobs, "carry_out", dropping)
    verbs.confirm_import(handed_in=ready, actor=world.sun, places=[0, 1])
    work()
    ready.refresh_from_db()
    assert (ready.status, Evaluation.objects.get().project) == (Status.DISCARDED, world.project)


def test_what_was_filled_in_before_the_import_was_dropped_stays_and_is_told(world, as_, ready):
    verbs.confirm_import(handed_in=ready, actor=world.sun, places=[0, 1])
    # As the worker leaves it between two files.
    ready.dossiers.filter(place=0).update(state=State.DONE)
    client = as_(world.sun)
    client.cookies["django_language"] = "en"
    answer = client.post(reverse("discard_import", args=[ready.pk]), follow=True)
    work()
    assert states(ready) == [State.DONE, State.PREVIEWED]
    assert "The rest of the file was dropped" in answer.content.decode()
    assert Evaluation.objects.count() == 0


@pytest.mark.parametrize("status", [Status.FILLING, Status.DISCARDED, Status.DONE])
def test_a_late_worker_takes_back_nothing(status, handed_in):
    DossierImport.objects.filter(pk=handed_in.pk).update(status=status)
    assert jobs.ended(handed_in, Status.READY) == status
    assert DossierImport.objects.get(pk=handed_in.pk).status == status


def test_whoever_no_longer_runs_the_campaign_reads_no_preview_of_it(world, as_, ready):
    sun = without_role(world.sun)
    client = as_(sun)
    assert client.get(reverse("import", args=[ready.pk])).status_code == 404
    assert client.get(reverse("imported_dossier", args=[ready.pk, 0])).status_code == 404
    assert client.post(reverse("import", args=[ready.pk]), {"places": [0]}).status_code == 404
    with pytest.raises(NotFound):
        verbs.confirm_import(handed_in=ready, actor=sun, places=[0])
    assert states(ready) == [State.PREVIEWED, State.PREVIEWED]


def test_whoever_no_longer_leads_the_project_reads_no_preview_of_it(world, as_):
    evaluation = open_self_evaluation(world)
    handed_in = verbs.hand_in_file(
        actor=world.lin, file=ContentFile(content_of(lins(world))), name="a.json", evaluation=evaluation
    )
    work()
    assert as_(world.lin).get(reverse("import", args=[handed_in.pk])).status_code == 200
    lin = without_role(world.lin)
    assert as_(lin).get(reverse("import", args=[handed_in.pk])).status_code == 404
    assert as_(lin).post(reverse("discard_import", args=[handed_in.pk])).status_code == 404


def test_files_for_an_evaluation_out_of_sight_are_left_out(world, as_, ready):
    """As when a unit has gone to another bureau since."""
    evaluation = open_self_evaluation(world)
    Evaluation.objects.filter(pk=evaluation.pk).update(
        bureau=world.unit, department=world.unit, unit=world.unit
    )
    ready.dossiers.filter(place=0).update(evaluation=evaluation)
    page = as_(world.sun).get(reverse("import", args=[ready.pk])).content.decode()
    assert world.other_project.name in page
    assert world.project.name not in page
    assert as_(world.sun).get(reverse("imported_dossier", args=[ready.pk, 0])).status_code == 404
    with pytest.raises(InvalidInput):
        verbs.confirm_import(handed_in=ready, actor=world.sun, places=[0])


def test_refused_words_are_noted(world, ready):
    before = Refusal.objects.count()
    with pytest.raises(InvalidInput):
        verbs.hand_in_file(actor=world.sun, file=ContentFile(b""), name="a.json", campaign=ready.campaign)
    with pytest.raises(InvalidInput):
        verbs.confirm_import(handed_in=ready, actor=world.sun, places=[7])
    verbs.discard_import(handed_in=ready, actor=world.sun)
    with pytest.raises(AlreadyHandled):
        verbs.discard_import(handed_in=ready, actor=world.sun)
    noted = Refusal.objects.order_by("pk").values_list("verb", "object_type", "object_id", "code")[before:]
    assert list(noted) == [
        ("hand_in_file", "campaign", ready.campaign_id, "invalid_input"),
        ("confirm_import", "dossierimport", ready.pk, "invalid_input"),
        ("discard_import", "dossierimport", ready.pk, "already_handled"),
    ]


def test_a_page_that_asks_every_second_reads_no_details(world, as_, ready):
    address = reverse("import", args=[ready.pk])
    verbs.confirm_import(handed_in=ready, actor=world.sun, places=[0])
    client = as_(world.sun)
    client.cookies["django_language"] = "en"
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "0 of 1" in answer
    assert not [query["sql"] for query in queries if '"details"' in query["sql"]]
