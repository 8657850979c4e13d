from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class NotificationState(models.TextChoices):
    """Where a report of a case stands; what may follow what stands in `rules.notifying.TRANSITIONS`."""

    SENT = "sent", _("sent")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    RETURNED = "returned", _("sent back")


class Notification(models.Model):
    """The report of a case that the law asks for, as it was sent to the level above; one row a version.

    `begun_at` is when the duty began, `deadline` when it had to be done, by the law of that day; `first_at` when the
    first version was sent, so that every version says whether the report came late. `case_version` is that of the case
    when it was sent: a case that was changed since is to be reported anew. `current` is true of the latest version.

    `sent_at` is when it was sent, `recorded_at` when that was told to the program: they differ where it was reported
    `elsewhere`, on paper or in the ministry's own system, under `reference`. `document` is everything that was sent,
    as it is printed, and `digest` its SHA-256. Nothing of it is changed afterwards but the answer of the level above.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "notification"), editable=False
    )
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="notifications")
    version = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    case_version = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    deadline = models.DateTimeField()
    first_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    sent_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    from_unit = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    from_site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    elsewhere = models.BooleanField(default=False)
    reference = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=NotificationState, default=NotificationState.SENT)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=300, blank=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)

    privacy = classified(
        public="id public_id version current case_version recorded_at from_unit from_site to_unit elsewhere digest",
        personal="case sent_by answered_by",
        sensitive=("begun_at deadline first_at sent_at reference reason state answered_at answer document"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="notification_version_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(current=True), name="notification_one_current"
            ),
            models.CheckConstraint(
                name="notification_answered",
                condition=Q(state="sent", answered_at__isnull=True)
                | Q(state__in=["acknowledged", "returned"], answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_unit", "sent_at"],
                condition=Q(current=True, state="sent"),
                name="notification_waiting",
            ),
        ]

    @property
    def late(self) -> bool:
        """Whether the first report came after its deadline."""
        return self.first_at > self.deadline
