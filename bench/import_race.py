"""One import from the archive to the filled dossiers, and the least that keeping the files could cost."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.checking import CASES
from tests.cast import make_world
from tests.workflow.importing import campaign_of
from workflow.importing import jobs, verbs


def measure(dossiers: int) -> tuple[dict[str, float], int, int]:
    """Seconds for each stage, how many dossiers were filled in, and how many statements that took."""
    world = make_world()
    campaign = campaign_of(world, fiscal_year=2025)
    names = [f"测算项目{number:04}" for number in range(dossiers)]
    contents = [document_for(world.unit.name, name, place) for place, name in enumerate(names)]
    handed_in = verbs.hand_in_file(
        actor=world.sun, file=archive(contents), name="dossiers.zip", campaign=campaign
    )
    seconds = {"preview": seconds_of(lambda: jobs.read_import(import_id=handed_in.pk))}
    places = list(handed_in.dossiers.values_list("place", flat=True))
    verbs.confirm_import(handed_in=handed_in, actor=world.sun, places=places)
    seconds["filling in"] = seconds_of(lambda: jobs.fill_import(import_id=handed_in.pk))
    done = handed_in.dossiers.filter(state="done").count()
    seconds["bare rows"] = seconds_of(lambda: keep_in_rows(contents))
    again = verbs.hand_in_file(
        actor=world.sun,
        file=archive([document_for(world.unit.name, "再来一项", 1)]),
        name="one.zip",
        campaign=campaign,
    )
    jobs.read_import(import_id=again.pk)
    verbs.confirm_import(handed_in=again, actor=world.sun, places=[0])
    with CaptureQueriesContext(connection) as queries:
        jobs.fill_import(import_id=again.pk)
    return seconds, done, len(queries)


def document_for(unit: str, name: str, place: int) -> bytes:
    """A dossier of the demonstration for another project."""
    names = ("kashgar-2019", "shaoxing-2019", "guangzhou-2023")
    document: dict[str, Any] = json.loads((CASES / f"{names[place % 3]}.json").read_bytes())
    document["project"] = {"unit": unit, "name": name, "fiscal_year": 2025}
    return json.dumps(document, ensure_ascii=False).encode()


def archive(contents: list[bytes]) -> io.BytesIO:
    """A .zip of them."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for place, content in enumerate(contents):
            packed.writestr(f"{place:04}.json", content)
    file.seek(0)
    return file


def keep_in_rows(contents: list[bytes]) -> None:
    """The least: each file read as JSON and kept in one row, committed by itself."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (pk serial PRIMARY KEY, document jsonb)")
        for content in contents:
            with transaction.atomic():
                document = json.dumps(json.loads(content), ensure_ascii=False)
                cursor.execute("INSERT INTO bench_bare (document) VALUES (%s)", [document])


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
