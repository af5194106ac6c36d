from approvals.models.ballots import Ballot
from approvals.models.decisions import Decision, Verb
from approvals.models.documents import GeneratedDocument
from approvals.models.exchange import Consideration, DraftPoint, PointKind, Stance, View
from approvals.models.findings import FindingTurn, RecordedFinding, TurnKind
from approvals.models.ladder import LadderRung
from approvals.models.rechecks import RecheckCandidate, RecheckDraw, RecheckResult
from approvals.models.rectification import (
    ENDED,
    NOT_RUNNING,
    AssistingUnit,
    ItemEvidence,
    ItemKind,
    ItemStage,
    RaisedBy,
    RectificationItem,
    Severity,
)
from approvals.models.rectification_course import (
    Extension,
    ExtensionAnswer,
    Measure,
    ProgressEntry,
    Settlement,
)
from approvals.models.rectification_notices import NoticeKind, Receipt, RectificationNotice
from approvals.models.returns import PointerKind, ReturnPointer
from approvals.models.talk import Audience, Comment, CommentFile, CommentMention, Consultation
from approvals.models.uses import RectificationState, ResultUse, UseOfResult

__all__ = [
    "ENDED",
    "NOT_RUNNING",
    "AssistingUnit",
    "Audience",
    "Ballot",
    "Comment",
    "CommentFile",
    "CommentMention",
    "Consideration",
    "Consultation",
    "Decision",
    "DraftPoint",
    "Extension",
    "ExtensionAnswer",
    "FindingTurn",
    "GeneratedDocument",
    "ItemEvidence",
    "ItemKind",
    "ItemStage",
    "LadderRung",
    "Measure",
    "NoticeKind",
    "PointKind",
    "PointerKind",
    "ProgressEntry",
    "RaisedBy",
    "Receipt",
    "RecheckCandidate",
    "RecheckDraw",
    "RecheckResult",
    "RecordedFinding",
    "RectificationItem",
    "RectificationNotice",
    "RectificationState",
    "ResultUse",
    "ReturnPointer",
    "Settlement",
    "Severity",
    "Stance",
    "TurnKind",
    "UseOfResult",
    "Verb",
    "View",
]
