"""A sender on the database ``NOTICES_DATABASE``: sends what is due until nothing is left, or it is killed."""

from __future__ import annotations

if __name__ == "__main__":
    import os

    import django

    django.setup()
    from notices.models import Delivery
    from notices.outward.mail import send_mail_due
    from notices.outward.webhooks import post_webhooks_due
    from tests.databases import use

    use(os.environ["NOTICES_DATABASE"])
    while Delivery.objects.filter(state="waiting").exists():
        send_mail_due()
        post_webhooks_due()
