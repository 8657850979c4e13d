from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tuyendau.access import classified


class Degree(models.Model):
    """How far a person stands from the active cases of a disease: 0 is a confirmed case (F0), 1 met one (F1).

    `case` is through whom: their own, or the nearest of those whom they met. An F1 could have been infected from
    `since`; by `until` (last exposure, and the days of quarantine) it passes nothing on. `met` are the row numbers of
    the people whom an F1 met closely in between, the F2 where they are not F0 or F1 themselves: one row an F1, not one
    a pair. They are counted by the worker, last at `met_at`; `stale` says that they have to be counted again.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    disease = models.CharField(max_length=20)
    degree = models.PositiveSmallIntegerField()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    met = ArrayField(models.IntegerField(), default=list)
    met_at = models.DateTimeField(null=True)
    stale = models.BooleanField(default=True)

    privacy = classified(
        public="id met_at stale", personal="person", sensitive="disease degree case since until met"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "disease"], name="degree_one_a_disease"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(degree=1, stale=True), name="degree_to_count"),
        ]


class Quarantine(models.Model):
    """From `since` a person is kept apart and passes nothing on, as an order or whoever followed them up says."""

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    privacy = classified(public="id", personal="person", sensitive="since")
