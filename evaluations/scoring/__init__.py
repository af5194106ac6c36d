"""Scoring: pure functions from a dossier's figures to points, a total and a grade.

Decimals in, decimals out, no database, no settings, no clock. Every computed
figure carries its explanation. The rules stand on 财预〔2020〕10号 and, where a
scheme says so, 财预〔2021〕101号.
"""

from evaluations.scoring.dossier_score import ScoredDossier, score_dossier
from evaluations.scoring.errors import ScoringError
from evaluations.scoring.execution import ScoredExecution, execution_rate, score_execution
from evaluations.scoring.explain import Explanation
from evaluations.scoring.figures import BudgetFigures, IndicatorFigures, dimension_of, level1_of, level2_of
from evaluations.scoring.indicator import ScoredIndicator, refusals_of, score_indicator
from evaluations.scoring.judgement import is_met, tier_of
from evaluations.scoring.panel import (
    PANEL_RULES,
    PanelFigure,
    PanelRow,
    ScoredPanel,
    panel_points,
    score_panel,
)
from evaluations.scoring.parameters import SchemeFaults, SchemeParameters
from evaluations.scoring.rules import parse_rule
from evaluations.scoring.rules.judged import panel_outcome
from evaluations.scoring.shares import equal_shares, level_in, scheme_for
from evaluations.scoring.totals import Subtotal, agrees, grade_of

__all__ = [
    "PANEL_RULES",
    "BudgetFigures",
    "Explanation",
    "IndicatorFigures",
    "PanelFigure",
    "PanelRow",
    "SchemeFaults",
    "SchemeParameters",
    "ScoredDossier",
    "ScoredExecution",
    "ScoredIndicator",
    "ScoredPanel",
    "ScoringError",
    "Subtotal",
    "agrees",
    "dimension_of",
    "equal_shares",
    "execution_rate",
    "grade_of",
    "is_met",
    "level1_of",
    "level2_of",
    "level_in",
    "panel_outcome",
    "panel_points",
    "parse_rule",
    "refusals_of",
    "scheme_for",
    "score_dossier",
    "score_execution",
    "score_indicator",
    "score_panel",
    "tier_of",
]
