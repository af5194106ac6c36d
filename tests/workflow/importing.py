"""Dossiers as units hand them in, for the tests of importing: invented figures."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from evaluations.dossier import dossier_to_json
from evaluations.exchange.from_rows import dossier_of
from evaluations.models import Campaign, Evaluation, Kind
from tests.cast import World
from workflow import launching


def campaign_of(world: World, **changes: Any) -> Campaign:
    """The bureau's self-assessments of 2025."""
    details = {
        "organizer": world.bureau,
        "name": "2025年度单位自评",
        "fiscal_year": 2025,
        "kind": Kind.SELF,
        "scheme": world.scheme,
        **changes,
    }
    return launching.prepare(actor=world.sun, **details)


def document(unit: str, name: str, /, **changes: Any) -> dict[str, Any]:
    """A small self-assessment as dossier/1."""
    return {
        "format": "dossier/1",
        "project": {"unit": unit, "name": name, "fiscal_year": 2025},
        "evaluation": {"kind": "self"},
        "currency_unit": "元",
        "budget": {
            "initial": "3000000",
            "annual": "3000000",
            "paid": "2900000",
            "weight": "10",
            "stated_score": "9.67",
            "rows": [{"name": "年度资金总额", "annual": "3000000", "paid": "2900000"}],
            "lines": [{"item": "软件开发", "paid": "2900000"}],
        },
        "goal": {"expected": "系统上线。", "achieved": "系统已上线。"},
        "indicators": [
            indicator("产出", "数量指标", "上线模块", "50", "28", "26", "46.43"),
            indicator("效益", "社会效益指标", "网上办理比例", "30", "80", "86", "30"),
            indicator("满意度", "服务对象满意度指标", "群众满意度", "10", "90", "93", "10"),
        ],
        "stated": {"total": "96.10", "grade": "优"},
        "problems": ["两个模块未按期交付。"],
        **changes,
    }


def indicator(
    level1: str, level2: str, name: str, weight: str, target: str, actual: str, score: str
) -> dict[str, Any]:
    return {
        "level1": level1,
        "level2": level2,
        "name": name,
        "kind": "quantitative",
        "weight": weight,
        "direction": "higher",
        "target": {"comparator": ">=", "value": target, "text": f"≥{target}"},
        "actual": {"value": actual, "text": actual},
        "stated": {"score": score},
    }


def lins(world: World, **changes: Any) -> dict[str, Any]:
    """Lin's project's."""
    return document(world.unit.name, world.project.name, **changes)


def chens(world: World, **changes: Any) -> dict[str, Any]:
    """The project of Chen, in the other unit."""
    return document(world.other_unit.name, world.other_project.name, **changes)


def content_of(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def archive(**files: bytes) -> bytes:
    """A .zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(f"自评表/{name}.json", content)
    return buffer.getvalue()


def held(evaluation: Evaluation) -> dict[str, Any]:
    """What the product holds of an evaluation, read afresh."""
    fresh = Evaluation.objects.select_related("project", "unit", "department", "budget", "scheme")
    return dossier_to_json(dossier_of(fresh.get(pk=evaluation.pk)))
