"""Boundaries keep a form with fewer corners for the map; sites are found by names typed without marks."""

import django.db.models.functions.text
from django.db import migrations, models

MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
PLAIN = "a" * 17 + "e" * 11 + "i" * 5 + "o" * 17 + "u" * 11 + "y" * 5 + "d"


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="boundary",
            name="outline",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="site",
            name="folded",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    models.Func(
                        models.F("name"),
                        models.Value(MARKED + MARKED.upper()),
                        models.Value(PLAIN + PLAIN),
                        function="TRANSLATE",
                    )
                ),
                output_field=models.CharField(max_length=160),
            ),
        ),
        migrations.RunSQL("UPDATE places_boundary SET outline = wkb", migrations.RunSQL.noop),
    ]
