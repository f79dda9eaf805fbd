from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("private_teaching", "0004_pages_and_applications")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="agreed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="agreed at"),
        ),
    ]
