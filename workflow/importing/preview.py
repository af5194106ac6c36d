"""What a preview tells of one dossier, as it is kept with the import: words and figures only."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext, ngettext

from evaluations.checks import SEVERITIES, case_of, findings_of
from evaluations.dossier import Dossier
from evaluations.exchange.changes import left_out
from evaluations.exchange.reading import Read
from evaluations.exchange.understanding import Remark, Understanding
from evaluations.models import Scheme
from evaluations.strict_json import gettext_noop
from workflow.importing.plan import Plan, plain

# What a page shows of one dossier; the rest is counted.
MOST_SHOWN = 200


def details_of(read: Read, plan: Plan | None, scheme: Scheme | None) -> dict[str, Any]:
    """Everything that the preview shows of one file."""
    if read.understanding is None or plan is None:
        faults = [{"place": fault.path, "text": fault.text(gettext)} for fault in read.faults]
        return {"faults": faults[:MOST_SHOWN], "more_faults": max(0, len(faults) - MOST_SHOWN)}
    understanding = read.understanding
    dossier = understanding.dossier
    remarks = [remark_entry(remark) for remark in [*remarks_on(dossier, plan), *remarks_of(understanding)]]
    differences = [
        {"label": row.label, "before": row.before[:200], "after": row.after[:200], "kind": row.kind}
        for row in plan.differences
    ]
    return {
        "project": dossier.project.name,
        "unit": dossier.project.unit,
        "year": dossier.project.fiscal_year,
        "new_project": bool(plan.new_project),
        "indicators": len(dossier.indicators),
        "findings": findings_count(dossier, scheme),
        "remarks": remarks[:MOST_SHOWN],
        "more_remarks": max(0, len(remarks) - MOST_SHOWN),
        "differences": differences[:MOST_SHOWN],
        "more_differences": max(0, len(differences) - MOST_SHOWN),
    }


def remarks_of(understanding: Understanding) -> list[Remark]:
    """What the reader has to say, and what the product has no place for."""
    return [*understanding.remarks, *left_out(understanding.dossier)]


def remarks_on(dossier: Dossier, plan: Plan) -> list[Remark]:
    """What does not fit the place where the dossier would go."""
    if plan.evaluation is None:
        return []
    expected = {
        "project.name": (dossier.project.name, plan.evaluation.project.name),
        "project.unit": (dossier.project.unit, plan.evaluation.unit.name),
    }
    words = gettext_noop("The evaluation says “%(expected)s” here.")
    return [
        Remark(place, "doubtful", words, {"expected": name}, found)
        for place, (found, name) in expected.items()
        if plain(found) != plain(name)
    ]


def remark_entry(remark: Remark) -> dict[str, str]:
    return {
        "place": remark.place,
        "weight": remark.weight,
        "text": remark.text(gettext),
        "found": remark.found[:200],
    }


def findings_count(dossier: Dossier, scheme: Scheme | None) -> dict[str, int]:
    """How many findings of each severity the checks give."""
    case = case_of(dossier, scheme.as_parameters() if scheme else None)
    counts = Counter(finding.severity for finding in findings_of(case))
    return {severity: counts[severity] for severity in SEVERITIES}


def findings_text(counts: dict[str, int]) -> str:
    """The findings in a few words."""
    words = {
        "error": ngettext("%(count)s error", "%(count)s errors", counts["error"]),
        "warning": ngettext("%(count)s warning", "%(count)s warnings", counts["warning"]),
        "note": ngettext("%(count)s note", "%(count)s notes", counts["note"]),
    }
    told = [words[severity] % {"count": counts[severity]} for severity in SEVERITIES if counts[severity]]
    return ", ".join(told) or gettext("no findings")
