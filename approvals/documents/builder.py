"""From the rows of a dossier to the plain report that documents are printed from."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import RoleHolding
from accounts.roles import RIGHTS, Role
from approvals.documents import report
from approvals.documents.exchange import exchanged
from approvals.documents.scores import Scores, is_blind
from approvals.documents.wording import spoken
from approvals.findings_on_record import BY_THE_UNIT
from approvals.models import Decision, ItemStage, RectificationItem, UseOfResult, Verb
from approvals.procedure import step_of
from approvals.uses import use_on_record
from approvals.votes import verb_words
from audit_log import clock
from evaluations.calendar import calendar_in_force
from evaluations.models import Budget, Evaluation, FundingRow, Part, Stage

ONE_ROW = ("project__lead", "scheme", "policy", "unit", "department", "bureau", "budget", "result_use")
SOURCES = (FundingRow.Name.APPROPRIATION, FundingRow.Name.CARRIED_OVER, FundingRow.Name.OTHER)


def report_of(evaluation: Evaluation) -> report.EvaluationReport:
    """Read the dossier as it stands now, in a fixed number of queries."""
    evaluation = read(evaluation.pk)
    scores = Scores.of(evaluation)
    use = use_on_record(evaluation)
    decisions = [
        decision
        for decision in evaluation.decisions.all()
        if decision.verb != Verb.SCORE or not is_blind(evaluation)
    ]
    return report.EvaluationReport(
        kind=report.ReportKind(evaluation.kind),
        title=evaluation.title,
        number=evaluation.number,
        fiscal_year=evaluation.fiscal_year,
        project_name=evaluation.project.name,
        unit=evaluation.unit.name,
        department=evaluation.department.name,
        bureau=evaluation.bureau.name,
        made_on=clock.today(),
        leaders=(str(evaluation.project.lead),) if evaluation.project.lead else (),
        team=tuple(evaluation.team),
        signatures=signatures(decisions),
        money=money(evaluation.budget, scores),
        goal=report.Goal(expected=evaluation.goal_expected, achieved=evaluation.goal_achieved),
        indicators=scores.rows(),
        subtotals=scores.subtotals(),
        totals=scores.totals(),
        conclusion=evaluation.conclusion if evaluation.is_concluded else "",
        use=UseOfResult(use.use).label if use else "",
        use_percent=use.percent if use else None,
        sections=tuple(
            report.Section(chapter=part.chapter, text=part.text) for part in evaluation.sections.all()
        ),
        problems=tuple(problem.text for problem in evaluation.problems.all()),
        suggestions=tuple(suggestion.text for suggestion in evaluation.suggestions.all()),
        notes=scores.notes(),
        demonstration_note=evaluation.demonstration_note,
        opinions=tuple(opinions(evaluation, decisions)),
        exchange=exchanged(evaluation),
        rectification=tuple(rectification(item) for item in evaluation.items.all()),
    )


def read(evaluation_id: int) -> Evaluation:
    """The evaluation with everything that a report needs."""
    decisions = Decision.objects.filter(item=None).exclude(verb=Verb.OPEN)
    items = RectificationItem.objects.exclude(stage=ItemStage.DRAFT).order_by("number")
    return (
        Evaluation.objects.select_related(*ONE_ROW)
        .prefetch_related(
            "indicators__scores",
            "budget__rows",
            "budget__lines",
            "sections",
            "problems",
            "suggestions",
            Prefetch("decisions", decisions.select_related("actor", "on_behalf_of", "organization")),
            Prefetch("items", items.select_related("responsible_unit")),
        )
        .get(pk=evaluation_id)
    )


def signatures(decisions: Iterable[Decision]) -> report.Signatures:
    """Who filled in the form and who approved it for the unit, in the last round that did."""
    submitted = last(decisions, BY_THE_UNIT)
    approved = last((one for one in decisions if one.stage == Stage.UNIT_APPROVAL), (Verb.APPROVE,))
    return report.Signatures(
        filled_in_by=submitted.by if submitted else "",
        filled_in_on=timezone.localdate(submitted.decided_at) if submitted else None,
        unit_head=approved.by if approved else "",
    )


def last(decisions: Iterable[Decision], verbs: tuple[str, ...]) -> Decision | None:
    found = [decision for decision in decisions if decision.verb in verbs]
    return found[-1] if found else None


def money(budget: Budget, scores: Scores) -> report.Money:
    """The money of the year, with the points that its execution gave."""
    execution = scores.by_rule.execution
    return report.Money(
        declared=budget.declared,
        initial=budget.initial,
        annual=budget.annual,
        received=budget.received,
        paid=budget.paid,
        rate=None if execution.rate is None else execution.rate * 100,
        weight=execution.weight,
        scores=scores.execution(),
        explanation=spoken(execution.explanation),
        reason=budget.reason,
        sources=funding(budget),
        payments=tuple(
            report.Payment(
                item=line.item, group=line.group, paid_on=line.date, planned=line.planned, paid=line.paid
            )
            for line in budget.lines.all()
        ),
    )


def funding(budget: Budget) -> tuple[report.FundingLine, ...]:
    """The form's three sources of funds, whether reported or not."""
    rows = {row.name: row for row in budget.rows.all()}
    return tuple(funding_line(name, rows.get(name)) for name in SOURCES)


