from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class MilestoneState(models.TextChoices):
    """How far a milestone has come; what may follow what stands in `rules.MILESTONE_STEPS`."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent to coordination")
    TRACED = "traced", _("traced")
    CLOSED = "closed", _("closed")


class MilestoneExposure(models.TextChoices):
    """How people were together there."""

    INDOORS = "indoors", _("indoors, many people")
    VEHICLE = "vehicle", _("vehicle")
    WORK = "work", _("workplace")
    MEAL = "meal", _("eating together")
    CARE = "care", _("health care")
    OUTDOORS = "outdoors", _("outdoors, crowd")
    OTHER = "other", _("other")


class Milestone(models.Model):
    """An epidemiological milestone of QĐ 5053/QĐ-BYT: a place and a time where cases may have infected others.

    `site`, or `words` and perhaps the commune `unit`. `announced`: the public is to be told of place and time.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "milestone"), editable=False
    )
    site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    exposure = models.CharField(max_length=10, choices=MilestoneExposure, default=MilestoneExposure.INDOORS)
    announced = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=MilestoneState, default=MilestoneState.DRAFT)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state_at = models.DateTimeField()
    state_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    privacy = classified(
        public="id public_id exposure announced state at state_at",
        personal="by state_by",
        sensitive="site words unit start end note",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(site__isnull=False) | ~Q(words=""), name="milestone_is_somewhere"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="milestone_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["site", "start"], name="milestone_of_site"),
            models.Index(fields=["unit", "-start"], name="milestone_of_unit"),
            models.Index(fields=["-start", "-id"], name="milestone_by_day"),
        ]


class MilestoneCase(models.Model):
    """A case that was at a milestone: two cases at one place and time share one."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="links")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    privacy = classified(public="id at", personal="by", sensitive="milestone case")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["milestone", "case"], name="milestone_case_once")]
