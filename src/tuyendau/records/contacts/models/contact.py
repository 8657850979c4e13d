from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import clock, publicid


class Grade(models.IntegerChoices):
    """How near a contact was, by the contact policy; the lower, the nearer. The codes are those of `science.epi`."""

    CLOSE = 0, _("close")
    NEAR = 1, _("near")
    AROUND = 2, _("around")
    EXCLUDED = 3, _("not a contact")
    """By somebody's decision; tracing never lists who is below every rule of the policy."""


NEARNESS = (Grade.CLOSE, Grade.NEAR, Grade.AROUND)
"""The grades of those who count as contacts, the nearest first."""


class Evidence(models.TextChoices):
    """What an exposure rests on."""

    VISITS = "visits", _("presence at one site")
    ENCOUNTER = "encounter", _("measured nearness")
    REPORTED = "reported", _("reported contact")


TRACED = (Evidence.VISITS, Evidence.ENCOUNTER)
"""What tracing finds and replaces; the rest stays."""


class Trace(models.Model):
    """One tracing of a case: the window, the policy and parameters used, what was found. The latest one counts."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="trace")
    at = models.DateTimeField()
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    policy = models.CharField(max_length=60)
    parameters = models.JSONField()
    f2_count = models.PositiveIntegerField()
    stale_since = models.DateTimeField(null=True)
    """Since when presence is known to have changed that this tracing has not taken in; None where it has all."""
    stale_cause = models.CharField(max_length=40, blank=True)
    """The kind of event by which it became so."""

    privacy = classified(
        public="id at policy parameters stale_since stale_cause",
        sensitive="case window_start window_end f2_count",
    )

    class Meta:
        indexes = [
            models.Index(fields=["stale_since"], condition=~Q(stale_since=None), name="trace_stale"),
        ]


class Contact(models.Model):
    """A person's grade as a contact of one case, with what it rests on summed up over its exposures.

    `grade` is what counts: what somebody decided by hand (`Judgement`), else the nearer of what tracing found
    (`traced_grade`, None where it found nothing) and what people reported (`Link`). Times are in seconds;
    `assumed_seconds` of them rest on an assumed end. `first` and `last` are of all evidence. `probability` is that of
    transmission as estimated by the policy in force. `rank` orders the list of the case from 1. `listed_at` is when
    the person came into this list; it stays through every tracing.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "contact"), editable=False
    )
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="contacts")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="contacts")
    grade = models.PositiveSmallIntegerField(choices=Grade)
    traced_grade = models.PositiveSmallIntegerField(choices=Grade, null=True)
    rank = models.PositiveIntegerField()
    probability = models.FloatField()
    seconds = models.PositiveIntegerField()
    assumed_seconds = models.PositiveIntegerField(default=0)
    first = models.DateTimeField(null=True)
    last = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(default=clock.now)

    privacy = classified(
        public="id public_id",
        personal="person",
        sensitive="case grade traced_grade rank probability seconds assumed_seconds first last listed_at",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="contact_once_a_case")]
        indexes = [
            models.Index(fields=["case", "grade", "rank"], name="contact_list"),
            models.Index(fields=["listed_at", "grade"], name="contact_listed"),
        ]


class Exposure(models.Model):
    """The evidence of a contact: one source (the contact's case), one contact, one site."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="exposures")
    site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=10, choices=Evidence)
    link = models.OneToOneField("contacts.Link", null=True, on_delete=models.CASCADE, related_name="exposure")
    """What somebody reported, where it rests on that."""
    seconds = models.PositiveIntegerField()
    assumed_seconds = models.PositiveIntegerField(default=0)
    first = models.DateTimeField(null=True)
    last = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    privacy = classified(
        public="id", sensitive="contact site evidence link seconds assumed_seconds first last note"
    )
