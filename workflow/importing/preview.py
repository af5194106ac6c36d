"""What a preview tells of one dossier, as it is kept with the import: words and figures only."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext, ngettext

from approvals.words import enumerated
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
    """What does not fit the place where the dossier would go: there, what the file says is not taken."""
    project, titles = dossier.project, dossier.evaluation
    said = {
        "project.name": project.name,
        "project.unit": project.unit,
        "project.department": project.department,
        "project.region": project.region,
        "evaluation.title": titles.title,
        "evaluation.scheme": titles.scheme,
    }
    other = gettext_noop("The evaluation says “%(expected)s” here.")
    nothing = gettext_noop("The evaluation says nothing here, and a file does not change that.")
    return [
        Remark(place, "doubtful", other if expected else nothing, {"expected": expected}, said[place] or "")
        for place, expected in expected_at(plan).items()
        if said[place] and plain(said[place] or "") != plain(expected)
    ]


def expected_at(plan: Plan) -> dict[str, str]:
    """What is known already of the evaluation that the dossier goes into, or opens."""
    if plan.evaluation is not None:
        return {
            "project.name": plan.evaluation.project.name,
            "project.unit": plan.evaluation.unit.name,
            "project.department": plan.evaluation.department.name,
            "project.region": plan.evaluation.project.region,
            "evaluation.title": plan.evaluation.title,
            "evaluation.scheme": plan.evaluation.scheme.code,
        }
    expected = {"evaluation.scheme": plan.campaign.scheme.code} if plan.campaign else {}
    if plan.project is not None:
        expected["project.region"] = plan.project.region
    unit = plan.project.unit if plan.project else (plan.new_project or {}).get("unit")
    if unit is not None and unit.parent is not None:
        expected["project.department"] = unit.parent.name
    return expected


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
    return enumerated(told) or gettext("no findings")
