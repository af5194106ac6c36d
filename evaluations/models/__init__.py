from evaluations.models.appointments import Appointment, Part
from evaluations.models.calendar import CalendarDay, CalendarNotice
from evaluations.models.choices import Comparator, Direction, Grade, IndicatorKind, Kind, ScoreSource, Stage
from evaluations.models.evaluations import (
    CONCLUDED_STAGES,
    PANEL_STAGES,
    Evaluation,
    EvaluationGroupPermission,
    EvaluationUserPermission,
)
from evaluations.models.experts import Draw, ExpertConflict, ExpertProfile, Seat
from evaluations.models.frameworks import Framework
from evaluations.models.indicators import Evidence, Indicator, Score
from evaluations.models.library import LibraryIndicator
from evaluations.models.money import Budget, FundingRow, PaymentLine, StatedTotal
from evaluations.models.policies import ReviewPolicy
from evaluations.models.projects import Campaign, Project
from evaluations.models.report import Problem, ReportSection, Suggestion
from evaluations.models.schemes import Scheme
from evaluations.models.versions import VersionStatus

__all__ = [
    "CONCLUDED_STAGES",
    "PANEL_STAGES",
    "Appointment",
    "Budget",
    "CalendarDay",
    "CalendarNotice",
    "Campaign",
    "Comparator",
    "Direction",
    "Draw",
    "Evaluation",
    "EvaluationGroupPermission",
    "EvaluationUserPermission",
    "Evidence",
    "ExpertConflict",
    "ExpertProfile",
    "Framework",
    "FundingRow",
    "Grade",
    "Indicator",
    "IndicatorKind",
    "Kind",
    "LibraryIndicator",
    "Part",
    "PaymentLine",
    "Problem",
    "Project",
    "ReportSection",
    "ReviewPolicy",
    "Scheme",
    "Score",
    "ScoreSource",
    "Seat",
    "Stage",
    "StatedTotal",
    "Suggestion",
    "VersionStatus",
]
