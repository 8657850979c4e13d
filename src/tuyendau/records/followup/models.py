from __future__ import annotations

from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tuyendau.access import classified
from tuyendau.core.history.models import Version, row_of
from tuyendau.lib import publicid


class State(models.TextChoices):
    """Where a follow-up stands; what may follow what stands in `rules.TRANSITIONS`."""

    OPEN = "open", _("in follow-up")
    LOST = "lost", _("lost")
    COMPLETED = "completed", _("completed")
    CONVERTED = "converted", _("became a case")
    CANCELLED = "cancelled", _("ended early")


class Why(models.TextChoices):
    """Why a follow-up ended."""

    OVER = "over", _("all days are over")
    UNANSWERED = "unanswered", _("no answer after the last day")
    BECAME_CASE = "became_case", _("became a case")
    TAKEN_BACK = "taken_back", _("is no contact any more")
    SOURCE_NEGATIVE = "source_negative", _("the first test of the F1 is negative")
    BY_HAND = "by_hand", _("ended by hand")
    MERGED = "merged", _("goes on with the person they turned out to be")


class Result(models.TextChoices):
    """What a check found."""

    WELL = "well", _("seen, well")
    SYMPTOMATIC = "symptomatic", _("symptomatic")
    NOT_REACHED = "not_reached", _("not reached")
    REFUSED = "refused", _("refused")
    MOVED = "moved", _("has moved")
    TESTED = "tested", _("seen, sample taken")


class How(models.TextChoices):
    """How a check was made."""

    VISIT = "visit", pgettext_lazy("how somebody was checked", "visit")
    TELEPHONE = "telephone", _("telephone")
    SELF = "self", _("self-declared")


class Symptom(models.TextChoices):
    """Symptoms that a check may name."""

    FEVER = "fever", _("fever")
    COUGH = "cough", _("cough")
    BREATH = "breath", _("short of breath")
    THROAT = "throat", _("sore throat")
    TIRED = "tired", _("tired, aching")
    SMELL = "smell", _("no smell or taste")
    RASH = "rash", _("rash")
    OTHER = "other", _("other symptoms")


class FollowUp(models.Model):
    """Somebody who is checked daily for the days of a regime: a case (degree 0), a contact (1), one of theirs (2).

    `last_exposure` is day 0, `planned_day` the last day by the regime, `last_day` that as extended. `days`, `tests` and
    `checks_a_day` are those of the regime when it was last set. `case` is that of the latest exposure, `source_person`
    the F1 of an F2. `hand_exposure` and `ground` are of whoever was put into follow-up by hand. `site` is where they
    stay. `ended_at` null is in force. The fields behind `checked_on` sum up the checks that stand: see `rules.summary`.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "follow"), editable=False
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="followups")
    disease = models.CharField(max_length=20)
    degree = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    regime = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField()
    tests = ArrayField(models.PositiveSmallIntegerField(), default=list)
    checks_a_day = models.PositiveSmallIntegerField(default=1)
    began_on = models.DateField()
    first_exposure = models.DateField(null=True)
    last_exposure = models.DateField()
    planned_day = models.DateField()
    last_day = models.DateField()
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    source_person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    probability = models.FloatField(default=0.0)
    hand_exposure = models.DateField(null=True)
    ground = models.CharField(max_length=500, blank=True)
    site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    checked_on = models.DateField(null=True)
    result = models.CharField(max_length=12, choices=Result, blank=True, default="")
    reached_on = models.DateField(null=True)
    times = models.PositiveSmallIntegerField(default=0)
    unreached = models.PositiveSmallIntegerField(default=0)
    tested_on = models.DateField(null=True)
    symptomatic_on = models.DateField(null=True)
    next_test_on = models.DateField(null=True)
    alarm_at = models.DateTimeField(null=True)
    alarm_answered_at = models.DateTimeField(null=True)
    alarm_answered_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    alarm_answer = models.CharField(max_length=300, blank=True)
    lost_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=16, choices=Why, blank=True, default="")

    privacy = classified(
        public="id public_id",
        personal="person officer alarm_answered_by ended_by",
        sensitive=(
            "disease degree state regime days tests checks_a_day began_on first_exposure last_exposure planned_day"
            " last_day case source_person probability hand_exposure ground site checked_on result reached_on times"
            " unreached tested_on symptomatic_on next_test_on alarm_at alarm_answered_at alarm_answer lost_at level"
            " ended_at why"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "disease"], condition=Q(ended_at__isnull=True), name="followup_one_in_force"
            ),
            models.CheckConstraint(
                name="followup_days_in_order",
                condition=Q(planned_day__gte=F("last_exposure"), last_day__gte=F("planned_day")),
            ),
            models.CheckConstraint(
                name="followup_ended_has_a_reason",
                condition=Q(ended_at__isnull=True, why="") | Q(ended_at__isnull=False) & ~Q(why=""),
            ),
        ]
        indexes = [
            models.Index(fields=["last_day"], condition=Q(ended_at__isnull=True), name="followup_in_force"),
            models.Index(fields=["officer"], condition=Q(ended_at__isnull=True), name="followup_of_officer"),
            models.Index(fields=["site"], condition=Q(ended_at__isnull=True), name="followup_at_site"),
            models.Index(fields=["-ended_at"], name="followup_ended"),
        ]


class Source(models.Model):
    """A case because of which somebody is followed as its contact."""

    followup = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="sources")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")

    privacy = classified(public="id", sensitive="followup case")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["followup", "case"], name="followup_source_once")]


class Check(models.Model):
    """One check of somebody in follow-up: for which `day`, when, by whom, how, what it found.

    A check is never changed: a correction is another one that `replaces` it, and the first is `withdrawn`. Temperature
    is in °C. `at` is when it was made, `recorded_at` when it was entered, later where it was on paper first.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "check"), editable=False
    )
    followup = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="checks")
    day = models.DateField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How)
    result = models.CharField(max_length=12, choices=Result)
    symptoms = ArrayField(models.CharField(max_length=10, choices=Symptom), default=list)
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    tested = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    privacy = classified(
        public="id public_id replaces",
        personal="by withdrawn_by",
        sensitive="followup day at recorded_at how result symptoms temperature tested note withdrawn_at",
    )

    class Meta:
        indexes = [models.Index(fields=["followup", "day", "at"], name="check_by_day")]


class FollowUpVersion(Version):
    """What was known of a follow-up, and from when to when."""

    of = "followup.FollowUp"

    person = row_of("people.Person")
    disease = models.CharField(max_length=20)
    degree = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10)
    began_on = models.DateField()
    last_exposure = models.DateField()
    last_day = models.DateField()
    case = row_of("cases.Case")
    site = row_of("places.Site")
    lost_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=16)

    privacy = classified(
        public="id act ended_act since until",
        personal="row person",
        sensitive="disease degree state began_on last_exposure last_day case site lost_at ended_at why",
    )
