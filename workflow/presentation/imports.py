"""The dossiers of an import as a page shows them."""

from __future__ import annotations

from typing import Any

from workflow.importing.models import DossierImport, ImportedDossier
from workflow.importing.preview import findings_text

Outcome = ImportedDossier.Outcome
State = ImportedDossier.State
TONES = {
    Outcome.CREATE: "green",
    Outcome.FILL: "green",
    Outcome.OVERWRITE: "amber",
    Outcome.UNCHANGED: "grey",
    Outcome.REFUSED: "red",
}
TONES_OF_STATE = {State.DONE: "green", State.REFUSED: "red", State.CHOSEN: "blue"}


def dossier_rows(handed_in: DossierImport, place: int | None = None) -> dict[str, Any]:
    """The rows with what to say about each, and how far the queue is: one statement."""
    dossiers = handed_in.dossiers.select_related("evaluation__project")
    rows = [dossier_row(dossier) for dossier in (dossiers if place is None else dossiers.filter(place=place))]
    chosen = [row for row in rows if row["dossier"].state != State.PREVIEWED]
    settled = [row for row in chosen if row["dossier"].state != State.CHOSEN]
    reading = handed_in.status == DossierImport.Status.READING
    return {
        "rows": rows,
        "done": len(rows) if reading else len(settled),
        "of": handed_in.total if reading else len(chosen),
        "is_one": len(rows) == 1,
        "may_choose": handed_in.status == DossierImport.Status.READY
        and any(row["dossier"].may_be_chosen for row in rows),
    }


def dossier_row(dossier: ImportedDossier) -> dict[str, Any]:
    """One file: its tag, what was understood, what to look at, what would change."""
    details = dossier.details
    remarks = details.get("remarks", [])
    told = dossier.state != State.PREVIEWED
    return {
        "dossier": dossier,
        "details": details,
        "tag": dossier.get_state_display() if told else dossier.get_outcome_display(),
        "tone": TONES_OF_STATE[State(dossier.state)] if told else TONES[Outcome(dossier.outcome)],
        "findings": findings_text(details["findings"]) if "findings" in details else "",
        "to_look_at": [remark for remark in remarks if remark["weight"] != "understood"],
        "understood": [remark for remark in remarks if remark["weight"] == "understood"],
        "message_lines": dossier.message.splitlines(),
        "chosen_at_first": dossier.outcome in (Outcome.CREATE, Outcome.FILL),
    }
