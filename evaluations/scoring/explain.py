"""Why a figure is what it is: arithmetic that needs no language, and words that do.

Every message stands in one table, in English, marked for translation; whoever
shows an explanation passes ``gettext`` to ``Explanation.text``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evaluations.strict_json import gettext_noop

WORDS: Mapping[str, str] = {
    # One indicator
    "weight-missing": gettext_noop("No weight is published: no points can be computed."),
    "actual-missing": gettext_noop("No actual figure is given: no points can be computed."),
    "target-missing": gettext_noop("No target figure is given: no points can be computed."),
    "met": gettext_noop("The target is met: full weight."),
    "unmet-nothing": gettext_noop("The target is not met: no points."),
    "proportion-more": gettext_noop("The target is not met: weight × actual ÷ target."),
    "proportion-less": gettext_noop("The target is not met and less is better: weight × target ÷ actual."),
    "zero-target-missed": gettext_noop("The target is zero and the actual is %(actual)s: no points."),
    "no-proportion": gettext_noop(
        "No proportion can be taken of the negative target %(target)s: it must be judged."
    ),
    "linear-nothing": gettext_noop("%(figure)s is below %(zero_below)s: no points."),
    "linear-full": gettext_noop("%(figure)s reaches %(full_at)s: full weight."),
    "linear-between": gettext_noop(
        "%(figure)s lies between %(zero_below)s and %(full_at)s: weight × the part of the way that was gone."
    ),
    "band": gettext_noop("%(figure)s falls in the band that begins at %(bound)s."),
    "band-up-to": gettext_noop("%(figure)s falls in the band up to %(bound)s."),
    "band-none": gettext_noop("%(figure)s falls in no band: no points."),
    "deduction": gettext_noop("%(excess)s beyond the target at %(per_unit)s points per unit is deducted."),
    "checklist": gettext_noop("Shares of the points that are satisfied: %(satisfied)s of %(all)s."),
    "checklist-open": gettext_noop("%(open)s of %(all)s points are not judged yet."),
    "words-missing": gettext_noop(
        "No actual is given, so a person must judge."
        " Met gives %(met)s points, partly met %(partly)s, not met %(poor)s."
    ),
    "tier-met": gettext_noop("By its words it is met (%(least)s to %(most)s points): full weight."),
    "tier-partly": gettext_noop(
        "By its words it is partly met: %(least)s to %(most)s points, to be judged by a person."
    ),
    "tier-poor": gettext_noop(
        "By its words it is not met: %(least)s to %(most)s points, to be judged by a person."
    ),
    "tier-unknown": gettext_noop(
        "The words do not say whether it is met."
        " Met gives %(met)s points, partly met %(partly)s, not met %(poor)s."
    ),
    "panel": gettext_noop("The mean of %(experts)s experts."),
    "panel-trimmed": gettext_noop(
        "The mean of %(experts)s experts without the highest (%(highest)s) and the lowest (%(lowest)s)."
    ),
    "panel-empty": gettext_noop("No expert has scored yet."),
    "panel-spread": gettext_noop("From %(lowest)s to %(highest)s, standard deviation %(deviation)s."),
    "panel-far": gettext_noop("%(points)s is more than %(limit)s points away from the median %(median)s."),
    "panel-beyond": gettext_noop(
        "%(points)s lies outside of %(low)s to %(high)s, where the others' quartiles let one expect it."
    ),
    "over-achieved-points": gettext_noop(
        "Actual ÷ target is %(ratio)s, %(threshold)s or more: %(amount)s points are deducted."
    ),
    "over-achieved-share": gettext_noop(
        "Actual ÷ target is %(ratio)s, %(threshold)s or more: %(amount)s of the weight is deducted."
    ),
    # Execution of the budget
    "execution-proportion": gettext_noop("Execution rate %(rate)s: weight × rate, at most the full weight."),
    "execution-not-apart": gettext_noop("The form does not score execution in a row of its own."),
    "execution-by-indicator": gettext_noop(
        "An indicator scores execution: the form's row is not scored again."
    ),
    "execution-no-rate": gettext_noop(
        "Paid amount or budget is missing, or the budget is zero: there is no rate."
    ),
    "execution-completed": gettext_noop("Completed within the budget: full weight, whatever the rate."),
    "execution-unasked": gettext_noop(
        "Whether the project was completed within the budget has not been answered."
    ),
    "execution-band": gettext_noop("Not completed, execution rate %(rate)s: %(share)s of the weight."),
    "execution-no-band": gettext_noop("Not completed, yet execution rate %(rate)s: the scheme does not say."),
    # The whole dossier
    "sum": gettext_noop("The sum of the rounded scores."),
    "sum-open": gettext_noop(
        "Scores still open: %(open)s. The total will lie between %(least)s and %(most)s."
    ),
    "capped": gettext_noop("Execution rate %(rate)s: the scheme allows a total of at most %(most)s."),
    "nothing-to-score": gettext_noop("There are no indicators to score."),
    # Notes
    "equal-shares": gettext_noop(
        "Weights are not published: equal shares of the scheme's level weights are used."
    ),
    "weights-partly-missing": gettext_noop("%(missing)s of %(all)s indicators have no weight."),
    "weights-total": gettext_noop("The weights add up to %(found)s, not to 100."),
    "satisfaction-to-effects": gettext_noop(
        "There is no satisfaction indicator: its %(weight)s points go to effects."
    ),
    "level-absent": gettext_noop("There is no indicator for %(level)s: its %(weight)s points are left out."),
    "level-not-in-scheme": gettext_noop("The scheme has no weight for %(level)s, the level of %(subject)s."),
    "execution-twice": gettext_noop(
        "Execution is scored by “%(subject)s”; the form's row of %(weight)s points is not."
    ),
}


@dataclass(frozen=True)
class Explanation:
    """Why a figure is what it is.

    ``arithmetic`` holds figures and signs only ("10 × 26 ÷ 28 = 9.29"); ``words``
    is a message id with named placeholders, which ``values`` fills with texts.
    """

    code: str
    words: str
    values: Mapping[str, str] = field(default_factory=dict)
    arithmetic: str = ""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Words, then arithmetic, in the language that ``translate`` gives."""
        return " ".join(part for part in (translate(self.words) % self.values, self.arithmetic) if part)


def explain(code: str, arithmetic: str = "", **values: str) -> Explanation:
    """The explanation with this code; its words come from the table."""
    return Explanation(code, WORDS[code], values, arithmetic)
