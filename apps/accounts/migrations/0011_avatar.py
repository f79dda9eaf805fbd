from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_user_session"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="avatar",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=60,
                verbose_name="photo",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="avatar_small",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=60,
                verbose_name="small photo",
            ),
        ),
        migrations.AddField(
            model_name="student",
            name="picture",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=12, verbose_name="picture"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("avatar", ""), ("avatar_small", "")),
                    models.Q(
                        models.Q(("avatar", ""), _negated=True),
                        models.Q(("avatar_small", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="user_avatar",
            ),
        ),
        migrations.AddConstraint(
            model_name="student",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "picture__in",
                        [
                            "",
                            "violin",
                            "piano",
                            "guitar",
                            "drum",
                            "trumpet",
                            "saxophone",
                            "microphone",
                            "fox",
                            "panda",
                            "frog",
                            "lion",
                            "turtle",
                            "butterfly",
                            "octopus",
                            "unicorn",
                            "penguin",
                        ],
                    )
                ),
                name="student_picture",
            ),
        ),
    ]
