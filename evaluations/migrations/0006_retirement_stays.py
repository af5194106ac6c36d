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
       AND {allowed} THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: version % of % was published', TG_OP, TG_TABLE_NAME, OLD.version, OLD.code
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
BEFORE = "(NEW.status = OLD.status OR (OLD.status = 'published' AND NEW.status = 'retired'))"
# The day of retirement is written with the retirement, and neither is taken back.
NOW = """(
           (NEW.status = OLD.status AND NEW.retired_at IS NOT DISTINCT FROM OLD.retired_at)
           OR (OLD.status = 'published' AND NEW.status = 'retired' AND NEW.retired_at IS NOT NULL)
       )"""


class Migration(migrations.Migration):
    """A version's day of retirement comes with its retirement, and stays."""

    dependencies = [("evaluations", "0005_library_names_again")]

    operations = [migrations.RunSQL(FUNCTION.format(allowed=NOW), FUNCTION.format(allowed=BEFORE))]
