from approvals.models.decisions import Decision, Verb
from approvals.models.documents import GeneratedDocument
from approvals.models.findings import FindingTurn, RecordedFinding, TurnKind
from approvals.models.rectification import ItemEvidence, ItemStage, RaisedBy, RectificationItem

__all__ = [
    "Decision",
    "FindingTurn",
    "GeneratedDocument",
    "ItemEvidence",
    "ItemStage",
    "RaisedBy",
    "RecordedFinding",
    "RectificationItem",
    "TurnKind",
    "Verb",
]
