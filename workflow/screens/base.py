"""What every task screen shares: what it shows around its form, and how a verb goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.models import Decision, PointerKind, ReturnPointer, Verb
from approvals.models.decisions import in_the_name_of
from approvals.procedure import Position
from approvals.returns import SentBack
from audit_log.errors import InvalidInput, JihengError
from evaluations.access import get_for
from evaluations.models import Evaluation
from workflow import services
from workflow.access import asks_by_name, open_tasks_of
from workflow.barred import bar_of
from workflow.blind_scoring import blind_scoring
from workflow.forms.faults import faults_of, typed_in
from workflow.models import FlowTask
from workflow.presentation import opinions
from workflow.presentation.acting import principal_at
from workflow.presentation.barred import barred_words
from workflow.presentation.changes import changes_of_round
from workflow.presentation.figures import rate_of
from workflow.presentation.returned import box_of, standing_return, straight_way
from workflow.presentation.stepper import stepper
from workflow.presentation.talk import beside_task
from workflow.presentation.words import item_stage_label, stage_label
from workflow.working_days import working_days_left

Handler = Callable[[], HttpResponse]


def verb(label: str, value: str) -> dict[str, str]:
    """A button of the action bar."""
    return {"label": label, "name": "verb", "value": value}


class Screen:
    """One step as a page: ``build`` makes its forms, ``handlers`` names its verbs.

    A posted verb may carry a subject behind a colon ("drop:12").
    """

    template_name = ""

    def __init__(self, request: HttpRequest, task: FlowTask) -> None:
        self.request, self.task = request, task
        self.user: Any = request.user
        self.evaluation: Evaluation = self.subject_of_task()
        self.verb, _colon, self.subject = request.POST.get("verb", "").partition(":")
        self.general: list[str] = []
        self.build(request.POST if request.method == "POST" else None)

    def subject_of_task(self) -> Evaluation:
        """The dossier that the step is about, when the reader may see it."""
        return get_for(self.user, self.task.evaluation_id or 0)

    def build(self, data: Any) -> None:
        """Make the forms, bound to ``data``."""

    def handlers(self) -> dict[str, Handler]:
        """What each posted verb does."""
        return {}

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        """Every form of the page, with the words that name its row."""
        return iter(())

    def form_of(self, key: str) -> tuple[Any, str]:
        """The form and the field that a fault's key names."""
        return next(((form, key) for _name, form in self.named_forms() if key in form.fields), (None, key))

    @property
    def typed_before(self) -> dict[str, str]:
        """What was typed here and kept without deciding."""
        return dict(self.task.data.get("typed", {}))

    @staticmethod
    def typed_now(*kept: forms.BaseForm) -> dict[str, str]:
        """The texts of these forms as they were typed."""
        return {field.name: str(field.value() or "") for form in kept for field in form}

    # --- showing -----------------------------------------------------------------

    def show(self, status: int = 200) -> HttpResponse:
        return render(self.request, self.template_name, self.context(), status=status)

    def context(self) -> dict[str, Any]:
        """What the page needs around its forms."""
        return {
            "screen": self,
            "task": self.task,
            "evaluation": self.evaluation,
            "stage_label": stage_label(self.task.stage),
            "days_left": working_days_left(self.task.due),
            "faults": self.faults(),
            "general_faults": self.general,
            "returned": self.returned(),
            "returned_box": box_of(self.sent_back, self.pointer_url),
            "straight_way": "" if self.task.item_id else straight_way(self.evaluation),
            "acting": self.acting(),
            **beside_task(self.user, self.evaluation, self.task),
            **self.surroundings(),
            **self.barred(),
        }

    def surroundings(self) -> dict[str, Any]:
        """The procedure, the history and what changed since the last round."""
        evaluation, decisions = self.evaluation, self.decisions
        open_tasks = list(open_tasks_of(evaluation.pk).select_related("owner", "organization"))
        return {
            "steps": stepper(evaluation, decisions, open_tasks),
            "rounds": opinions.rounds(decisions, open_tasks, blind_scoring(self.user, evaluation)),
            "changed": changes_of_round(evaluation, decisions, self.position),
            "execution_rate": rate_of(evaluation.budget, evaluation.scheme.as_parameters()),
        }

    def returned(self) -> str:
        """Who returned the item and why, when that is what came last: it is read first."""
        own = [decision for decision in self.decisions if decision.item_id == self.task.item_id]
        if not self.task.item_id or not own or own[-1].verb not in (Verb.RETURN, Verb.SEND_BACK, Verb.REOPEN):
            return ""
        words = {"person": own[-1].by, "reason": own[-1].opinion}
        return _("Returned by %(person)s: %(reason)s") % words

    def acting(self) -> str:
        """For whom the reader would decide here, when it is for another."""
        if self.principal is None:
            return ""
        words = {
            "principal": self.principal,
            "words": in_the_name_of(str(self.user), str(self.principal)),
        }
        return _("You act for %(principal)s: it will read “%(words)s”.") % words

    @cached_property
    def principal(self) -> User | None:
        """For whom the reader would decide here, when it is for another."""
        return principal_at(self.user, self.task)

    def barred(self) -> dict[str, Any]:
        """What stands instead of the form for somebody who may not decide here; nothing for others."""
        bar = bar_of(self.user, self.task, self.principal)
        if bar is None:
            return {}
        return {"barred": barred_words(bar, self.user, self.task), "acting": "", "consult_url": ""}

    @property
    def position(self) -> Position | None:
        """The step in the evaluation's procedure; None for an item's."""
        return None if self.task.item_id else (self.task.stage, self.task.step)

    @cached_property
    def sent_back(self) -> SentBack | None:
        """The return of the dossier that this step has still to answer."""
        if self.task.item_id:
            return None
        return standing_return(self.evaluation, self.decisions, self.task.stage, self.task.step)

    def pointer_url(self, pointer: ReturnPointer) -> str:
        """Where that stands which a return points at: on this page, else in the dossier."""
        tab, anchor = ("evidence", "") if pointer.kind == PointerKind.FILE else ("figures", "")
        if pointer.indicator_id:
            tab, anchor = "evidence", f"#indicator-{pointer.indicator_id}"
        return reverse("dossier_tab", args=[self.evaluation.pk, tab]) + anchor

    @cached_property
    def decisions(self) -> list[Decision]:
        """The dossier's decisions, the earliest first."""
        found = self.evaluation.decisions.all()
        return list(
            found.select_related("actor", "on_behalf_of", "organization", "item").prefetch_related("pointers")
        )

    @property
    def may_claim(self) -> bool:
        """Whether a role is asked, and nobody has taken the step yet."""
        return self.task.owner_id is None

    @property
    def may_release(self) -> bool:
        """Whether the reader took the step and may give it back to the role."""
        return self.task.owner_id is not None and bool(self.task.assigned) and not self.asks_by_name

    @cached_property
    def asks_by_name(self) -> bool:
        """Whether the step asks one person, not a role."""
        return asks_by_name(self.task)

    def faults(self) -> list[dict[str, str]]:
        """What is wrong with what was typed, each with its field."""
        return list(faults_of(self.named_forms())) if self.request.method == "POST" else []

    @property
    def opens_at_its_faults(self) -> bool:
        """Whether the address names no other place: a verb with a subject opens at what it is about."""
        return not self.subject

    def kept(self) -> list[dict[str, Any]]:
        """What was typed, for whoever comes too late."""
        return list(typed_in(self.named_forms()))

    # --- deciding ------------------------------------------------------------------

    def answer(self) -> HttpResponse:
        """Do what the posted verb says. Raises JihengError for a verb that this step does not have."""
        handler = self.handlers().get(self.verb)
        if handler is None:
            raise self.refused(
                JihengError(_("This step does not offer “%(verb)s”.") % {"verb": self.verb[:40]})
            )
        try:
            return handler()
        except InvalidInput as error:
            self.place(error)
            return self.show(422)
        except JihengError as error:
            raise self.refused(error) from error

    def place(self, error: InvalidInput) -> None:
        """Put each message at its field; on top what has none."""
        placed = False
        for key, found in error.fields.items():
            form, field = self.form_of(key)
            for message in found:
                if form is not None and field in form.fields:
                    form.add_error(field, str(message))
                    placed = True
                else:
                    self.general.append(str(message))
        if not placed and not self.general:
            self.general.append(str(error))

    def refused(self, error: JihengError) -> JihengError:
        """The error with what was typed, and the way back to the matter."""
        error.data.update(kept=self.kept(), back_url=self.matter_url())
        return error

    def matter_url(self) -> str:
        """The page of what the step is about."""
        if self.task.item_id:
            return reverse("item", args=[self.task.item_id])
        return reverse("dossier", args=[self.evaluation.pk])

    @property
    def url(self) -> str:
        return reverse("task", args=[self.task.process_id, self.task.pk])

    @property
    def key(self) -> dict[str, Any]:
        """Which step, and who acts: what every service asks for."""
        return {"process_id": self.task.process_id, "task_id": self.task.pk, "actor": self.user}

    def perform(self, verb: str, **details: Any) -> HttpResponse:
        """Decide and go to the matter, with what happened in words."""
        return self.done(services.perform(verb, **self.key, **details))

    def done(self, decision: Decision) -> HttpResponse:
        """Go to the matter, with what happened in words."""
        label = item_stage_label if decision.item_id else stage_label
        what = {"verb": decision.get_verb_display(), "stage": label(decision.next_stage)}
        messages.success(self.request, _("Done: %(verb)s. The matter is now at “%(stage)s”.") % what)
        return redirect(self.matter_url())

    def show_again(self) -> HttpResponse:
        """The page with everything typed, nothing decided."""
        return self.show()
