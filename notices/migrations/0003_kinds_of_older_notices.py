from django.db import migrations

from notices.kinds import OF_MESSAGE


def give_kinds(apps, schema_editor):
    """Notices from before there were kinds get theirs by their message."""
    notices = apps.get_model("notices", "Notice").objects.filter(kind="")
    for message, kind in OF_MESSAGE.items():
        notices.filter(message=message).update(kind=kind.key)


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_outgoing'),
    ]

    operations = [
        migrations.RunPython(give_kinds, migrations.RunPython.noop),
    ]
