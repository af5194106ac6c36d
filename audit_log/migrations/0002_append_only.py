from django.db import migrations

from audit_log.append_only import append_only, create_function


class Migration(migrations.Migration):
    """The log refuses update, delete and truncate, by raw SQL too."""

    dependencies = [("audit_log", "0001_initial")]

    operations = [create_function, append_only("audit_log_auditevent"), append_only("audit_log_refusal")]
