from __future__ import annotations

from evaluations.actions.fill_dossier import RowChange
from evaluations.frameworks.content import FrameworkContent, FrameworkItem
from evaluations.models import Framework, IndicatorKind

COMMON = "common"


def common_framework() -> Framework | None:
    """The ministry's common framework (财预〔2020〕10号 附2), its newest published version."""
    return Framework.objects.filter(code=COMMON, status=Framework.Status.PUBLISHED).first()


def framework_rows(content: FrameworkContent) -> list[RowChange]:
    """The indicators that an evaluation starts with, to be adapted by the evaluator."""
    weighted = zip(content.items, content.weights(), strict=True)
    return [
        RowChange(values={"position": position, "weight": weight, **columns_of(item)})
        for position, (item, weight) in enumerate(weighted)
    ]


def columns_of(item: FrameworkItem) -> dict[str, str]:
    """An item as an indicator's columns: its questions, else its formula, stand as the target."""
    return {
        "level1": item.level1,
        "level2": item.level2,
        "name": item.name,
        "kind": IndicatorKind.QUALITATIVE,
        "target_text": ("；".join(item.points) or item.formula or "")[:500],
    }
