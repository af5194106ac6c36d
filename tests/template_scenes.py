"""Scenes of the permission matrix about schemes, frameworks, policies and the indicator library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evaluations import actions
from evaluations.actions.library import add_library_indicator
from evaluations.document_changes import digest_of
from evaluations.models import Framework, LibraryIndicator, ReviewPolicy, Scheme
from tests.cast import World, open_task
from tests.permission_scenes import Play, Scene

MODELS: dict[str, Any] = {"scheme": Scheme, "framework": Framework, "policy": ReviewPolicy}
ENTRY = {"sector": "信息系统建设与运维", "level1": "产出", "level2": "数量", "name": "终端部署数量"}


def draft_of(world: World, kind: str) -> Any:
    """A draft of the bureau's, copied from what was shipped."""
    sources = {"scheme": world.scheme.code, "framework": "common", "policy": "self-default"}
    source = MODELS[kind].objects.get(code=sources[kind], version=1)
    draft: Any = getattr(actions, f"draft_{kind}")
    return draft(actor=world.sun, source=source, bureau=world.bureau, code="own")


def published_of(world: World, kind: str) -> Any:
    """A published version of the bureau's."""
    publish: Any = getattr(actions, f"publish_{kind}")
    return publish(actor=world.sun, **{kind: draft_of(world, kind)})


def shipped(kind: str) -> Callable[[Play], Scene]:
    """A version that came with the product."""
    return lambda play: Scene([MODELS[kind].objects.filter(bureau=None).first().pk])


def draft(kind: str) -> Callable[[Play], Scene]:
    return lambda play: Scene([draft_of(play.world, kind).pk])


def draft_as_shown(kind: str) -> Callable[[Play], Scene]:
    """A draft, published by the button of its own page."""

    def scene(play: Play) -> Scene:
        made = draft_of(play.world, kind)
        return Scene([made.pk], lambda: {"seen": digest_of(made.document)})

    return scene


def published(kind: str) -> Callable[[Play], Scene]:
    return lambda play: Scene([published_of(play.world, kind).pk])


def with_reason(kind: str) -> Callable[[Play], Scene]:
    """A published version, with why it is retired."""
    return lambda play: Scene([published_of(play.world, kind).pk], lambda: {"reason": "由新版替代"})


def own_entry(play: Play) -> Scene:
    """An entry of the bureau's in the library."""
    world = play.world
    return Scene([add_library_indicator(actor=world.sun, bureau=world.bureau, values=ENTRY).pk])


def shipped_entry(play: Play) -> Scene:
    return Scene([LibraryIndicator.objects.filter(bureau=None).first().pk])


def year(play: Play) -> Scene:
    """The year of a calendar that came with the product."""
    return Scene([2026])


def ticked(play: Play) -> Scene:
    """An entry that the lead has ticked at the self-assessment."""
    task = open_task(play.self_evaluation())
    entry = LibraryIndicator.objects.filter(bureau=None).first()
    return Scene([task.process_id, task.pk], lambda: {"pick": [entry.pk]})


def running(stage: str) -> Callable[[Play], Scene]:
    """A self-evaluation at this stage, which the officer may want to move to another scheme."""
    return lambda play: Scene([play.self_evaluation(stage).pk])
