from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class InterviewState(models.TextChoices):
    """Whether an interview is under way; a finished one can be taken up again."""

    BEGUN = "begun", _("under way")
    FINISHED = "finished", _("finished")


class Interview(models.Model):
    """One interview of a case. `saves` counts what was saved: it numbers the answers.

    What it says of presence and contacts is taken into the records when it is finished, not before.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "interview"), editable=False
    )
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="interviews")
    state = models.CharField(max_length=10, choices=InterviewState, default=InterviewState.BEGUN)
    saves = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    privacy = classified(
        public="id public_id saves",
        personal="begun_by finished_by",
        sensitive="case state begun_at finished_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="begun"), name="interview_one_under_way_a_case"
            )
        ]
        indexes = [models.Index(fields=["state", "begun_at"], name="interview_by_state")]


class Answer(models.Model):
    """One value given to one question, never changed: the latest that is not `beside` stands, the others are kept.

    `beside`: somebody else had answered while this was being typed, and theirs stood until one of them chose.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    beside = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    privacy = classified(public="id number name beside at", personal="by", sensitive="interview value")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "name", "number"], name="answer_once_a_save")
        ]


class Verdict(models.TextChoices):
    """What was told of a stay that the records know, or that they do not."""

    CONFIRMED = "confirmed", _("was there")
    DENIED = "denied", _("was not there")
    CORRECTED = "corrected", _("other times")
    ADDED = "added", _("added")


class Stay(models.Model):
    """What was told of one stay. `known_*` is the visit as the records had it when it was asked about, if any.

    `site` is empty where only `words`, and perhaps the commune `unit`, say where it was. `taken_at`: taken into the
    visits then.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "stay"), editable=False
    )
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="stays")
    site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    known_start = models.DateTimeField(null=True)
    known_end = models.DateTimeField(null=True)
    known_source = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    privacy = classified(
        public="id public_id at taken_at",
        personal="by",
        sensitive="interview site words unit start end verdict known_start known_end known_source note",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "site", "known_start", "known_end"],
                condition=Q(known_start__isnull=False),
                name="stay_one_verdict_a_visit",
            ),
            models.CheckConstraint(condition=Q(site__isnull=False) | ~Q(words=""), name="stay_is_somewhere"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="stay_ends_after_start"),
        ]
        indexes = [models.Index(fields=["interview", "start"], name="stay_of_interview")]


class Way(models.TextChoices):
    """On which occasion the case was with somebody."""

    HOUSEHOLD = "household", _("lives with the case")
    WORK = "work", _("works with the case")
    BUS = "bus", _("rode with the case")
    PLACE = "place", _("was at the same place")
    CARE = "care", _("gave care")
    OTHER = "other", _("another occasion")


class Nearness(models.TextChoices):
    """How near they were, as told."""

    LIVED = "lived", _("slept or ate together")
    FACE = "face", _("face to face, within 2 m")
    ROOM = "room", _("in one room or vehicle")
    PASSING = "passing", _("in passing")


class Named(models.Model):
    """Somebody, or `people` unknown people, whom the case named; `source`: who could have infected the case.

    `person` is whoever they are on record, or became when the interview was finished; the words are as told.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "named"), editable=False
    )
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="named")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True)
    unit = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    people = models.PositiveSmallIntegerField(default=1)
    way = models.CharField(max_length=10, choices=Way)
    near = models.CharField(max_length=10, choices=Nearness, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    stay = models.ForeignKey(Stay, null=True, on_delete=models.SET_NULL, related_name="named")
    site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    source = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    privacy = classified(
        public="id public_id at taken_at",
        personal="person full_name phone birth_year unit address by",
        sensitive="interview people way near minutes stay site first_on last_on source note",
    )

    class Meta:
        indexes = [models.Index(fields=["interview", "id"], name="named_of_interview")]
