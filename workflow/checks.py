"""A flow that could be raced or stepped around does not start."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register
from viewflow.workflow.flow import nodes as flow_nodes
from viewflow.workflow.lock import SelectForUpdateLock

from approvals.procedure import ITEM_STEPS
from evaluations.policies.grammar import GRAMMAR
from workflow.flows import JihengFlow


def flows() -> list[Any]:
    """Every concrete flow of the product."""
    return JihengFlow.__subclasses__()


@register()
def every_flow_has_a_lock(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Without this lock a double submit makes two next tasks."""
    return [
        Error(f"{flow.__name__} needs SelectForUpdateLock(nowait=False, attempts=1).", id="workflow.E001")
        for flow in flows()
        if not isinstance(flow.lock_impl, SelectForUpdateLock)
        or flow.lock_impl.nowait
        or flow.lock_impl.attempts != 1
    ]


@register()
def every_step_asks_for_a_right(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A human node without a right (or a seat) would be anybody's."""
    return [
        Error(f"{flow.__name__}.{node.name} has neither a right nor a seat.", id="workflow.E002")
        for flow in flows()
        for node in flow.instance.nodes()
        if isinstance(node, flow_nodes.View) and not asks_somebody(node)
    ]


def asks_somebody(node: Any) -> bool:
    """Whether the procedure knows the node's stage: a policy's steps, or an item's, ask somebody there."""
    stage = getattr(node, "stage", None)
    of_evaluations = {name for stages in GRAMMAR.values() for name in stages}
    of_items = {name for name, step in ITEM_STEPS.items() if step.right}
    return stage in of_evaluations | of_items
