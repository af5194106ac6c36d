from django.db import migrations

from audit_log.append_only import append_only


class Migration(migrations.Migration):
    """A draw refuses update, delete and truncate: nobody draws until the lot suits."""

    dependencies = [("evaluations", "0009_experts")]

    operations = [append_only("evaluations_draw")]
