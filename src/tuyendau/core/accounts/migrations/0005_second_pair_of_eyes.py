import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_devices_and_public_ids"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="awaiting",
            field=models.BooleanField(default=False),
        ),
        *(
            migrations.AddField(
                model_name="membership",
                name=name,
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            )
            for name in ("given_by", "approved_by")
        ),
    ]
