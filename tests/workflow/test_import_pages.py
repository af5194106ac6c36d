"""Handing in a file on a page: preview first, then in the job queue, each dossier whole or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Verb
from audit_log import clock
from audit_log.errors import AlreadyHandled
from audit_log.models import AuditEvent
from evaluations.models import Evaluation, Indicator, Stage
from tests.cast import do, open_self_evaluation, open_task
from tests.workflow.importing import archive, campaign_of, chens, content_of, document, held, lins
from tests.working_off import work_off
from workflow.importing import jobs, verbs
from workflow.importing.models import DossierImport, ImportedDossier

pytestmark = pytest.mark.django_db(transaction=True)
State = ImportedDossier.State


def work() -> None:
    work_off()


def hand_in(client: Any, address: str, content: bytes, name: str = "自评表.json") -> Any:
    """Send a file as the page does; the answer."""
    return client.post(address, {"file": ContentFile(content, name=name)})


@pytest.fixture
def into_campaign(world, as_):
    """Sun hands in a file for the bureau's campaign, and it is read."""
    campaign = campaign_of(world)

    def run(content: bytes, name: str = "自评表.json") -> DossierImport:
        address = reverse("import_into_campaign", args=[campaign.pk])
        assert hand_in(as_(world.sun), address, content, name).status_code == 302
        work()
        return DossierImport.objects.latest("pk")

    return run


@pytest.fixture
def into_own(world, as_):
    """Lin hands in a file for the evaluation that waits for her, and it is read."""

    def run(evaluation: Evaluation, value: dict[str, Any]) -> DossierImport:
        task = open_task(evaluation)
        address = reverse("import_into_task", args=[task.process_id, task.pk])
        assert hand_in(as_(world.lin), address, content_of(value)).status_code == 302
        work()
        return DossierImport.objects.latest("pk")

    return run


def confirm(client: Any, handed_in: DossierImport, *places: int) -> Any:
    answer = client.post(reverse("import", args=[handed_in.pk]), {"places": places})
    work()
    handed_in.refresh_from_db()
    return answer


def outcomes(handed_in: DossierImport) -> list[str]:
    return [row.outcome for row in handed_in.dossiers.all()]


def test_nothing_is_filled_in_before_somebody_says_so(world, as_, into_campaign):
    handed_in = into_campaign(archive(a=content_of(lins(world)), b=content_of(chens(world))), "all.zip")
    assert (handed_in.status, outcomes(handed_in)) == ("ready", ["create", "create"])
    assert Evaluation.objects.count() == 0
    page = as_(world.sun).get(reverse("import", args=[handed_in.pk])).content.decode()
    assert world.project.name in page
    assert world.other_project.name in page
    confirm(as_(world.sun), handed_in, 0)
    assert (handed_in.status, Evaluation.objects.get().project) == ("done", world.project)


def test_a_file_is_previewed_row_by_row_and_one_bad_row_stops_no_other(world, as_, into_campaign):
    rows = lins(world)["indicators"]
    rows[0]["stated"]["score"] = "51"
    packed = archive(
        a=content_of(lins(world, indicators=rows)),
        b=b"not a dossier",
        c=content_of(document("某县档案馆", "数字档案馆")),
        d=content_of(chens(world)),
    )
    handed_in = into_campaign(packed, "all.zip")
    assert outcomes(handed_in) == ["refused", "refused", "refused", "create"]
    assert "51" in handed_in.dossiers.get(place=0).message
    confirm(as_(world.sun), handed_in, 3)
    states = list(handed_in.dossiers.values_list("state", flat=True))
    assert states == [State.PREVIEWED, State.PREVIEWED, State.PREVIEWED, State.DONE]
    assert Evaluation.objects.get().project == world.other_project


def test_a_refused_dossier_cannot_be_chosen_and_leaves_nothing_of_itself(world, as_, into_campaign):
    rows = lins(world)["indicators"]
    rows[2]["stated"]["score"] = "11"
    handed_in = into_campaign(content_of(lins(world, indicators=rows)))
    assert confirm(as_(world.sun), handed_in, 0).status_code == 422
    assert (Evaluation.objects.count(), Indicator.objects.count(), Indicator.history.count()) == (0, 0, 0)


def test_two_files_for_the_same_project_are_told_before_anything_is_done(world, into_campaign):
    content = content_of(lins(world))
    assert outcomes(into_campaign(archive(a=content, b=content), "all.zip")) == ["create", "refused"]


