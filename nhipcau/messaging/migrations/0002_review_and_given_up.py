from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="messaging_kind_known",
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("shift_reminder", "Reminder before my shift"),
                    ("shift_change", "My shift changes or is cancelled"),
                    ("sign_up", "My sign-up is confirmed or refused"),
                    ("stand_in", "Somebody looks for a stand-in"),
                    ("waiting_offer", "A place became free for me"),
                    ("understaffed", "A shift has too few people"),
                    ("unconfirmed", "Somebody has not confirmed a shift"),
                    ("roster_published", "A new roster is published"),
                    ("hours", "My hours are approved or changed"),
                    ("reinforcement", "Help between teams"),
                    ("qualification", "My skills and their papers"),
                    ("review", "Requests to join and skills to check"),
                    ("account", "My account"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="optout",
            name="kind",
            field=models.CharField(
                choices=[
                    ("shift_reminder", "Reminder before my shift"),
                    ("shift_change", "My shift changes or is cancelled"),
                    ("sign_up", "My sign-up is confirmed or refused"),
                    ("stand_in", "Somebody looks for a stand-in"),
                    ("waiting_offer", "A place became free for me"),
                    ("understaffed", "A shift has too few people"),
                    ("unconfirmed", "Somebody has not confirmed a shift"),
                    ("roster_published", "A new roster is published"),
                    ("hours", "My hours are approved or changed"),
                    ("reinforcement", "Help between teams"),
                    ("qualification", "My skills and their papers"),
                    ("review", "Requests to join and skills to check"),
                    ("account", "My account"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.OrderBy(models.F("settled_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state", "given_up")),
                name="messaging_given_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "shift_reminder",
                            "shift_change",
                            "sign_up",
                            "stand_in",
                            "waiting_offer",
                            "understaffed",
                            "unconfirmed",
                            "roster_published",
                            "hours",
                            "reinforcement",
                            "qualification",
                            "review",
                            "account",
                        ],
                    )
                ),
                name="messaging_kind_known",
            ),
        ),
    ]
