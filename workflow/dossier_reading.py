"""What the dossier's pages read: a fixed number of statements, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.models import Organization, User
from approvals.access import visible_items
from approvals.audiences import comments_visible_to, consultations_visible_to
from approvals.findings_on_record import BY_THE_UNIT, HANDED_IN, FindingsOnRecord
from approvals.models import Consultation, Decision, FindingTurn, GeneratedDocument, RectificationItem
from approvals.procedure import step_at
from audit_log.errors import NotFound
from audit_log.models import AuditEvent
from audit_log.record import chain_of
from evaluations.access import get_for
from evaluations.computed import panel_rule_of
from evaluations.models import Budget, Evaluation, Evidence, Indicator, Score, ScoreSource
from evaluations.scoring import SchemeParameters
from workflow.access import may_act, open_tasks_of, to_take_over
from workflow.blind_scoring import BlindScoring, blind_scoring
from workflow.models import FlowTask
from workflow.presentation.score_sheet import ScoreSheet
from workflow.presentation.scores import skipped_parties
from workflow.presentation.talk import consultations_of


class DossierReading:
    """One reader's view of one evaluation; each part is read once, when it is asked for."""

    def __init__(self, reader: Any, pk: int) -> None:
        """Raises NotFound when the evaluation is not the reader's to see."""
        self.reader = reader
        self.evaluation: Evaluation = get_for(reader, pk)
        self.blind: BlindScoring = blind_scoring(reader, self.evaluation)

    @cached_property
    def parameters(self) -> SchemeParameters:
        return self.evaluation.scheme.as_parameters()

    @cached_property
    def decisions(self) -> list[Decision]:
        """Every decision, the evaluation's and its items', in order."""
        related = ("actor", "on_behalf_of", "organization", "item")
        found = self.evaluation.decisions.select_related(*related).prefetch_related("pointers")
        return list(found.order_by("decided_at", "pk"))

    @cached_property
    def tasks(self) -> list[FlowTask]:
        """The open steps, the evaluation's and its items'."""
        return list(
            open_tasks_of(self.evaluation.pk)
            .select_related("owner", "organization", "item")
            .order_by("due", "pk")
        )

    @property
    def own_tasks(self) -> list[FlowTask]:
        """The open steps that are the reader's to do."""
        return [task for task in self.tasks if may_act(self.reader, task)]

    @property
    def tasks_to_take_over(self) -> list[FlowTask]:
        """The evaluation's open steps whose owner may not do them any more, when the reader may."""
        return to_take_over(self.reader, [task for task in self.tasks if not task.item_id])

    @cached_property
    def consultations(self) -> list[Consultation]:
        """The opinions asked of colleagues that the reader may read."""
        return consultations_of(self.reader, self.evaluation)

    @cached_property
    def documents(self) -> list[GeneratedDocument]:
        """The printed reports; notices are listed where they stand."""
        return list(self.evaluation.documents.filter(notice=None).select_related("requested_by"))

    @cached_property
    def items(self) -> list[RectificationItem]:
        """The rectification items that the reader may see."""
        related = ("responsible_unit", "responsible_person", "problem")
        return list(
            visible_items(self.reader)
            .filter(evaluation=self.evaluation)
            .select_related(*related)
            .order_by("number")
        )

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The indicators with their scores, without those that are closed to the reader."""
        files = Count("evidence", filter=Q(evidence__withdrawn_at=None))
        return list(
            self.evaluation.indicators.annotate(number_of_files=files)
            .order_by("position", "pk")  # counting files drops the model's own order
            .prefetch_related(Prefetch("scores", self.visible_scores()))
        )

    def visible_scores(self) -> QuerySet[Score]:
        """The scores that the reader may see, with who gave them."""
        scores = Score.objects.select_related("given_by")
        if self.blind.sees_all:
            return scores
        return scores.filter(
            ~Q(source=ScoreSource.EXPERT) | Q(given_by=self.reader.pk) | Q(round__lt=self.blind.closed_from)
        )

    @cached_property
    def sheet(self) -> ScoreSheet:
        """The scores as they stand now."""
        evaluation = self.evaluation
        skipped = skipped_parties(evaluation, self.decisions)
        return self._sheet(self.indicators, evaluation.budget, evaluation.stated_total, skipped)

    def sheet_of_round(self, number: int) -> ScoreSheet:
        """The scores as they stood when the round ended, with a return or with a withdrawal.

        Raises NotFound for a round that there was not.
        """
        ends = [found for found in self.decisions if found.item_id is None and found.round == number]
        if not ends or number >= self.evaluation.round:
            raise NotFound()
        moment = ends[-1].decided_at
        indicators = as_they_were(Indicator, {"evaluation_id": self.evaluation.pk}, moment)
        scores = self.visible_scores().filter(round__lte=number)
        prefetch_related_objects(indicators, Prefetch("scores", scores))
        indicators.sort(key=lambda indicator: (indicator.position, indicator.pk))
        budgets = as_they_were(Budget, {"evaluation_id": self.evaluation.pk}, moment)
        then = as_they_were(Evaluation, {"id": self.evaluation.pk}, moment)
        return self._sheet(indicators, budgets[0], then[0].stated_total)

    def _sheet(
        self, indicators: list[Indicator], budget: Budget, stated_total: Any, skipped: Sequence[str] = ()
    ) -> ScoreSheet:
        rule = panel_rule_of(self.evaluation)
        return ScoreSheet(indicators, budget, self.parameters, stated_total, rule, skipped)

    @cached_property
    def findings(self) -> FindingsOnRecord:
        """What the checks found when it was handed in; a draft's findings tell the experts' points."""
        verbs = HANDED_IN if self.blind.sees_what_the_evaluator_made else BY_THE_UNIT
        return FindingsOnRecord(self.evaluation, verbs)

    @cached_property
    def is_being_filled_in(self) -> bool:
        """Whether the unit fills the dossier in at this moment, so that what was found before is old."""
        step = step_at(self.evaluation)
        return step is not None and any(verb in step.verbs for verb in BY_THE_UNIT)

    @cached_property
    def evidence(self) -> list[Evidence]:
        """Every file, withdrawn ones too, with the item that it backs."""
        return list(self.evaluation.evidence.select_related("uploaded_by", "item_link__item"))

    def events(self) -> QuerySet[AuditEvent]:
        """Who did what, the latest first; of comments and consultations what the reader may read of them."""
        of_talk = Q(object_type__in=("comment", "consultation"))
        readable = Q(object_type="comment", object_id__in=comments_visible_to(self.reader).values("pk"))
        readable |= Q(
            object_type="consultation", object_id__in=consultations_visible_to(self.reader).values("pk")
        )
        events = AuditEvent.objects.filter(~of_talk | readable, chain=chain_of(self.evaluation.pk))
        return events.annotate(principal=Subquery(name_of_principal())).order_by("-sequence")

    def turns_of(self, numbers: set[int | None]) -> dict[int, FindingTurn]:
        """What was done with findings that the reader may know of, by its id: always one statement."""
        found = FindingTurn.objects.filter(
            pk__in={0, *numbers},
            finding__evaluation=self.evaluation,
            finding__decision__verb__in=self.findings.verbs,
        )
        return {turn.pk: turn for turn in found.select_related("finding")}

    def names_of(self, people: set[int], organizations: set[int]) -> tuple[dict[int, str], dict[int, str]]:
        """What people and organizations are called: always two statements."""
        # 0 is nobody: without it an empty list would save a statement and make the number vary.
        person = User.objects.filter(pk__in={0, *people}).values_list("pk", "display_name")
        organization = Organization.objects.filter(pk__in={0, *organizations}).values_list("pk", "name")
        return dict(person), dict(organization)


def name_of_principal() -> QuerySet[User, str]:
    """What the person is called for whom an event was brought about by another."""
    named = Cast(KeyTextTransform("on_behalf_of", OuterRef("data")), BigIntegerField())
    return User.objects.filter(pk=named).values_list("display_name", flat=True)


def as_they_were(model: Any, rows: dict[str, int], moment: Any) -> list[Any]:
    """The rows of a tracked model as they stood at ``moment``."""
    latest = (
        model.history.filter(**rows, history_date__lte=moment)
        .order_by("id", "-history_date", "-history_id")
        .distinct("id")
    )
    return [row.instance for row in latest if row.history_type != "-"]
