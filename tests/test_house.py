"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from audit_log.tracking import TrackedModel

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
APPS = ["config", "workflow", "approvals", "evaluations", "notices", "accounts", "audit_log"]
# These write past save(), so history would not see what they change.
UNSEEN_WRITES = {"bulk_create", "bulk_update", "abulk_create", "abulk_update"}
UPDATES = {"update", "aupdate"}
# What makes an expression a queryset, and its .update() one of rows, not of a dict or a hash.
QUERYSET_WORDS = {
    "objects",
    "_default_manager",
    "_base_manager",
    "filter",
    "exclude",
    "all",
    "select_for_update",
}


def tracked_models() -> set[str]:
    """Names of the models under history."""
    return {model.__name__ for model in apps.get_models() if issubclass(model, TrackedModel)}


def other_models() -> set[str]:
    """Names of the models that are not, and that may be written in bulk."""
    return {model.__name__ for model in apps.get_models()} - tracked_models()


def reverse_names() -> set[str]:
    """Names by which an object reaches its tracked rows: ``evaluation.scores``."""
    return {
        field.get_accessor_name() or ""
        for model in apps.get_models()
        for field in model._meta.related_objects
        if issubclass(field.related_model, TrackedModel)
    } - {""}


def words_of(expression: ast.expr) -> list[str]:
    """The words of a chain of attributes and calls, first one first."""
    words = []
    while isinstance(expression, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(expression, ast.Attribute):
            words.append(expression.attr)
            expression = expression.value
        elif isinstance(expression, ast.Call):
            expression = expression.func
        else:
            expression = expression.value
    if isinstance(expression, ast.Name):
        words.append(expression.id)
    return words[::-1]


def unseen_writes(source: str) -> list[str]:
    """Calls in ``source`` that may change tracked rows behind the back of their history."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        *chain, verb = words_of(node.func) or [""]
        of_rows = bool(set(chain) & (QUERYSET_WORDS | reverse_names()))
        is_write = verb in UNSEEN_WRITES or (verb in UPDATES and of_rows)
        if is_write and not (chain and chain[0] in other_models()):
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    return found


def test_no_write_passes_by_the_history_of_a_tracked_model():
    """simple_history's own bulk helpers are plain functions, and stay allowed."""
    faults = {
        str(path.relative_to(PROJECT_FOLDER)): found
        for app in APPS
        for path in (PROJECT_FOLDER / app).rglob("*.py")
        if "migrations" not in path.parts and (found := unseen_writes(path.read_text()))
    }
    assert faults == {}


@pytest.mark.parametrize(
    "write",
    [
        "{tracked}.objects.filter(pk=1).update(name='')",
        "{tracked}.objects.bulk_create(rows)",
        "rows.select_for_update().update(name='')",
        "manager.bulk_update(rows, ['name'])",
        "thing.{reverse}.update(name='')",
    ],
)
def test_a_write_past_the_history_is_found(write):
    source = write.format(tracked=min(tracked_models()), reverse=min(reverse_names()))
    assert unseen_writes(source) == [f"line 1: {source.split('(name')[0].split('(rows')[0]}"]


@pytest.mark.parametrize(
    "call", ["words.update(other)", "digest.update(b'')", "{other}.objects.filter().update(a=1)"]
)
def test_other_updates_are_left_alone(call):
    assert unseen_writes(call.format(other=min(other_models()))) == []


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_no_two_forms_have_one_name():
    names = re.findall(
        r"^class (\w+Form)\(",
        "\n".join(path.read_text() for path in (PROJECT_FOLDER / "workflow" / "forms").glob("*.py")),
        re.MULTILINE,
    )
    assert names
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_pages_put_refusals_at_their_fields_in_one_way():
    """By ``workflow.forms.faults.place``, which knows what to do with a name that the form does not have."""
    views = list((PROJECT_FOLDER / "workflow" / "views").glob("*.py"))
    by_hand = re.compile(r"for .* in error\.fields\.items\(\):")
    assert views
    assert [path.name for path in views if by_hand.search(path.read_text())] == []


NOT_OURS = {"var", "node_modules"}


def project_files() -> list[Path]:
    """The files of the project, without what is installed, generated or hidden."""
    found = []
    for folder, folders, names in os.walk(PROJECT_FOLDER):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith((".", "__"))]
        found += [Path(folder) / name for name in names if not name.endswith(".mo")]
    return found


def test_text_files_end_with_one_line_feed():
    faults = []
    for path in project_files():
        content = path.read_bytes()
        if (
            content
            and b"\0" not in content
            and (content[-1:] != b"\n" or content[-2:] == b"\n\n" or b"\r" in content)
        ):
            faults.append(str(path.relative_to(PROJECT_FOLDER)))
    assert faults == []


# Browsers refuse all of these under the policy that pages are served with.
INLINE = {
    "a script in the page": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE
    ),
    "a style in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son\w+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an address elsewhere": re.compile(r"(?:src|<link[^>]*href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}


def inline_parts(page: str) -> list[str]:
    """What ``page`` contains that its content security policy forbids."""
    return [name for name, pattern in INLINE.items() if pattern.search(page)]


def test_no_page_contains_what_its_security_policy_forbids():
    pages = [path for path in (PROJECT_FOLDER / "templates").rglob("*.html") if "documents" not in path.parts]
    faults = {
        str(path.relative_to(PROJECT_FOLDER)): found
        for path in pages
        if (found := inline_parts(path.read_text()))
    }
    assert pages
    assert faults == {}


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<script>alert(1)</script>", ["a script in the page"]),
        ("<script src='{% static \"js/jiheng.js\" %}' defer></script>", []),
        ("<p style='color: red'>", ["a style attribute"]),
        ("<button type=button onclick='go()'>", ["an event attribute"]),
        ("<link rel=stylesheet href='https://elsewhere.example/a.css'>", ["an address elsewhere"]),
    ],
)
def test_forbidden_parts_of_a_page_are_found(page, found):
    assert inline_parts(page) == found
