"""Every refusal becomes a page in the reader's language, or a JSON problem; never a stack trace."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit_log import errors
from config.uploads import ALLOWANCE
from evaluations.models import Evidence
from tests.cast import open_task
from tests.page_policy import policy_faults
from workflow import inbox

RAISED = {
    "JihengError": (errors.JihengError("Not like this."), 400),
    "NotAllowed": (errors.NotAllowed("Not you."), 403),
    "ConflictOfInterest": (errors.ConflictOfInterest("Somebody else."), 403),
    "NotFound": (errors.NotFound(), 404),
    "WrongStage": (errors.WrongStage("Too late."), 409),
    "AlreadyHandled": (errors.AlreadyHandled("Too slow."), 409),
    "Outdated": (errors.Outdated("Saved again."), 409),
    "Busy": (errors.Busy("Again, please."), 409),
    "InvalidInput": (errors.InvalidInput.at("paid", "Enter a number."), 422),
}
PARAMETERS = pytest.mark.parametrize(("error", "status"), RAISED.values(), ids=RAISED)
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture
def raising(monkeypatch):
    """Let the inbox fail in a chosen way."""

    def choose(error: Exception) -> None:
        def fail(user):
            raise error

        monkeypatch.setattr(inbox, "figures", fail)

    return choose


@pytest.fixture
def lin(world):
    """Lin's browser, with failures answered as in production."""
    client = Client(raise_request_exception=False)
    client.force_login(world.lin, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_error_of_the_tree_is_tried():
    def below(kind):
        return {kind} | {found for child in kind.__subclasses__() for found in below(child)}

    ours = {kind.__name__ for kind in below(errors.JihengError) if kind.__module__ == errors.__name__}
    assert ours == set(RAISED)


@PARAMETERS
@LANGUAGES
@pytest.mark.django_db
def test_an_error_is_a_page_in_the_readers_language(lin, raising, error, status, language):
    raising(error)
    page = lin.get("/", headers={"accept-language": language})
    content = page.content.decode()
    with translation.override(language):
        title, message = str(error.title), str(error)
    assert page.status_code == status
    assert title in content
    assert message in content
    assert f'lang="{language}"' in content
    assert policy_faults(page) == []


def test_the_titles_of_errors_are_translated():
    for error, _status in RAISED.values():
        with translation.override("en"):
            english = str(error.title)
        with translation.override("zh-hans"):
            assert str(error.title) != english


@PARAMETERS
@pytest.mark.django_db
def test_an_error_is_a_problem_for_programs(lin, raising, error, status):
    raising(error)
    answer = lin.get("/", headers={"accept": "application/json", "accept-language": "en"})
    with translation.override("en"):
        expected = {"title": str(error.title), "detail": str(error)}
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": f"about:blank#{error.code}",
        "status": status,
        "fields": {"paid": ["Enter a number."]} if status == 422 else {},
        **expected,
    }


@LANGUAGES
@pytest.mark.django_db
def test_a_fault_of_ours_shows_no_inner_workings(lin, raising, language):
    raising(RuntimeError("the secret inner workings"))
    page = lin.get("/", headers={"accept-language": language})
    content = page.content.decode()
    assert page.status_code == 500
    assert f'lang="{language}"' in content
    for word in ("Traceback", "RuntimeError", "secret inner workings", "inbox.py"):
        assert word not in content
    assert policy_faults(page) == []


@pytest.mark.django_db
def test_the_page_about_a_fault_needs_no_database(lin, monkeypatch):
    """A database that has gone away is what the page is most often shown for."""

    def gone(*args, **kwargs):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as while_it_is_away:
        while_it_is_away.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
        page = lin.get("/", headers={"accept-language": "en"})
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.content.decode()
    assert "server closed" not in page.content.decode()
    assert policy_faults(page) == []


@LANGUAGES
@pytest.mark.django_db
def test_an_unknown_address_is_a_page_in_the_readers_language(lin, language):
    page = lin.get("/no/such/page/", headers={"accept-language": language})
    with translation.override(language):
        assert str(errors.NotFound.title) in page.content.decode()
    assert page.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("came_from", "leads_back"),
    [("http://testserver/evaluations/", True), ("https://elsewhere.example/", False), ("", False)],
)
def test_an_error_leads_back_to_own_pages_only(lin, raising, came_from, leads_back):
    raising(errors.WrongStage("Too late."))
    page = lin.get("/", headers={"referer": came_from})
    assert (f'class="button button-primary" href="{came_from}"' in page.content.decode()) is leads_back


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_a_way_on(world):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/login/", {"username": "lin", "password": "x"}, headers={"accept-language": "en"})
    assert page.status_code == 403
    assert "This page was open for too long" in page.content.decode()
    assert policy_faults(page) == []


@pytest.mark.django_db
@pytest.mark.parametrize("token_in_form", [True, False])
def test_an_upload_beyond_the_limit_is_refused_and_nothing_is_kept(
    world, self_evaluation, settings, token_in_form
):
    settings.EVIDENCE_MAX_BYTES = 1024
    task = open_task(self_evaluation())
    before = Evidence.objects.count()
    client = Client(enforce_csrf_checks=token_in_form)
    client.force_login(world.lin, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("attach_evidence", args=[task.process_id, task.pk])
    client.get(address)
    data = {"file": SimpleUploadedFile("大文件.pdf", b"%PDF" + b"0" * (ALLOWANCE + 1024))}
    if token_in_form:
        data["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    came_from = f"http://testserver{address}"
    page = client.post(address, data, headers={"accept-language": "en", "referer": came_from})
    assert page.status_code == 413
    assert "The file is larger than" in page.content.decode()
    assert f'href="{came_from}"' in page.content.decode()
    assert policy_faults(page) == []
    assert Evidence.objects.count() == before


@pytest.mark.django_db
def test_an_address_that_only_takes_a_form_says_so_when_it_is_opened_by_itself(world, as_, self_evaluation):
    task = open_task(self_evaluation())
    came_from = "http://testserver/"
    page = as_(world.lin).get(
        reverse("release", args=[task.process_id, task.pk]),
        headers={"accept-language": "en", "referer": came_from},
    )
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "only takes a form" in page.content.decode()
    assert f'href="{came_from}"' in page.content.decode()
    assert policy_faults(page) == []
