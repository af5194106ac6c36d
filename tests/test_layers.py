"""Imports go down only: an app may use those below it, and none above, not even inside a function."""

import ast
from pathlib import Path

import pytest

LAYERS = ["config", "workflow", "approvals", "evaluations", "notices", "accounts", "audit_log"]
PROJECT_FOLDER = Path(__file__).resolve().parent.parent


def imported_apps(source: str) -> set[str]:
    """The first words of all imports in ``source``, wherever they stand."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {
        node.module for node in imports if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("layer", LAYERS)
def test_an_app_imports_only_what_is_below_it(layer):
    above = set(LAYERS[: LAYERS.index(layer)])
    sources = sorted((PROJECT_FOLDER / layer).rglob("*.py"))
    climbing = {
        str(path.relative_to(PROJECT_FOLDER)): found
        for path in sources
        if (found := imported_apps(path.read_text()) & above)
    }
    assert sources
    assert climbing == {}


@pytest.mark.parametrize("folder", ["views", "screens"])
def test_pages_act_through_the_services_which_note_what_is_refused(folder):
    sources = sorted((PROJECT_FOLDER / "workflow" / folder).rglob("*.py"))
    noting = [path.name for path in sources if imported_names(path.read_text()) & {"noted", "refusals_noted"}]
    assert sources
    assert noting == []


def imported_names(source: str) -> set[str]:
    """What is imported by name."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


def test_an_import_inside_a_function_is_seen():
    assert imported_apps("def late():\n    from workflow.services import claim\n") == {"workflow"}
