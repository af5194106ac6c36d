"""Playing a case by the same services that clicks use, at the time when it would have happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from accounts.access import rights_of
from accounts.models import User
from approvals.actions.gate import Explanations
from approvals.actions.plan import PlannedMeasure
from approvals.findings_on_record import FindingsOnRecord
from approvals.models import Decision, RaisedBy, RectificationItem
from audit_log import clock, origin
from evaluations.actions import DossierChanges, RowChange
from evaluations.dossier import Dossier, read_dossier
from evaluations.exchange.changes import changes_from
from evaluations.models import Evaluation, Evidence, Indicator, Scheme
from workflow import services
from workflow.access import mine, open_tasks_of
from workflow.demo.people import Office
from workflow.models import FlowTask

HANDING_IN = ("submit", "supply", "draft")
ASKING_SEVERAL = ("score", "answer")
CASES = Path(__file__).resolve().parent / "cases"


@contextmanager
def days_ago(days: float) -> Iterator[datetime]:
    """Act as if it were ``days`` days before now, in office hours."""
    moment = (clock.now() - timedelta(days=days)).replace(minute=int(days * 37) % 60, second=0, microsecond=0)
    moment = moment.replace(hour=1 + int(days * 7) % 8)  # 9 to 17 o'clock in China
    with clock.at(moment), origin.coming_from("demonstration"):
        yield moment


def read_case(name: str) -> Dossier:
    """The case's figures, as a dossier/1 file."""
    return read_dossier((CASES / f"{name}.json").read_bytes())


def scheme() -> Scheme:
    """The default scheme, which every case uses."""
    return Scheme.objects.get(code="ministry-2020", version=1)


class ReasonsByCode(dict[str, str]):
    """Why each kind of error stands in one case: whatever the checks find is answered by its code."""

    def __init__(self, case: str) -> None:
        self.case = case
        super().__init__(json.loads((CASES / "reasons.json").read_text("utf-8"))[case])

    def get(self, key: str, default: Any = None) -> Any:
        """The reason for a finding's key ("code:subject"). Raises LookupError for a code without one."""
        code = key.partition(":")[0]
        if code not in self:
            raise LookupError(f"{self.case}: reasons.json says nothing to “{key}”, which the checks find")
        return self[code]


@dataclass
class Case:
    """A case being played: its office, its figures and its evaluation."""

    office: Office
    name: str
    dossier: Dossier
    evaluation: Evaluation

    def task(self, item: RectificationItem | None = None, actor: User | None = None) -> FlowTask:
        """The open step of the evaluation, or of one of its items; of several the actor's."""
        tasks = open_tasks_of(self.evaluation.pk).filter(item=item)
        if actor:
            tasks = tasks.filter(mine(actor.pk, rights_of(actor)))
        return tasks.get()

    def turn(
        self,
        verb: str,
        post: str,
        days: float,
        *,
        item: RectificationItem | None = None,
        changes: DossierChanges | None = None,
        real: bool = False,
        **details: Any,
    ) -> Decision:
        """Somebody decides at the open step; marked 演示 unless the report says it (``real``)."""
        actor = self.office[post]
        task = self.task(item, actor if verb in ASKING_SEVERAL else None)
        if verb in HANDING_IN:
            details["explanations"] = Explanations(ReasonsByCode(self.name), acknowledged=True)
        with days_ago(days):
            return services.perform(
                verb,
                process_id=task.process_id,
                task_id=task.pk,
                actor=actor,
                changes=changes,
                is_demonstration=not real,
                **details,
            )

    def receive(self, post: str, days: float) -> None:
        """The unit signs for the notice, and so for all of its items at once."""
        for item in self.evaluation.items.order_by("pk"):
            self.turn("receive", post, days, item=item)

    def plan(self, post: str, days: float, item: RectificationItem, *measures: str) -> None:
        """The unit plans its measures; whoever raised the item accepts them."""
        planned = [PlannedMeasure(text, "项目组", item.due) for text in measures]
        self.turn("plan", post, days, item=item, measures=planned)
        overseer = "officer" if item.raised_by == RaisedBy.FINANCE else "reviewer"
        self.turn("accept_plan", overseer, days - 1, item=item, opinion="措施具体、时限明确，同意实施。")

    def ask(self, post: str, days: float, code: str, question: str) -> None:
        """A reviewer asks about a finding. Raises LookupError when the checks found none of this code."""
        latest = FindingsOnRecord(self.evaluation).latest
        found = next((each for each in latest if each.code == code), None)
        if found is None:
            raise LookupError(f"{self.name}: the story asks about “{code}”, which the checks did not find")
        with days_ago(days):
            services.ask(finding=found, actor=self.office[post], question=question, is_demonstration=True)

    def fill(self, post: str, days: float, changes: DossierChanges) -> None:
        """The unit fills in, without handing in yet."""
        task = self.task()
        with days_ago(days):
            services.save_draft(
                process_id=task.process_id, task_id=task.pk, actor=self.office[post], changes=changes
            )

    def attach(
        self,
        post: str,
        days: float,
        name: str,
        text: str,
        *,
        indicator: Indicator | None = None,
        item: RectificationItem | None = None,
    ) -> Evidence:
        """A small text file as evidence, marked 演示."""
        task = self.task(item)
        with days_ago(days):
            return services.attach(
                process_id=task.process_id,
                task_id=task.pk,
                actor=self.office[post],
                file=ContentFile(f"演示材料\n{text}\n".encode()),
                name=name,
                indicator=indicator,
                is_demonstration=True,
            )

    def raise_item(
        self, post: str, days: float, requirement: str, due_in: int, **details: Any
    ) -> RectificationItem:
        """Propose an item that falls due ``due_in`` days from now (negative: it is overdue today)."""
        due = clock.today() + timedelta(days=due_in)
        with days_ago(days):
            return services.raise_item(
                evaluation=self.evaluation,
                actor=self.office[post],
                requirement=requirement,
                due=due,
                is_demonstration=True,
                **details,
            )


def open_case(
    office: Office,
    name: str,
    *,
    kind: str,
    days: float,
    note: str,
    start_with_figures: bool = False,
    **details: Any,
) -> Case:
    """Enter the project and open its evaluation."""
    dossier = read_case(name)
    with days_ago(days):
        evaluation = services.open_evaluation(
            actor=office["officer"],
            new_project={
                "code": f"{office.key.upper()}-{dossier.project.fiscal_year}-001",
                "name": dossier.project.name,
                "fiscal_year": dossier.project.fiscal_year,
                "region": dossier.project.region or "",
                "unit": office.unit,
                "lead": office["lead"],
            },
            kind=kind,
            scheme=scheme(),
            title=dossier.evaluation.title or dossier.project.name,
            changes=figures_of(dossier) if start_with_figures else None,
            demonstration_note=note,
            **details,
        )
    return Case(office, name, dossier, evaluation)


def report_of(name: str, dossier: Dossier) -> DossierChanges:
    """Everything that the unit fills in: the case's figures and the chapters in our own words."""
    chapters = json.loads((CASES / "reports.json").read_text("utf-8"))[name]
    sections = [RowChange(values={"chapter": chapter, "text": text}) for chapter, text in chapters.items()]
    return replace(changes_from(dossier), sections=sections)


def figures_of(dossier: Dossier) -> DossierChanges:
    """What the evaluator starts with: money, goal and indicators, no stated scores and no findings yet."""
    changes = changes_from(dossier)
    kept = {key: value for key, value in changes.evaluation.items() if not key.startswith("stated")}
    return replace(changes, evaluation=kept, problems=None, suggestions=None, sections=None)
