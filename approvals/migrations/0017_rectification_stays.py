from django.db import migrations

from audit_log.append_only import append_only

NOTICE = """
CREATE OR REPLACE FUNCTION jiheng_issued_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_at IS NULL THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% on % is refused: this notice was issued', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER approvals_rectificationnotice_issued_stays BEFORE UPDATE OR DELETE ON approvals_rectificationnotice
    FOR EACH ROW EXECUTE FUNCTION jiheng_issued_stays();
CREATE TRIGGER approvals_rectificationnotice_no_truncate BEFORE TRUNCATE ON approvals_rectificationnotice
    FOR EACH STATEMENT EXECUTE FUNCTION jiheng_refuse_change();
"""
NOTICE_AGAIN = """
DROP TRIGGER approvals_rectificationnotice_issued_stays ON approvals_rectificationnotice;
DROP TRIGGER approvals_rectificationnotice_no_truncate ON approvals_rectificationnotice;
DROP FUNCTION jiheng_issued_stays();
"""

# The day first set is what every later one is held against.
DUE = """
CREATE OR REPLACE FUNCTION jiheng_original_due_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.assigned_at IS NOT NULL AND NEW.original_due <> OLD.original_due THEN
        RAISE EXCEPTION '% on % is refused: the original due date stays', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_rectificationitem_original_due_stays BEFORE UPDATE ON approvals_rectificationitem
    FOR EACH ROW EXECUTE FUNCTION jiheng_original_due_stays();
"""
DUE_AGAIN = """
DROP TRIGGER approvals_rectificationitem_original_due_stays ON approvals_rectificationitem;
DROP FUNCTION jiheng_original_due_stays();
"""


class Migration(migrations.Migration):
    """What happened to an item refuses to be changed, an issued notice and a first due date as well."""

    dependencies = [("approvals", "0016_rectification_life")]

    operations = [
        append_only("approvals_measure"),
        append_only("approvals_progressentry"),
        append_only("approvals_extension"),
        append_only("approvals_extensionanswer"),
        append_only("approvals_settlement"),
        append_only("approvals_receipt"),
        migrations.RunSQL(NOTICE, NOTICE_AGAIN),
        migrations.RunSQL(DUE, DUE_AGAIN),
    ]
