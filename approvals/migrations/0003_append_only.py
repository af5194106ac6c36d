from django.db import migrations

from audit_log.append_only import append_only


class Migration(migrations.Migration):
    """Decisions refuse update, delete and truncate, by raw SQL too."""

    dependencies = [("approvals", "0002_initial"), ("audit_log", "0002_append_only")]

    operations = [append_only("approvals_decision")]
