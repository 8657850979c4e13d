from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class Severity(models.TextChoices):
    """How ill a patient is; the order and what follows stand in `rules.severity`."""

    ASYMPTOMATIC = "asymptomatic", _("no symptoms")
    MILD = "mild", _("mild")
    MODERATE = "moderate", _("moderate")
    SEVERE = "severe", _("severe")
    CRITICAL = "critical", _("critical")


class Assessment(models.Model):
    """How ill a patient was at a moment. Only added to: `corrected_by` is the one that stands in a wrong one's place.

    A trigger refuses any other change.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "assessment"), editable=False
    )
    stay = models.ForeignKey("care.Stay", on_delete=models.CASCADE, related_name="assessments")
    level = models.CharField(max_length=12, choices=Severity)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    corrected_by = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="corrects")

    privacy = classified(
        public="id public_id recorded_at by",
        personal="stay",
        sensitive="level at note corrected_by",
    )

    class Meta:
        indexes = [
            models.Index(fields=["stay", "-at", "-id"], name="assessment_latest"),
            models.Index(
                fields=["stay", "-at"], condition=Q(corrected_by__isnull=True), name="assessment_stands"
            ),
        ]
