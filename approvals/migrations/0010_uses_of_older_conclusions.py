"""Conclusions from before uses were recorded get the one that our default table names."""

from dataclasses import dataclass

from django.db import migrations
from django.utils import timezone

from audit_log.record import chain_of, record

# As it stood when uses were introduced; a later table does not change what was recorded then.
NONE, OPEN, CLOSED = "none", "open", "closed"
TABLE = {
    "优": {NONE: ("support", None), OPEN: ("keep", None), CLOSED: ("support", None)},
    "良": {NONE: ("keep", None), OPEN: ("keep", None), CLOSED: ("keep", None)},
    "中": {NONE: ("cut", 10), OPEN: ("cut", 20), CLOSED: ("cut", 10)},
    "差": {NONE: ("cancel", None), OPEN: ("hold", None), CLOSED: ("cut", 50)},
}
WHY = "older conclusion"


@dataclass
class Named:
    """A row as the audit trail names it."""

    pk: int
    label: str

    def __str__(self):
        return self.label


def state_of(evaluation, item):
    stages = list(item.objects.filter(evaluation=evaluation).values_list("stage", flat=True))
    if not stages:
        return NONE
    return CLOSED if set(stages) == {"closed"} else OPEN


def give_uses(apps, schema_editor):
    names = ("ResultUse", "HistoricalResultUse", "Decision", "RectificationItem")
    use, history, decision, item = (apps.get_model("approvals", name) for name in names)
    concluded = (
        apps.get_model("evaluations", "Evaluation")
        .objects.filter(stage__in=("rectification", "closed"), concluded_total__isnull=False)
        .exclude(pk__in=use.objects.values("evaluation"))
    )
    for evaluation in concluded.order_by("pk").iterator():
        state = state_of(evaluation, item)
        word, percent = TABLE[evaluation.concluded_grade][state]
        concluding = decision.objects.filter(evaluation=evaluation, verb="conclude").order_by("pk").last()
        values = {
            "use": word,
            "percent": percent,
            "table_use": word,
            "table_percent": percent,
            "grade": evaluation.concluded_grade,
            "rectification": state,
            "reason": "",
            "decided_by_id": concluding.actor_id if concluding else evaluation.opened_by_id,
            "decided_at": evaluation.concluded_at or timezone.now(),
            "is_demonstration": concluding.is_demonstration if concluding else False,
            "evaluation_id": evaluation.pk,
        }
        given = use.objects.create(**values)
        history.objects.create(
            id=given.pk, history_date=timezone.now(), history_type="+", history_change_reason=WHY, **values
        )
        figure = None if percent is None else f"{percent:.2f}"
        facts = {key: values[key] for key in ("use", "table_use", "grade", "rectification", "reason")}
        record(
            chain=chain_of(evaluation.pk),
            verb="record_use",
            actor=None,
            object=Named(given.pk, word),
            object_type="resultuse",
            data={**facts, "percent": figure, "table_percent": figure, "why": WHY},
        )


class Migration(migrations.Migration):

    dependencies = [
        ("approvals", "0009_result_uses"),
        ("audit_log", "0002_append_only"),
        ("evaluations", "0006_retirement_stays"),
    ]

    operations = [migrations.RunPython(give_uses, migrations.RunPython.noop)]
