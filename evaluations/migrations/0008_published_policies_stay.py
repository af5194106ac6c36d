from django.db import migrations


class Migration(migrations.Migration):
    """A published review policy refuses every change but its retirement, as schemes and frameworks do."""

    dependencies = [("evaluations", "0007_review_policies")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER evaluations_reviewpolicy_published_stays
                BEFORE UPDATE OR DELETE ON evaluations_reviewpolicy
                FOR EACH ROW EXECUTE FUNCTION jiheng_published_stays();
            CREATE TRIGGER evaluations_reviewpolicy_no_truncate BEFORE TRUNCATE ON evaluations_reviewpolicy
                FOR EACH STATEMENT EXECUTE FUNCTION jiheng_refuse_change();
            """,
            """
            DROP TRIGGER evaluations_reviewpolicy_published_stays ON evaluations_reviewpolicy;
            DROP TRIGGER evaluations_reviewpolicy_no_truncate ON evaluations_reviewpolicy;
            """,
        )
    ]
