from django.db import migrations, models


class Migration(migrations.Migration):
    """A name that was retired from the library may come in again."""

    dependencies = [("evaluations", "0004_published_versions_stay")]

    operations = [
        migrations.RemoveConstraint("libraryindicator", "library_indicator_once"),
        migrations.AddConstraint(
            "libraryindicator",
            models.UniqueConstraint(
                fields=["bureau", "sector", "level1", "name"],
                condition=models.Q(retired_at=None),
                name="library_indicator_once",
                nulls_distinct=False,
                violation_error_message="The library has an indicator of this name in this sector.",
            ),
        ),
    ]
