from django.db import migrations

from audit_log.append_only import append_only

# The question of a consultation never changes; its answer or its withdrawal is written once.
WRITTEN_ONCE = """
CREATE FUNCTION jiheng_consultation_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    once text[] := ARRAY['answer', 'answered_at', 'withdrawn_at'];
BEGIN
    IF OLD.answered_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
       OR (NEW.answered_at IS NULL AND NEW.withdrawn_at IS NULL)
       OR to_jsonb(NEW) - once IS DISTINCT FROM to_jsonb(OLD) - once THEN
        RAISE EXCEPTION '% on % is refused: these rows are append-only', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_consultation_once BEFORE UPDATE ON approvals_consultation
    FOR EACH ROW EXECUTE FUNCTION jiheng_consultation_written_once();
CREATE TRIGGER approvals_consultation_no_delete BEFORE DELETE ON approvals_consultation
    FOR EACH ROW EXECUTE FUNCTION jiheng_refuse_change();
CREATE TRIGGER approvals_consultation_no_truncate BEFORE TRUNCATE ON approvals_consultation
    FOR EACH STATEMENT EXECUTE FUNCTION jiheng_refuse_change();
"""
UNDO = """
DROP TRIGGER approvals_consultation_once ON approvals_consultation;
DROP TRIGGER approvals_consultation_no_delete ON approvals_consultation;
DROP TRIGGER approvals_consultation_no_truncate ON approvals_consultation;
DROP FUNCTION jiheng_consultation_written_once();
"""


class Migration(migrations.Migration):
    """Comments refuse every change; a consultation takes one answer or one withdrawal."""

    dependencies = [("approvals", "0007_talk")]

    operations = [
        append_only("approvals_comment"),
        append_only("approvals_commentmention"),
        append_only("approvals_commentfile"),
        migrations.RunSQL(WRITTEN_ONCE, UNDO),
    ]
