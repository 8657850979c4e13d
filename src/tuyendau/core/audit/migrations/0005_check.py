from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_chain")]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("breaks", models.JSONField(default=list)),
            ],
        ),
    ]
