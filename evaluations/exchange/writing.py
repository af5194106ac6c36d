"""Files out: a dossier as dossier/1 and as the official form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from evaluations.dossier import Dossier, dossier_to_json

OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Format:
    """One kind of file that a dossier is written as."""

    suffix: str
    media_type: str
    write: Callable[[Dossier], bytes]


def _as_json(dossier: Dossier) -> bytes:
    return (json.dumps(dossier_to_json(dossier), ensure_ascii=False, indent=2) + "\n").encode()


def _by_the_form(name: str) -> Callable[[Dossier], bytes]:
    # What writes workbooks and Word documents takes longer to load than all the rest: only when asked for.
    def write(dossier: Dossier) -> bytes:
        writer: Callable[[Dossier], bytes] = getattr(import_module("evaluations.exchange.form"), name)
        return writer(dossier)

    return write


FORMATS: Mapping[str, Format] = {
    "xlsx": Format(".xlsx", f"{OFFICE}spreadsheetml.sheet", _by_the_form("form_xlsx")),
    "docx": Format(".docx", f"{OFFICE}wordprocessingml.document", _by_the_form("form_docx")),
    "json": Format(".json", "application/json", _as_json),
}
