from approvals.models.decisions import Decision, Verb
from approvals.models.documents import GeneratedDocument
from approvals.models.rectification import ItemEvidence, ItemStage, RaisedBy, RectificationItem

__all__ = [
    "Decision",
    "GeneratedDocument",
    "ItemEvidence",
    "ItemStage",
    "RaisedBy",
    "RectificationItem",
    "Verb",
]
