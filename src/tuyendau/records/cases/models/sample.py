from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class Result(models.TextChoices):
    """What a laboratory found."""

    POSITIVE = "positive", _("positive")
    NEGATIVE = "negative", _("negative")
    INDETERMINATE = "indeterminate", _("indeterminate")
    INVALID = "invalid", _("invalid")


class Effect(models.TextChoices):
    """What a result did to the case of its person."""

    NONE = "", _("nothing")
    OPENED = "opened", _("opened a case")
    PROBABLE = "probable", _("made the case probable")
    CONFIRMED = "confirmed", _("confirmed the case")
    WAITS = "waits", _("waits for a decision")
    SET_ASIDE = "set_aside", _("set aside by decision")


class Sample(models.Model):
    """A sample of a person, taken for a disease. `number` is its barcode, unique within its laboratory.

    `specimen` is a code of the disease's specimens. `case` is the case that it belongs to, once there is one.
    `resulted_at` is the moment of its latest result, null while that is awaited.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "sample"), editable=False
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="samples")
    case = models.ForeignKey(
        "cases.Case", null=True, blank=True, on_delete=models.SET_NULL, related_name="samples"
    )
    disease = models.CharField(max_length=20)
    number = models.CharField(max_length=40)
    specimen = models.CharField(max_length=30)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    laboratory = models.ForeignKey(
        "places.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    resulted_at = models.DateTimeField(null=True, blank=True)

    privacy = classified(
        public="id public_id laboratory taken_by recorded_at",
        personal="person number",
        sensitive="case disease specimen taken_at resulted_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["laboratory", "number"], nulls_distinct=False, name="sample_number_in_laboratory"
            ),
            models.CheckConstraint(
                name="sample_resulted_after_taken",
                condition=Q(resulted_at__isnull=True) | Q(resulted_at__gte=F("taken_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["taken_at", "id"], condition=Q(resulted_at=None), name="sample_awaited"),
            models.Index(fields=["laboratory", "-taken_at"], name="sample_laboratory_recent"),
            models.Index(fields=["-taken_at", "-id"], name="sample_recent"),
            models.Index(fields=["number"], name="sample_number"),
        ]


class TestResult(models.Model):
    """What one test of a sample found. A wrong result is never overwritten: `corrected_by` is the one that stands.

    `test` is a code of the disease's tests; `ct` the cycle threshold of a PCR; `reason` why it corrects another.
    """

    __test__ = False  # not a test of ours

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "result"), editable=False
    )
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="results")
    test = models.CharField(max_length=30)
    result = models.CharField(max_length=14, choices=Result)
    ct = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    resulted_at = models.DateTimeField()
    laboratory = models.ForeignKey(
        "places.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    corrected_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="corrects"
    )
    reason = models.CharField(max_length=500, blank=True)
    effect = models.CharField(max_length=10, choices=Effect, blank=True, default="")

    privacy = classified(
        public="id public_id laboratory recorded_at recorded_by",
        personal="sample",
        sensitive="test result ct resulted_at corrected_by reason effect",
    )

    class Meta:
        indexes = [models.Index(fields=["-resulted_at"], condition=Q(effect="waits"), name="result_waits")]
