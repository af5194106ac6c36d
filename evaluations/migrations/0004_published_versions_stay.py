from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION jiheng_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- What a version's life itself writes; everything else stays as it was published.
    life CONSTANT text[] := ARRAY['status', 'published_at', 'retired_at'];
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - life) = (to_jsonb(NEW) - life)
       AND NEW.published_at IS NOT DISTINCT FROM OLD.published_at
       AND (NEW.status = OLD.status OR (OLD.status = 'published' AND NEW.status = 'retired')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: version % of % was published', TG_OP, TG_TABLE_NAME, OLD.version, OLD.code
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def published_stays(table):
    """Only drafts of ``table`` change; nothing published is deleted, by raw SQL neither."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {table}_published_stays BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION jiheng_published_stays();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION jiheng_refuse_change();
        """,
        f"DROP TRIGGER {table}_published_stays ON {table}; DROP TRIGGER {table}_no_truncate ON {table};",
    )


class Migration(migrations.Migration):
    """A published scheme or framework refuses every change but its retirement."""

    dependencies = [
        ("evaluations", "0003_schemes_frameworks_library"),
        ("audit_log", "0002_append_only"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION jiheng_published_stays()"),
        published_stays("evaluations_scheme"),
        published_stays("evaluations_framework"),
    ]
