from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class ReportState(models.TextChoices):
    """How far the making of a report is."""

    WAITING = "waiting", _("waiting")
    WORKING = "working", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class ReportBasis(models.TextChoices):
    """By which date cases are counted."""

    REPORTED = "reported", _("by day of report")
    ONSET = "onset", _("by day of onset")
    SAMPLE = "sample", _("by day of sample")


class Schedule(models.Model):
    """That a report of a unit is made every day, as known at `time` of the province's clock.

    One a unit and disease is in force; another one ends it. `since` is from when it is made.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "schedule"), editable=False
    )
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    disease = models.CharField(max_length=20)
    basis = models.CharField(max_length=10, choices=ReportBasis, default=ReportBasis.REPORTED)
    language = models.CharField(max_length=2, default="vi")
    time = models.TimeField()
    since = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    privacy = classified(
        public="id public_id unit disease basis language time since ended_at", personal="by ended_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "disease"], condition=Q(ended_at__isnull=True), name="schedule_one_in_force"
            )
        ]


class Report(models.Model):
    """A situation report of a unit as known at `at`: its numbers (`content`) with their SHA-256, kept as they were.

    It holds counts and no person. `schedule` made it, or `asked_by` asked for it. `done` of `parts` are finished while
    it is made; `failure` says why it could not be. A trigger refuses changes of numbers that are ready.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "report"), editable=False
    )
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    disease = models.CharField(max_length=20)
    basis = models.CharField(max_length=10, choices=ReportBasis, default=ReportBasis.REPORTED)
    language = models.CharField(max_length=2, default="vi")
    at = models.DateTimeField()
    schedule = models.ForeignKey(Schedule, null=True, on_delete=models.PROTECT, related_name="reports")
    asked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    parts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(null=True)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)

    privacy = classified(
        public=(
            "id public_id unit disease basis language at schedule asked_at state done parts failure made_at digest"
        ),
        personal="asked_by",
        sensitive="content",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "at"], name="report_scheduled_once"),
            models.CheckConstraint(
                name="report_ready_is_made",
                condition=~Q(state="ready") | (Q(made_at__isnull=False) & ~Q(digest="")),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-at", "-id"], name="report_recent")]


class ReportFile(models.Model):
    """A report as a file, kept from when it was first made: the same bytes for whoever takes it later."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=4)
    language = models.CharField(max_length=2)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    privacy = classified(public="id report format language digest made_at", sensitive="content")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "format", "language"], name="report_file_once")
        ]
