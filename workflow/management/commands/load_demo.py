from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F

from audit_log import clock
from evaluations.models import Evaluation
from notices.models import Notice
from workflow.demo import dongcheng, guangzhou, kashgar, shaoxing
from workflow.demo.people import make_neighbours, make_office
from workflow.demo.story import days_ago

CASES: list[tuple[str, str, str, str, Any]] = [
    ("kashgar", "喀什", "喀什地区财政局", "喀什地区住房公积金管理中心", kashgar),
    ("shaoxing", "绍兴", "绍兴市财政局", "绍兴市住房公积金管理中心", shaoxing),
    ("guangzhou", "广州", "广州市财政局", "广州住房公积金管理中心", guangzhou),
    ("dongcheng", "东城", "北京市东城区财政局", "北京市东城区人力资源和社会保障局", dongcheng),
]


class Command(BaseCommand):
    help = "Load the four real cases with their people (does nothing when there are evaluations already)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("DEMO_MODE is off: the demonstration is not loaded into a real database.")
        if Evaluation.objects.exists():
            self.stdout.write("The demonstration is there already.")
            return
        call_command("load_schemes", stdout=self.stdout)
        load(self.stdout.write)
        call_command("worker", until_empty=True)
        # What happened long ago has been read long ago.
        Notice.objects.filter(created_at__lt=clock.now() - timedelta(days=16)).update(read_at=F("created_at"))


@transaction.atomic
def load(say: Any) -> None:
    """Play the four cases, one after the other: all of them or none."""
    for key, place, bureau, department, story in CASES:
        with days_ago(400):
            office = make_office(key, place, bureau, department)
            if key == "shaoxing":
                make_neighbours(office)
        case = story.load(office)
        say(f"{case.evaluation.number} {case.evaluation.title}")
