from django.db import migrations

from audit_log.append_only import append_only


class Migration(migrations.Migration):
    """Points, views and what was made of them refuse update, delete and truncate."""

    dependencies = [("approvals", "0012_exchange_of_views")]

    operations = [
        append_only("approvals_draftpoint"),
        append_only("approvals_view"),
        append_only("approvals_consideration"),
    ]
