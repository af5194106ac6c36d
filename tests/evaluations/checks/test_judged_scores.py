"""Scores: stated points beside what the rule gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks import ERROR, NOTE, WARNING
from evaluations.dossier import Dossier
from tests.evaluations.checks.dossiers import (
    codes,
    correct_dossier,
    found,
    in_words,
    indicator,
    measured,
    stated,
    told,
)

OURS = {"unmet-full-score", "met-score-deducted", "score-off-rule"}


def scored(score: str | None, figures: dict[str, Any] | None = None, **details: Any) -> Dossier:
    """The correct dossier with one quantity indicator of 10 points changed: target 12, reached 12."""
    changes = {**(figures or measured(">=", "12", "12", "个")), "stated": stated(score), **details}
    return correct_dossier(indicators={0: changes})


def says(dossier: Dossier) -> set[str]:
    return codes(dossier) & OURS


UNMET = measured(">=", "12", "9", "个")
OVER = measured(">=", "12", "16", "个")
DONE, PARTLY, POOR, UNCLEAR = (
    in_words("完成平台建设", text) for text in ("已完成", "部分完成", "未完成", "按程序推进")
)


class TestUnmetFullScore:
    def test_full_points_for_an_unmet_target_are_an_error(self) -> None:
        (finding,) = found("unmet-full-score", scored("10", UNMET))
        assert finding.severity == ERROR
        assert (finding.subject.indicator, finding.subject.field) == (0, "score")
        assert (finding.stated, finding.expected) == ("10", "7.5")
        assert "target ≥12个, actual 9个" in finding.message()
        assert says(scored("10", UNMET)) == {"unmet-full-score"}

    def test_nearly_full_is_full(self) -> None:
        assert found("unmet-full-score", scored("9.95", UNMET))
        assert not found("unmet-full-score", scored("9.94", UNMET))

    def test_a_rule_that_gives_nearly_all_is_no_fault(self) -> None:
        assert not says(scored("10", measured(">=", "1000", "995", "个")))
        assert found("unmet-full-score", scored("10", measured(">=", "1000", "994", "个")))

    def test_where_less_is_better_the_rule_turns_round(self) -> None:
        assert told("unmet-full-score", scored("10", measured("<=", "20", "25", "天", "lower"))) == [
            ("系统模块开发数量", "10", "8")
        ]
        assert not says(scored("10", measured("<=", "20", "15", "天", "lower")))

    def test_an_indicators_own_rule_goes_first(self) -> None:
        lenient = {"type": "linear", "zero_below": "0", "full_at": "9"}
        assert not says(scored("10", UNMET, rule=lenient))
        strict = {"type": "all_or_nothing"}
        assert told("unmet-full-score", scored("10", UNMET, rule=strict))[0][2] == "0"

    def test_words_of_a_lower_tier_do_not_earn_all(self) -> None:
        assert told("unmet-full-score", scored("10", PARTLY)) == [("系统模块开发数量", "10", "6–8")]
        assert told("unmet-full-score", scored("10", POOR)) == [("系统模块开发数量", "10", "0–6")]
        assert not says(scored("10", UNCLEAR))
        assert not says(scored("10", DONE))

    def test_without_a_score_or_a_weight_there_is_nothing_to_compare(self) -> None:
        assert not says(scored(None, UNMET))
        assert not says(scored("10", UNMET, weight=None))
        bare = [indicator("产出", "数量", "件数", None, **UNMET, stated=stated("90"))]
        assert not says(correct_dossier(indicators=bare))

    def test_without_an_actual_the_rule_gives_nothing_definite(self) -> None:
        unknown = {**UNMET, "actual": {"value": None, "text": "9个左右"}}
        assert not says(scored("10", unknown))


class TestMetScoreDeducted:
    def test_points_taken_off_a_met_target_without_a_reason_are_a_note(self) -> None:
        (finding,) = found("met-score-deducted", scored("8"))
        assert finding.severity == NOTE
        assert (finding.stated, finding.expected) == ("8", "10")
        assert says(scored("8")) == {"met-score-deducted"}

    @pytest.mark.parametrize(("score", "fires"), [("9.95", False), ("9.94", True)])
    def test_five_hundredths_are_rounding(self, score: str, fires: bool) -> None:
        assert bool(found("met-score-deducted", scored(score))) is fires

    def test_a_reason_allows_it(self) -> None:
        assert not says(scored("8", deviation_reason="资料归档不及时，酌情扣分。"))
        assert says(scored("8", deviation_reason="无")) == {"met-score-deducted"}

    def test_over_achievement_allows_it(self) -> None:
        assert not says(scored("8", OVER))
        assert says(scored("8", measured(">=", "12", "15", "个"))) == {"met-score-deducted"}
        assert not says(scored("8", measured(">=", "10", "13", "个")))

    def test_a_rule_that_gives_less_explains_it(self) -> None:
        rule = {"type": "linear", "zero_below": "0", "full_at": "15"}
        assert not says(scored("8", rule=rule))
        assert says(scored("7", rule=rule)) == {"score-off-rule"}

    def test_words_that_say_met_earn_80_percent_at_least(self) -> None:
        assert not says(scored("8", DONE))
        assert not says(scored("7.95", DONE))
        assert says(scored("7.9", DONE)) == {"met-score-deducted"}
        assert told("met-score-deducted", scored("7", DONE)) == [("系统模块开发数量", "7", "8–10")]
        assert not says(scored("7", DONE, deviation_reason="佐证材料不全。"))

    def test_words_that_say_nothing_allow_any_score(self) -> None:
        assert not says(scored("3", UNCLEAR))


class TestScoreOffRule:
    def test_a_score_other_than_the_rules_is_a_warning(self) -> None:
        (finding,) = found("score-off-rule", scored("7", UNMET))
        assert finding.severity == WARNING
        assert (finding.stated, finding.expected) == ("7", "7.5")
        assert says(scored("7", UNMET)) == {"score-off-rule"}
        assert says(scored("8", UNMET)) == {"score-off-rule"}

    @pytest.mark.parametrize(
        ("score", "fires"), [("7.5", False), ("7.45", False), ("7.55", False), ("7.44", True), ("7.56", True)]
    )
    def test_five_hundredths_are_rounding(self, score: str, fires: bool) -> None:
        assert bool(found("score-off-rule", scored(score, UNMET))) is fires

    def test_words_allow_their_whole_tier(self) -> None:
        for score in ("6", "7", "8"):
            assert not says(scored(score, PARTLY))
        assert told("score-off-rule", scored("5", PARTLY)) == [("系统模块开发数量", "5", "6–8")]
        assert told("score-off-rule", scored("9", PARTLY)) == [("系统模块开发数量", "9", "6–8")]
        for score in ("0", "6"):
            assert not says(scored(score, POOR))

    def test_a_reason_does_not_explain_points_off_the_rule_of_an_unmet_target(self) -> None:
        assert says(scored("5", UNMET, deviation_reason="设备到货延迟。")) == {"score-off-rule"}

    def test_more_than_the_weight_is_off_the_rule_too(self) -> None:
        assert says(scored("12")) == {"score-off-rule"}

    def test_the_share_of_a_2021_scheme_for_quantities_is_used_where_it_is_named(self) -> None:
        def by_scheme(score: str) -> set[str]:
            change = {0: {**UNMET, "stated": stated(score)}}
            return says(correct_dossier(indicators=change, evaluation={"scheme": "core-2021"}))

        # 75 % done: 10 × (75 − 60) ÷ 40 = 3.75
        assert by_scheme("3.75") == set()
        assert by_scheme("7.5") == {"score-off-rule"}

    def test_basically_reached_is_the_first_tier_of_the_2021_scheme(self) -> None:
        def by_scheme(score: str, scheme: str) -> set[str]:
            change = {0: {**in_words("完成平台建设", "基本完成"), "stated": stated(score)}}
            return says(correct_dossier(indicators=change, evaluation={"scheme": scheme}))

        assert by_scheme("10", "core-2021") == set()
        assert by_scheme("8", "core-2021") == set()
        assert by_scheme("7", "core-2021") == {"score-off-rule"}
        assert by_scheme("10", "ministry-2020") == {"unmet-full-score"}
        assert by_scheme("7", "ministry-2020") == set()

    @given(st.integers(1, 200), st.integers(0, 200), st.integers(0, 1000))
    def test_at_most_one_of_the_three_fires(self, target: int, actual: int, points: int) -> None:
        dossier = scored(str(Decimal(points) / 100), measured(">=", str(target), str(actual), "个"))
        assert len([code for code in codes(dossier) if code in OURS]) <= 1


class TestExecutionAsAnIndicator:
    def rate(self, score: str, actual: str, scheme: str | None = None, **budget: Any) -> set[str]:
        row = indicator("过程", "资金管理", "预算执行率", "20", **measured(None, "100", actual, "%"))
        row["stated"] = stated(score)
        dossier = correct_dossier(
            indicators=[row],
            budget={"weight": None, "stated_score": None, "rows": [], **budget},
            evaluation={"scheme": scheme},
        )
        return says(dossier)

    def test_it_is_scored_by_its_own_figures(self) -> None:
        assert self.rate("19.6", "98") == set()
        assert self.rate("20", "98") == {"unmet-full-score"}
        assert self.rate("18", "98") == {"score-off-rule"}

    def test_the_exact_rate_may_score_where_the_printed_one_is_rounded(self) -> None:
        assert self.rate("19.33", "97", paid="115.98") == set()
        assert self.rate("19.4", "97", paid="115.98") == set()
        assert self.rate("19.2", "97", paid="115.98") == {"score-off-rule"}

    def test_the_2021_scheme_scores_it_by_completion_not_by_rate(self) -> None:
        assert self.rate("20", "98", "core-2021", completed_within_budget=True) == set()
        assert self.rate("20", "98", "core-2021", completed_within_budget=False) == {"unmet-full-score"}
        assert self.rate("14", "98", "core-2021", completed_within_budget=False) == set()
        assert self.rate("17", "98", "core-2021") == set()