def funding_line(name: FundingRow.Name, row: FundingRow | None) -> report.FundingLine:
    if row is None:
        return report.FundingLine(name=name.label)
    rate = row.paid * Decimal(100) / row.annual if row.paid is not None and row.annual else None
    return report.FundingLine(
        name=name.label, initial=row.initial, annual=row.annual, paid=row.paid, rate=rate
    )


def opinions(evaluation: Evaluation, decisions: list[Decision]) -> Iterable[report.Opinion]:
    """Each decision with the role in which it was taken."""
    held = roles_of(decision.on_behalf_of_id or decision.actor_id for decision in decisions)
    for decision in decisions:
        yield report.Opinion(
            stage=Stage(decision.stage).label,
            organization=decision.organization.name if decision.organization else "",
            role=role_label(evaluation, decision, held),
            stand_in=decision.by if decision.on_behalf_of_id else "",
            verb=verb_words(evaluation, decision),
            opinion=decision.opinion,
            decided_on=timezone.localdate(decision.decided_at),
            round=decision.round,
            total=decision.total,
            is_demonstration=decision.is_demonstration,
        )


def roles_of(people: Iterable[int]) -> dict[int, list[RoleHolding]]:
    """Every role that these people hold or held, in one query."""
    held: dict[int, list[RoleHolding]] = {}
    for holding in RoleHolding.objects.filter(user_id__in=set(people)).order_by("granted_at", "pk"):
        held.setdefault(holding.user_id, []).append(holding)
    return held


def role_label(evaluation: Evaluation, decision: Decision, held: dict[int, list[RoleHolding]]) -> report.Text:
    """The role that let the person act at this step, their own or the delegator's; "" without one."""
    step = step_of(evaluation, decision.stage, decision.step)
    if step is None:
        return ""
    if step.asks_seats:
        return Role.EXPERT.label
    if step.right is None:
        return Part(step.part).label
    for holding in held.get(decision.on_behalf_of_id or decision.actor_id, []):
        if holding.organization_id == decision.organization_id and step.right in RIGHTS[Role(holding.role)]:
            return Role(holding.role).label
    return ""


def rectification(item: RectificationItem) -> report.RectificationRow:
    """How far the item is today."""
    return report.RectificationRow(
        number=item.number,
        requirement=item.requirement,
        responsible_unit=item.responsible_unit.name,
        original_due=item.original_due,
        due=item.due,
        status=ItemStage(item.stage).label,
        closed_on=timezone.localdate(item.closed_at) if item.closed_at else None,
        is_overdue=item.is_open and item.due <= calendar_in_force().last_overdue(clock.today()),
        is_demonstration=item.is_demonstration,
    )