def test_a_refused_file_does_not_take_the_place_of_a_good_one(world, into_campaign):
    rows = lins(world)["indicators"]
    rows[0]["stated"]["score"] = "51"
    packed = archive(a=content_of(lins(world, indicators=rows)), b=content_of(lins(world)))
    assert outcomes(into_campaign(packed, "all.zip")) == ["refused", "create"]


def test_the_same_file_again_has_nothing_to_do(world, as_, into_campaign):
    confirm(as_(world.sun), into_campaign(content_of(lins(world))), 0)
    of_evaluations = AuditEvent.objects.filter(chain__startswith="evaluation")
    events, history = of_evaluations.count(), Indicator.history.count()
    handed_in = into_campaign(content_of(lins(world)))
    assert outcomes(handed_in) == ["unchanged"]
    assert confirm(as_(world.sun), handed_in, 0).status_code == 422
    assert (of_evaluations.count(), Indicator.history.count()) == (events, history)


def test_an_overwritten_draft_is_shown_before_and_after_and_asked_for(world, as_, into_own):
    evaluation = open_self_evaluation(world)
    confirm(as_(world.lin), into_own(evaluation, lins(world)), 0)
    handed_in = into_own(
        evaluation, lins(world, goal={"expected": "系统上线。", "achieved": "系统全部上线。"})
    )
    assert outcomes(handed_in) == ["overwrite"]
    page = as_(world.lin).get(reverse("import", args=[handed_in.pk])).content.decode()
    assert "系统已上线。" in page
    assert "系统全部上线。" in page
    assert 'name="places" value="0" aria-label' in page
    confirm(as_(world.lin), handed_in, 0)
    assert held(evaluation)["goal"]["achieved"] == "系统全部上线。"


def test_what_was_saved_after_the_preview_is_not_overwritten(world, as_, into_own):
    evaluation = open_self_evaluation(world)
    confirm(as_(world.lin), into_own(evaluation, lins(world)), 0)
    old = into_own(evaluation, lins(world, goal={"expected": "旧目标。"}))
    confirm(as_(world.lin), into_own(evaluation, lins(world, goal={"expected": "新目标。"})), 0)
    confirm(as_(world.lin), old, 0)
    assert held(evaluation)["goal"]["expected"] == "新目标。"
    assert old.dossiers.get().state == State.REFUSED
    assert "预览" in old.dossiers.get().message or "preview" in old.dossiers.get().message


def test_what_was_handed_on_after_the_preview_is_not_overwritten(world, as_, into_own, self_evaluation):
    evaluation = self_evaluation(Stage.SELF_ASSESSMENT, project=world.project)
    handed_in = into_own(evaluation, lins(world))
    task = open_task(evaluation)
    from_before = held(evaluation)
    do(Verb.SUBMIT, evaluation, world.lin)
    confirm(as_(world.lin), handed_in, 0)
    assert (held(evaluation), handed_in.dossiers.get().state) == (from_before, State.REFUSED)
    assert as_(world.lin).get(reverse("import_into_task", args=[task.process_id, task.pk])).status_code == 404


def test_another_project_in_the_file_is_something_to_look_at(world, as_, into_own):
    evaluation = open_self_evaluation(world)
    handed_in = into_own(evaluation, document(world.unit.name, "另一个项目"))
    page = as_(world.lin).get(reverse("imported_dossier", args=[handed_in.pk, 0])).content.decode()
    assert "project.name" in page
    assert "另一个项目" in page


def test_a_worker_killed_in_the_middle_of_reading_goes_on_where_it_broke_off(world, as_):
    campaign = campaign_of(world)
    packed = archive(a=content_of(lins(world)), b=content_of(chens(world)))
    handed_in = verbs.hand_in_file(
        actor=world.sun, file=ContentFile(packed), name="all.zip", campaign=campaign
    )
    jobs.preview_all(handed_in)
    last = handed_in.dossiers.get(place=1)
    last.delete()
    first = handed_in.dossiers.get(place=0)
    work()
    handed_in.refresh_from_db()
    assert (handed_in.status, outcomes(handed_in)) == ("ready", ["create", "create"])
    assert handed_in.dossiers.get(place=0).pk == first.pk


def test_a_worker_killed_in_the_middle_of_filling_does_nothing_twice(world, as_, into_campaign):
    handed_in = into_campaign(archive(a=content_of(lins(world)), b=content_of(chens(world))), "all.zip")
    confirm(as_(world.sun), handed_in, 0, 1)
    events = AuditEvent.objects.count()
    # As a killed worker leaves it: filled in, but the job is to run again.
    handed_in.status = DossierImport.Status.FILLING
    handed_in.save()
    second = handed_in.dossiers.get(place=1)
    assert jobs.fill_import(import_id=handed_in.pk) == "done"
    assert (AuditEvent.objects.count(), Evaluation.objects.count()) == (events, 2)
    assert handed_in.dossiers.get(place=1).evaluation_id == second.evaluation_id


