"""The votes of the step that an evaluation waits at, as on an approval sheet (会签单)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.actions.moving import needed
from approvals.actions.voices import in_turn
from approvals.models import Ballot
from approvals.procedure import Step, step_at, step_of
from evaluations.models import Evaluation
from workflow.presentation.words import role_asked, step_label


def votes_shown(evaluation: Evaluation) -> dict[str, Any] | None:
    """Who is asked, who has voted and how, and how many have to agree; None where one person decides.

    Whoever may read the step reads the votes: only experts' scores are kept closed.
    """
    step = step_at(evaluation)
    if step is None or step.policy is None or step.policy.who == "any":
        return None
    ballots = list(
        evaluation.ballots.filter(
            stage=evaluation.stage, step=evaluation.step, round=evaluation.round
        ).select_related("person", "organization", "decision__actor", "decision__on_behalf_of")
    )
    turn = {ballot.pk for ballot in in_turn(step, ballots)}
    return {
        "rule": rule_words(step, sum(ballot.excused_at is None for ballot in ballots)),
        "consequence": veto_words(step),
        "tally": tally_words(ballots),
        "lines": [line(evaluation, ballot, ballot.pk in turn) for ballot in ballots],
    }


def rule_words(step: Step, asked: int) -> str:
    """How many have to agree, of so many that are asked."""
    assert step.policy is not None
    values = {"needed": needed(step, asked), "asked": asked}
    if step.policy.who == "n_of_m":
        return (
            ngettext(
                "%(needed)s of the %(asked)s who are asked has to agree.",
                "%(needed)s of the %(asked)s who are asked have to agree.",
                values["needed"],
            )
            % values
        )
    if asked == 1:
        return _("One is asked, and has to agree.")
    if step.policy.who == "sequence":
        return _("%(asked)s are asked one after the other, and all have to agree.") % values
    return _("%(asked)s are asked, and all have to agree.") % values


def veto_words(step: Step) -> str:
    """What a vote against leads to."""
    assert step.policy is not None
    if step.policy.veto:
        return _("One vote against returns it at once.")
    return _("A vote against returns it only when everybody was heard and too few agreed.")


def tally_words(ballots: Sequence[Ballot]) -> str:
    """How the votes stand."""
    given = [ballot for ballot in ballots if ballot.decision_id is not None]
    against = sum(bool(ballot.wish) for ballot in given)
    waiting = sum(ballot.is_open for ballot in ballots)
    return _("%(agreed)s for, %(against)s against, %(waiting)s still to vote") % {
        "agreed": len(given) - against,
        "against": against,
        "waiting": waiting,
    }


def line(evaluation: Evaluation, ballot: Ballot, has_turn: bool) -> dict[str, Any]:
    """One voice: whose, how it voted, and what was said."""
    label, tone = state_of(ballot, has_turn)
    decision = ballot.decision
    return {
        "who": str(decision.by) if decision else asked_words(ballot),
        "label": label,
        "tone": tone,
        "opinion": decision.opinion if decision else ballot.excuse,
        "wish": wish_words(evaluation, ballot),
        "at": timezone.localtime(decision.decided_at) if decision else None,
    }


def state_of(ballot: Ballot, has_turn: bool) -> tuple[str, str]:
    """How the ballot stands, in words, with its tone."""
    if ballot.excused_at is not None:
        return _("gone without"), ""
    if ballot.decision_id is not None:
        return (_("voted against"), "red") if ballot.wish else (_("voted for"), "green")
    return (_("asked now"), "blue") if has_turn else (_("asked later"), "")


def asked_words(ballot: Ballot) -> str:
    """Whom a ballot asks: a person, or a role that waits for its holder."""
    if ballot.person is not None:
        return str(ballot.person)
    role = role_asked(ballot.right, ballot.organization)
    return _("vacant: %(role)s") % {"role": role} if role else _("vacant")


def wish_words(evaluation: Evaluation, ballot: Ballot) -> str:
    """Where a vote against wants the dossier to go; empty for any other."""
    if not ballot.wish or ballot.decision_id is None:
        return ""
    step = step_of(evaluation, ballot.wish["stage"], ballot.wish["step"])
    if step is None:
        return ""
    return _("back to “%(step)s”") % {"step": step_label(evaluation, step)}
