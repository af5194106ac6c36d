"""Campaigns and their launches: thousands of projects opened by the job queue, paused, gone on with."""

from workflow.launching.campaigns import campaign_for, campaigns_of, prepare, projects_within_reach
from workflow.launching.verbs import launch, pause_launch, request_launch, resume_launch, retry_launch

__all__ = [
    "campaign_for",
    "campaigns_of",
    "launch",
    "pause_launch",
    "prepare",
    "projects_within_reach",
    "request_launch",
    "resume_launch",
    "retry_launch",
]
