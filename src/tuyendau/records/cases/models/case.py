from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class CaseStatus(models.TextChoices):
    """Classification of a case; what may follow what stands in `rules.TRANSITIONS`."""

    SUSPECTED = "suspected", _("suspected")
    PROBABLE = "probable", _("probable")
    CONFIRMED = "confirmed", _("confirmed")
    DISCARDED = "discarded", _("discarded")


class Outcome(models.TextChoices):
    RECOVERED = "recovered", _("recovered")
    DIED = "died", _("died")


class Case(models.Model):
    """A case (F0). `code` is its number in the register, unique where given; `unit` the commune where it is counted.

    `disease` is its code in `science.epi.diseases`; a person has one open case of a disease.

    Dates: `onset_on` first symptoms, `sampled_on`, `result_on` of the test that decided, `reported_on` when it was
    announced or entered, `isolated_at` the moment from which it met nobody.

    `details` are the answers to the form of its disease, as `rules.details` reads them: `symptoms` by code with their
    first day (ISO, or null), the other questions by code. `version` counts what was changed, so that of two who change
    a case at once the second is told what the first changed.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "case"), editable=False
    )
    code = models.CharField(max_length=60, unique=True, null=True, blank=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey("places.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    disease = models.CharField(max_length=20, default="covid19")
    status = models.CharField(max_length=10, choices=CaseStatus, default=CaseStatus.SUSPECTED)
    onset_on = models.DateField(null=True, blank=True)
    sampled_on = models.DateField(null=True, blank=True)
    result_on = models.DateField(null=True, blank=True)
    reported_on = models.DateField()
    isolated_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    outcome_on = models.DateField(null=True, blank=True)
    place_infected = models.CharField(max_length=160, blank=True)
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    privacy = classified(
        public="id public_id version",
        personal="code person unit",
        sensitive=(
            "disease status onset_on sampled_on result_on reported_on isolated_at outcome outcome_on place_infected"
            " note details"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "disease"], condition=~Q(status="discarded"), name="case_one_open_a_person"
            ),
            models.CheckConstraint(
                name="case_result_after_sample",
                condition=Q(result_on__isnull=True)
                | Q(sampled_on__isnull=True)
                | Q(result_on__gte=F("sampled_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["-reported_on", "-id"], name="case_recent"),
            models.Index(fields=["unit", "-reported_on"], name="case_unit_recent"),
        ]
