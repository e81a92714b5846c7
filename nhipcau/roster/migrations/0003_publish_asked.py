"""Since when a proposal waits to be published with others of its batch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roster", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="publish_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
