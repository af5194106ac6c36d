"""Verbs on evaluations and rectification items: one function, one transaction each."""

from approvals.actions.accept import accept
from approvals.actions.accept_plan import accept_plan
from approvals.actions.answer import answer
from approvals.actions.answer_consultation import answer_consultation
from approvals.actions.appoint import appoint
from approvals.actions.approve import approve
from approvals.actions.cancel import cancel
from approvals.actions.change_use import change_use
from approvals.actions.comment import comment
from approvals.actions.conclude import conclude
from approvals.actions.consider import consider
from approvals.actions.consult import consult
from approvals.actions.dispute import answer_dispute, dispute
from approvals.actions.draft import draft
from approvals.actions.draw_experts import draw_experts
from approvals.actions.draw_recheck import draw_recheck
from approvals.actions.drop_item import drop_item
from approvals.actions.end_appointment import end_appointment
from approvals.actions.excuse import excuse
from approvals.actions.extension import answer_extension, ask_extension
from approvals.actions.issue_notice import issue_notice, prepare_notice
from approvals.actions.note_progress import note_progress
from approvals.actions.open_evaluation import open_evaluation
from approvals.actions.plan import plan
from approvals.actions.question import withdraw_question
from approvals.actions.raise_item import raise_item
from approvals.actions.receive import receive
from approvals.actions.recheck import recheck
from approvals.actions.recuse import recuse
from approvals.actions.reopen import reopen
from approvals.actions.replace_expert import replace_expert
from approvals.actions.report import report
from approvals.actions.request_document import request_document, request_notice_document
from approvals.actions.return_ import object_, return_
from approvals.actions.sample import sample
from approvals.actions.score import score
from approvals.actions.seat_expert import seat_expert
from approvals.actions.send_back import send_back
from approvals.actions.sign import sign
from approvals.actions.submit import submit
from approvals.actions.supply import supply
from approvals.actions.transfer import transfer
from approvals.actions.turn_finding import ask, dismiss
from approvals.actions.verify import verify
from approvals.actions.withdraw import withdraw
from approvals.actions.withdraw_comment import withdraw_comment
from approvals.actions.withdraw_consultation import withdraw_consultation

__all__ = [
    "accept",
    "accept_plan",
    "answer",
    "answer_consultation",
    "answer_dispute",
    "answer_extension",
    "appoint",
    "approve",
    "ask",
    "ask_extension",
    "cancel",
    "change_use",
    "comment",
    "conclude",
    "consider",
    "consult",
    "dismiss",
    "dispute",
    "draft",
    "draw_experts",
    "draw_recheck",
    "drop_item",
    "end_appointment",
    "excuse",
    "issue_notice",
    "note_progress",
    "object_",
    "open_evaluation",
    "plan",
    "prepare_notice",
    "raise_item",
    "receive",
    "recheck",
    "recuse",
    "reopen",
    "replace_expert",
    "report",
    "request_document",
    "request_notice_document",
    "return_",
    "sample",
    "score",
    "seat_expert",
    "send_back",
    "sign",
    "submit",
    "supply",
    "transfer",
    "verify",
    "withdraw",
    "withdraw_comment",
    "withdraw_consultation",
    "withdraw_question",
]
