from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VisitSource(models.IntegerChoices):
    """How a presence interval became known."""

    SCAN = 1, _("scan")
    ROSTER = 2, _("roster")
    ROOM = 3, _("room list")
    BUS = 4, _("bus list")
    INTERVIEW = 5, _("interview")
    DECLARATION = 6, _("declaration")
    FILE = 7, _("file")


class Visit(models.Model):
    """`person` was at `site` over [start, end). `end_assumed` where no check-out was seen and the dwell rule set it.

    The table is partitioned by the province's day of `start`; the migration makes it, and triggers on it note in
    `Pending` what segments do not hold yet.
    """

    pk = models.CompositePrimaryKey("start", "id")
    id = models.BigIntegerField(db_default=0)
    person = models.ForeignKey(
        "people.Person", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    site = models.ForeignKey(
        "places.Site", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    end_assumed = models.BooleanField(default=False)
    source = models.PositiveSmallIntegerField(choices=VisitSource)
    recorded_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "visits_visit"


class Segment(models.Model):
    """The published segment of one day: the file that holds it, and how many rows."""

    day = models.DateField(primary_key=True)
    file = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    built_at = models.DateTimeField()


class Pending(models.Model):
    """A (person, site, day) whose visits changed since that day's segment was built; written by triggers."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    person_id = models.IntegerField()
    site_id = models.IntegerField()

    class Meta:
        managed = False
        db_table = "visits_pending"
