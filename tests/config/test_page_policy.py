"""Headers, cookies and the policy of pages. Every page × everybody: ``tests/test_permissions.py``."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from evaluations.models import Evidence, Stage
from tests.cast import PASSWORD
from tests.page_policy import policy_faults, read


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("<script>alert(1)</script>", "<script> in the page"),
        ("<style>p { color: red }</style>", "<style> in the page"),
        ("<p style='color: red'>", "<p style>"),
        ("<button onclick='go()'>", "<button onclick>"),
        ("<a href='javascript:go()'>", "<a> leads to javascript:go()"),
        (
            "<script src='https://elsewhere.example/a.js'></script>",
            "<script> from https://elsewhere.example/a.js",
        ),
    ],
)
def test_what_a_browser_would_refuse_is_found(page, fault):
    assert read(page).faults == [fault]


def test_the_policy_allows_own_files_only():
    policy = Client().get("/login/")["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'self'"
    assert parts["img-src"] == "'self' data:"
    assert parts["frame-ancestors"] == "'none'"
    assert not {"script-src", "style-src"} & parts.keys()
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_answers_that_no_view_gives_keep_to_the_policy_too(world, as_):
    answers = [
        as_(world.lin).get("/no/such/page/"),
        as_(None).get("/evaluations/"),
        as_(None).get("/healthz"),
        as_(world.lin).put("/"),
        Client(enforce_csrf_checks=True).post("/login/", {}),
    ]
    assert [answer.status_code for answer in answers] == [404, 302, 200, 405, 403]
    assert [policy_faults(answer) for answer in answers] == [[], [], [], [], []]


@pytest.mark.django_db
def test_nothing_of_a_signed_in_person_is_stored_on_the_way(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    file = Evidence.objects.filter(evaluation=evaluation).latest("pk")
    lin = as_(world.lin)
    pages = [
        lin.get(reverse("inbox")),
        lin.get(reverse("dossier", args=[evaluation.pk])),
        lin.get(reverse("evidence_file", args=[file.pk])),
        lin.get(reverse("dossier", args=[0])),
    ]
    assert {page["Cache-Control"] for page in pages} == {"no-store"}


@pytest.mark.django_db
def test_the_login_page_is_not_stored_either(client):
    assert "no-store" in client.get("/login/")["Cache-Control"]


@pytest.mark.django_db
def test_cookies_are_for_this_server_and_not_for_scripts(world, client, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/login/", secure=True)
    client.post("/login/", {"username": "lin", "password": PASSWORD}, secure=True)
    cookies = {name: client.cookies[name] for name in ("sessionid", "csrftoken")}
    for name, cookie in cookies.items():
        assert cookie["httponly"], name
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name


@pytest.mark.django_db
def test_signing_out_ends_the_session(world, client):
    client.post("/login/", {"username": "lin", "password": PASSWORD})
    assert client.get("/").status_code == 200
    stolen = client.cookies["sessionid"].value
    client.post("/logout/")
    client.cookies["sessionid"] = stolen
    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_a_stranger_address_is_never_followed_after_signing_in(world, client):
    place = "/login/?next=https://elsewhere.example/"
    answer = client.post(
        place, {"username": "lin", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_the_language_switch_leads_to_own_pages_only(client):
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
