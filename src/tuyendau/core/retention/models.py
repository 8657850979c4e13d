from __future__ import annotations

from django.db import models
from django.db.models import Q

from tuyendau.access import classified


class Policy(models.Model):
    """One version of the periods: days by class of data. The latest that a person approved is in force.

    Versions are never changed, apart from being approved; `source` says what the periods rest on.
    """

    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    periods = models.JSONField()
    source = models.CharField(max_length=300)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    privacy = classified(public="id at periods source approved_at", personal="by approved_by")


class Hold(models.Model):
    """Everything of one person, by their public id, is kept while a hold is in force: a complaint, a lawsuit."""

    subject = models.CharField(max_length=40)
    ground = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    privacy = classified(public="id at ended_at", personal="subject by ended_by", sensitive="ground")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(ended_at__isnull=True), name="hold_one_a_subject"
            )
        ]
