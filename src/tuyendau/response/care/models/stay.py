from __future__ import annotations

from functools import partial

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    IntegerRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.core.history.models import Version, row_of
from tuyendau.lib import publicid
from tuyendau.response.care.models.assessment import Severity


class StayState(models.TextChoices):
    """Where a stay stands; what may follow what stands in `rules.stays.TRANSITIONS`."""

    PRESENT = "present", _("in the facility")
    DISCHARGED = "discharged", _("discharged, recovered")
    HOME = "home", _("goes on at home")
    RELEASED = "released", _("quarantine completed")
    TRANSFERRED = "transferred", _("transferred")
    DIED = "died", _("died")
    LEFT = "left", _("left without leave")
    CANCELLED = "cancelled", _("recorded by mistake")


class Condition(models.TextChoices):
    """Conditions that make a severe course likelier, as the national guidance lists them."""

    DIABETES = "diabetes", _("diabetes")
    HYPERTENSION = "hypertension", _("high blood pressure")
    HEART = "heart", _("heart disease")
    LUNG = "lung", _("chronic lung disease")
    KIDNEY = "kidney", _("chronic kidney disease")
    LIVER = "liver", _("liver disease")
    CANCER = "cancer", _("cancer")
    IMMUNE = "immune", _("weak immune system")
    STROKE = "stroke", _("earlier stroke")
    OBESITY = "obesity", _("obesity")
    PREGNANCY = "pregnancy", _("pregnancy")
    OTHER = "other", _("another condition")


_WHO = Func(F("person"), F("person"), Value("[]"), function="int4range", output_field=IntegerRangeField())
_WHEN = Func(
    F("began_at"), F("ended_at"), Value("[)"), function="tstzrange", output_field=DateTimeRangeField()
)


class Stay(models.Model):
    """A person stays in a facility from a moment to before a moment: a case under treatment, or a contact.

    `site` is the facility, `ward` the ward or room in it. `case` is the person's own; null for a contact in
    quarantine. `severity` is that of the assessment that stands, `assessed_at` when it was made: both follow from
    `Assessment`, and are kept here so that lists sort by them. The database refuses two stays of one person at once.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "stay"), editable=False
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="stays")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="stays")
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    bed = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12, choices=StayState, default=StayState.PRESENT)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    severity = models.CharField(max_length=12, choices=Severity, blank=True, default="")
    assessed_at = models.DateTimeField(null=True)
    conditions = ArrayField(models.CharField(max_length=12, choices=Condition), default=list, blank=True)
    note = models.CharField(max_length=500, blank=True)
    ground = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    privacy = classified(
        public="id public_id recorded_at recorded_by ended_by",
        personal="person",
        sensitive=("case site ward bed state began_at ended_at severity assessed_at conditions note ground"),
    )

    class Meta:
        constraints = [
            # Row numbers as ranges need no further extension.
            ExclusionConstraint(
                name="stay_one_place_at_a_time",
                expressions=[(_WHO, RangeOperators.OVERLAPS), (_WHEN, RangeOperators.OVERLAPS)],
                condition=~Q(state="cancelled"),
            ),
            models.CheckConstraint(
                name="stay_ends_after_begin",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
            ),
            models.CheckConstraint(
                name="stay_present_has_no_end",
                condition=Q(state="present", ended_at__isnull=True)
                | (~Q(state="present") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "ward"], condition=Q(state="present"), name="stay_present"),
            models.Index(fields=["-began_at", "-id"], name="stay_recent"),
        ]


class StayVersion(Version):
    """What was known of a stay, and from when to when."""

    of = "care.Stay"

    person = row_of("people.Person")
    case = row_of("cases.Case")
    site = row_of("places.Site")
    state = models.CharField(max_length=12)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    privacy = classified(
        public="id act ended_act since until",
        personal="row person",
        sensitive="case site state began_at ended_at",
    )
