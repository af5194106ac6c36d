"""What of the notices is done in the job queue: sending what waits to go out, each minute."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from audit_log import clock
from notices.announcing import announce
from notices.outward.digests import gather
from notices.outward.mail import send_mail_due
from notices.outward.webhooks import post_webhooks_due

__all__ = ["announce", "post_webhooks", "send_mail", "tell"]


@app.periodic(cron="* * * * *")
@app.task(queue="notices", queueing_lock="send_mail")
def send_mail(timestamp: int) -> int:
    """Gather the day's e-mails when their hour has come, and send whatever is due."""
    if not settings.MAIL_IS_ON:
        return 0
    gather()
    return send_mail_due()


@app.periodic(cron="* * * * *")
@app.task(queue="notices", queueing_lock="post_webhooks")
def post_webhooks(timestamp: int) -> int:
    """Post what is due to endpoints."""
    return post_webhooks_due()


@app.task(queue="notices", retry=5)
def tell(*, moment: str, **told: Any) -> None:
    """Write a notice that a version from before has left in the queue, dated ``moment`` (ISO 8601)."""
    with clock.at(datetime.fromisoformat(moment)):
        announce(**told)
