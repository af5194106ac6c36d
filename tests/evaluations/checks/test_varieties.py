"""Precision: a correct dossier of any kind gives no finding at all."""

from __future__ import annotations

import pytest

from evaluations.checks import case_of, findings_of
from tests.evaluations.checks.varieties import VARIETIES

# 财预〔2021〕101号 leaves these three to the unit: their absence is noted, no more.
OPTIONAL = {"completed within the budget": [("dimension-missing", "note")] * 3}


@pytest.mark.parametrize("variety", list(VARIETIES))
def test_a_correct_dossier_gives_no_finding(variety):
    found = findings_of(case_of(VARIETIES[variety]()))
    told = [f"{finding.code}: {finding.message()}" for finding in found]
    assert [(finding.code, finding.severity) for finding in found] == OPTIONAL.get(variety, []), told
