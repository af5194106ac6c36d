"""Verbs on evaluations and rectification items: one function, one transaction each."""

from approvals.actions.accept import accept
from approvals.actions.answer import answer
from approvals.actions.approve import approve
from approvals.actions.change_use import change_use
from approvals.actions.conclude import conclude
from approvals.actions.draft import draft
from approvals.actions.draw_experts import draw_experts
from approvals.actions.drop_item import drop_item
from approvals.actions.open_evaluation import open_evaluation
from approvals.actions.plan import plan
from approvals.actions.question import withdraw_question
from approvals.actions.raise_item import raise_item
from approvals.actions.recheck import recheck
from approvals.actions.recuse import recuse
from approvals.actions.reopen import reopen
from approvals.actions.replace_expert import replace_expert
from approvals.actions.report import report
from approvals.actions.request_document import request_document
from approvals.actions.return_ import return_
from approvals.actions.sample import sample
from approvals.actions.score import score
from approvals.actions.seat_expert import seat_expert
from approvals.actions.send_back import send_back
from approvals.actions.submit import submit
from approvals.actions.supply import supply
from approvals.actions.turn_finding import ask, dismiss
from approvals.actions.verify import verify

__all__ = [
    "accept",
    "answer",
    "approve",
    "ask",
    "change_use",
    "conclude",
    "dismiss",
    "draft",
    "draw_experts",
    "drop_item",
    "open_evaluation",
    "plan",
    "raise_item",
    "recheck",
    "recuse",
    "reopen",
    "replace_expert",
    "report",
    "request_document",
    "return_",
    "sample",
    "score",
    "seat_expert",
    "send_back",
    "submit",
    "supply",
    "verify",
    "withdraw_question",
]