def test_a_second_word_comes_too_late(world, as_, into_campaign):
    handed_in = into_campaign(content_of(lins(world)))
    confirm(as_(world.sun), handed_in, 0)
    with pytest.raises(AlreadyHandled):
        verbs.confirm_import(handed_in=handed_in, actor=world.sun, places=[0])
    with pytest.raises(AlreadyHandled):
        verbs.discard_import(handed_in=handed_in, actor=world.sun)


def test_a_file_that_is_dropped_fills_in_nothing(world, as_, into_campaign):
    handed_in = into_campaign(content_of(lins(world)))
    answer = as_(world.sun).post(reverse("discard_import", args=[handed_in.pk]))
    handed_in.refresh_from_db()
    assert (answer.status_code, handed_in.status, Evaluation.objects.count()) == (302, "discarded", 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4", "is a PDF"),
        (b"\xd0\xcf\x11\xe0old", "old or password-protected Office file"),
        (b"PK\x03\x04broken", "damaged zip file"),
    ],
)
def test_a_file_of_another_kind_is_refused_at_its_field(content, words, world, as_):
    campaign = campaign_of(world)
    client = as_(world.sun)
    client.cookies["django_language"] = "en"
    answer = hand_in(client, reverse("import_into_campaign", args=[campaign.pk]), content)
    assert (answer.status_code, DossierImport.objects.count()) == (422, 0)
    assert words in answer.content.decode()


def test_an_archive_beyond_the_bounds_is_told_on_the_page(world, as_, into_campaign):
    handed_in = into_campaign(archive(**{f"f{place}": b"{}" for place in range(501)}), "all.zip")
    assert (handed_in.status, handed_in.dossiers.count()) == ("failed", 0)
    assert "501" in as_(world.sun).get(reverse("import", args=[handed_in.pk])).content.decode()


def test_an_import_is_for_whoever_handed_it_in(world, as_, into_campaign):
    handed_in = into_campaign(content_of(lins(world)))
    for person in (world.zhou, world.zhao, world.lin, world.wei):
        assert as_(person).get(reverse("import", args=[handed_in.pk])).status_code == 404
        assert as_(person).post(reverse("import", args=[handed_in.pk]), {"places": [0]}).status_code == 404
    assert Evaluation.objects.count() == 0


def test_the_page_costs_the_same_statements_for_many_files(world, as_, into_campaign):
    counts = []
    for files in (1, 30):
        documents = {f"f{place}": document("某馆", f"项目{place}") for place in range(files)}
        packed = archive(**{name: content_of(value) for name, value in documents.items()})
        handed_in = into_campaign(packed, "all.zip")
        client = as_(world.sun)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("import", args=[handed_in.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_while_the_queue_works_the_page_asks_again_and_says_how_far_it_is(world, as_):
    campaign = campaign_of(world)
    hand_in(as_(world.sun), reverse("import_into_campaign", args=[campaign.pk]), content_of(lins(world)))
    handed_in = DossierImport.objects.get()
    address = reverse("import", args=[handed_in.pk])
    whole = as_(world.sun).get(address).content.decode()
    part = as_(world.sun).get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part
    assert "<html" in whole
    work()
    assert "hx-trigger" not in as_(world.sun).get(address, headers={"HX-Request": "true"}).content.decode()


@override_settings(IMPORT_KEEP_DAYS=30)
def test_imports_and_their_files_go_after_their_time(world, as_, into_campaign):
    old, young = into_campaign(content_of(lins(world))), into_campaign(content_of(lins(world)))
    DossierImport.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=31))
    assert jobs.clean_up_imports(timestamp=0) == 1
    assert not DossierImport.objects.filter(pk=old.pk).exists()
    assert not default_storage.exists(old.file.name)
    assert default_storage.exists(young.file.name)
    assert ImportedDossier.objects.filter(source=young).exists()


def test_a_file_that_no_row_knows_goes_after_a_day(world):
    name = default_storage.save("imports/2025/01/left-behind", ContentFile(b"{}"))
    jobs.clean_up_imports(timestamp=0)
    assert default_storage.exists(name)
    with clock.at(clock.now() + timedelta(days=1, hours=1)):
        jobs.clean_up_imports(timestamp=0)
    assert not default_storage.exists(name)
