from __future__ import annotations

from django.db import models

from tuyendau.access import classified
from tuyendau.core.history.models import Version, row_of


class CaseVersion(Version):
    """What was known of a case, and from when to when."""

    of = "cases.Case"

    person = row_of("people.Person")
    unit = row_of("places.Unit")
    disease = models.CharField(max_length=20)
    status = models.CharField(max_length=10)
    onset_on = models.DateField(null=True)
    sampled_on = models.DateField(null=True)
    result_on = models.DateField(null=True)
    reported_on = models.DateField()
    isolated_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10)
    outcome_on = models.DateField(null=True)

    privacy = classified(
        public="id act ended_act since until",
        personal="row person unit",
        sensitive="disease status onset_on sampled_on result_on reported_on isolated_at outcome outcome_on",
    )
