from django.db import migrations

from audit_log.append_only import append_only


class Migration(migrations.Migration):
    """What was found, and what was done with it, refuses update, delete and truncate."""

    dependencies = [("approvals", "0004_findings")]

    operations = [append_only("approvals_recordedfinding"), append_only("approvals_findingturn")]
