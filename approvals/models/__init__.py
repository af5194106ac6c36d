from approvals.models.ballots import Ballot
from approvals.models.decisions import Decision, Verb
from approvals.models.documents import GeneratedDocument
from approvals.models.exchange import Consideration, DraftPoint, PointKind, Stance, View
from approvals.models.findings import FindingTurn, RecordedFinding, TurnKind
from approvals.models.rechecks import RecheckCandidate, RecheckDraw, RecheckResult
from approvals.models.rectification import ItemEvidence, ItemStage, RaisedBy, RectificationItem
from approvals.models.returns import PointerKind, ReturnPointer
from approvals.models.talk import Audience, Comment, CommentFile, CommentMention, Consultation
from approvals.models.uses import RectificationState, ResultUse, UseOfResult

__all__ = [
    "Audience",
    "Ballot",
    "Comment",
    "CommentFile",
    "CommentMention",
    "Consideration",
    "Consultation",
    "Decision",
    "DraftPoint",
    "FindingTurn",
    "GeneratedDocument",
    "ItemEvidence",
    "ItemStage",
    "PointKind",
    "PointerKind",
    "RaisedBy",
    "RecheckCandidate",
    "RecheckDraw",
    "RecheckResult",
    "RecordedFinding",
    "RectificationItem",
    "RectificationState",
    "ResultUse",
    "ReturnPointer",
    "Stance",
    "TurnKind",
    "UseOfResult",
    "Verb",
    "View",
]
