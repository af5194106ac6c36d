"""The dossiers of an import as a page shows them."""

from __future__ import annotations

from typing import Any

from workflow.importing.access import dossiers_for
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


def import_state(handed_in: DossierImport, user: Any) -> dict[str, Any]:
    """How far the queue is, and the rows once it is through: one statement.

    A page that asks again every second reads no row's details, which it does not show.
    """
    if handed_in.under_way:
        return {"rows": [], **progress(handed_in)}
    rows = dossier_rows(handed_in, user)
    return {
        "rows": rows,
        "is_one": len(rows) == 1,
        "is_partly_done": any(row["dossier"].state == State.DONE for row in rows),
        "may_choose": handed_in.status == DossierImport.Status.READY
        and any(row["dossier"].may_be_chosen for row in rows),
    }


def progress(handed_in: DossierImport) -> dict[str, int]:
    """How many files are done, of how many."""
    states = list(handed_in.dossiers.values_list("state", flat=True))
    if handed_in.status == DossierImport.Status.READING:
        return {"done": len(states), "of": handed_in.total}
    chosen = [state for state in states if state != State.PREVIEWED]
    return {"done": len(chosen) - chosen.count(State.CHOSEN), "of": len(chosen)}


def dossier_rows(handed_in: DossierImport, user: Any) -> list[dict[str, Any]]:
    """The files that the reader may see, with what to say about each."""
    dossiers = dossiers_for(user, handed_in).select_related("evaluation__project")
    return [dossier_row(dossier) for dossier in dossiers]


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
