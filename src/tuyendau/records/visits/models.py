from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import clock


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

    privacy = classified(public="pk id end_assumed source recorded_at", sensitive="person site start end")

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

    @property
    def rostered(self) -> bool:
        """Whether a roster only supposes it: nobody was seen."""
        lists = (VisitSource.ROSTER, VisitSource.ROOM, VisitSource.BUS)
        return self.end_assumed and self.source in lists

    @property
    def still_inside(self) -> bool:
        """Whether somebody who was seen to come in has not left yet, as far as is known."""
        return self.end_assumed and not self.rostered and self.start <= clock.now() < self.end

    @property
    def span(self) -> str:
        """Both times in seconds since 1970, as addresses name them."""
        return f"{int(self.start.timestamp())}-{int(self.end.timestamp())}"


class Segment(models.Model):
    """The published segment of one day: the file that holds it, and how many rows."""

    privacy = classified(public="day file rows built_at")

    day = models.DateField(primary_key=True)
    file = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    built_at = models.DateTimeField()


class Pending(models.Model):
    """A (person, site, day) whose visits changed since that day's segment was built; written by triggers."""

    privacy = classified(public="id", sensitive="day person_id site_id")

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    person_id = models.IntegerField()
    site_id = models.IntegerField()

    class Meta:
        managed = False
        db_table = "visits_pending"


class Encounter(models.Model):
    """`a` and `b`, the lower row number first, were near each other from `start` for `seconds`, as a device measured.

    Partitioned by the province's day of `start`, as visits are.
    """

    privacy = classified(public="recorded_at", sensitive="pk a b start seconds")

    pk = models.CompositePrimaryKey("a", "b", "start")
    a = models.ForeignKey("people.Person", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    b = models.ForeignKey("people.Person", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    start = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "visits_encounter"


class Removal(models.Model):
    """The one row that tells what is no longer kept: the days before `kept_from`.

    `drops` and `removals` count how often days were dropped and encounters taken back.
    """

    privacy = classified(public="one kept_from drops removals")

    one = models.BooleanField(primary_key=True, default=True)
    kept_from = models.DateField()
    drops = models.BigIntegerField(default=0)
    removals = models.BigIntegerField(default=0)

    class Meta:
        managed = False
        db_table = "visits_removal"


class ToldBy(models.TextChoices):
    """Who told of a stay in an interview."""

    PERSON = "person", _("the person")
    FAMILY = "family", _("family")
    COLLEAGUE = "colleague", _("a colleague")
    EMPLOYER = "employer", _("the employer")
    OTHER = "other", _("somebody else")


class Statement(models.Model):
    """What somebody told in an interview: `person` was at `site` over [start, end). The visit stands beside it."""

    privacy = classified(public="id at", personal="by", sensitive="person site start end told_by note")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    told_by = models.CharField(max_length=10, choices=ToldBy)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "start"], name="statement_of_person")]


class Excused(models.Model):
    """The roster supposes nothing of `person` at `site` on `day`: they were absent, or it was wrong of them."""

    privacy = classified(public="id day at", personal="person site by")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "site", "day"], name="excused_once_a_day")]
        indexes = [models.Index(fields=["day", "site"], name="excused_of_day")]


class BatchKind(models.TextChoices):
    """What the rows of a batch are."""

    VISITS = "visits", _("visits")
    ENCOUNTERS = "encounters", _("encounters")


class Batch(models.Model):
    """Rows that a sender gave under a key of its own, and the answer, which the same key is given again.

    `sender` is the public id of a device, or "user_" and a user's row number. `digest` is the SHA-256 of the body.
    """

    privacy = classified(
        public="id kind key digest received_at rows accepted doubled refused", personal="sender answer"
    )

    sender = models.CharField(max_length=40)
    key = models.CharField(max_length=100, db_collation="C")
    kind = models.CharField(max_length=10, choices=BatchKind)
    digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    doubled = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    answer = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "key"], name="batch_once_a_key")]
        indexes = [models.Index(fields=["received_at"], name="batch_by_age")]
