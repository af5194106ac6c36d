"""Exported as the official form and read again, a dossier is the same, whatever it holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from evaluations.dossier import Dossier, dossier_to_json, parse_dossier, read_dossier
from evaluations.exchange.form import form_xlsx, read_form
from tests.evaluations.exchange.strategies import dossiers

CASES = sorted((Path(__file__).resolve().parents[3] / "workflow" / "demo" / "cases").glob("*-20*.json"))


@given(dossiers)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_every_dossier_comes_back_from_its_workbook(dossier: Dossier) -> None:
    assert parse_dossier(dossier_to_json(dossier)) == dossier

    read = read_form(form_xlsx(dossier)).dossier

    assert read == dossier
    assert json.dumps(dossier_to_json(read)) == json.dumps(dossier_to_json(dossier))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_four_cases_come_back_from_their_workbooks(path: Path) -> None:
    dossier = read_dossier(path.read_bytes())

    assert read_form(form_xlsx(dossier)).dossier == dossier


def test_the_same_dossier_gives_the_same_file() -> None:
    dossier = read_dossier(CASES[0].read_bytes())

    assert form_xlsx(dossier) == form_xlsx(dossier)
