"""Verbs on what is assessed: the dossier's content, its scores and its files."""

from evaluations.actions.attach_evidence import attach_evidence
from evaluations.actions.conflicts import declare_conflict, end_conflict
from evaluations.actions.create_campaign import create_campaign
from evaluations.actions.create_project import create_project
from evaluations.actions.experts import change_expert, register_expert, resume_expert, suspend_expert
from evaluations.actions.fill_dossier import DossierChanges, RowChange, fill_dossier, last_filled
from evaluations.actions.frameworks import (
    change_framework,
    draft_framework,
    publish_framework,
    retire_framework,
)
from evaluations.actions.give_scores import give_scores, grade_for, require_total
from evaluations.actions.policies import change_policy, draft_policy, publish_policy, retire_policy
from evaluations.actions.schemes import change_scheme, draft_scheme, publish_scheme, retire_scheme
from evaluations.actions.seal_content import seal_content
from evaluations.actions.start_framework import common_framework, framework_rows
from evaluations.actions.withdraw_evidence import withdraw_evidence

__all__ = [
    "DossierChanges",
    "RowChange",
    "attach_evidence",
    "change_expert",
    "change_framework",
    "change_policy",
    "change_scheme",
    "common_framework",
    "create_campaign",
    "create_project",
    "declare_conflict",
    "draft_framework",
    "draft_policy",
    "draft_scheme",
    "end_conflict",
    "fill_dossier",
    "framework_rows",
    "give_scores",
    "grade_for",
    "last_filled",
    "publish_framework",
    "publish_policy",
    "publish_scheme",
    "register_expert",
    "require_total",
    "resume_expert",
    "retire_framework",
    "retire_policy",
    "retire_scheme",
    "seal_content",
    "suspend_expert",
    "withdraw_evidence",
]
