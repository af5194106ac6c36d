"""Two review policies side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from evaluations.policies.document import PolicyContent
from evaluations.policies.grammar import GRAMMAR
from workflow.presentation.policies import Section, consequence_rows, rule_rows, step_rows, work_label
from workflow.presentation.policy_terms import terms_of
from workflow.presentation.schemes import side_by_side
from workflow.presentation.words import stage_label


def sections_of(content: PolicyContent) -> list[Section]:
    """Everything that a policy fixes, for a comparison: ``{title, rows: [{key, label, value}]}``."""
    sections = [
        {"title": stage_label(stage), "rows": list(stage_rows(content, stage))}
        for stage in GRAMMAR[content.kind]
    ]
    rules = [{"key": label, "label": label, "value": words} for label, words in rule_rows(content)]
    uses = [
        {
            "key": f"{row['grade']}.{cell['label']}",
            "label": f"{row['grade']} · {cell['label']}",
            "value": cell["words"],
        }
        for row in consequence_rows(content)
        for cell in row["cells"]
    ]
    return [
        *sections,
        {"title": _("Rules"), "rows": rules},
        {"title": _("Use of the result"), "rows": uses},
        {"title": _("Terms of rectification"), "rows": list(terms_rows(content))},
    ]


def terms_rows(content: PolicyContent) -> Iterator[dict[str, Any]]:
    """The terms, and each reminder of each severity."""
    terms = terms_of(content.rectification)
    for label, words in terms["rows"]:
        yield {"key": label, "label": label, "value": words}
    for row in terms["ladder"]:
        for cell in row["cells"]:
            label = f"{row['severity']} · {cell['label']}"
            yield {"key": label, "label": label, "value": cell["words"]}


def stage_rows(content: PolicyContent, stage: str) -> Iterator[dict[str, Any]]:
    """The steps of a stage, each with all that is said of it in one cell."""
    for number, step in enumerate(content.steps_at(stage)):
        lines = [
            _("%(label)s: %(value)s") % {"label": label, "value": words}
            for label, words in step_rows(content.kind, stage, step)
        ]
        label = _("Step %(number)s") % {"number": number + 1}
        yield {"key": number, "label": label, "value": "\n".join([work_label(step.work), *lines])}


def comparison(before: PolicyContent, after: PolicyContent) -> list[Section]:
    """Two policies of one kind side by side."""
    return [
        {"title": old["title"], "rows": side_by_side(old["rows"], new["rows"], _("none"))}
        for old, new in zip(sections_of(before), sections_of(after), strict=True)
        if old["rows"] or new["rows"]
    ]
