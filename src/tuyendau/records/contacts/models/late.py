from __future__ import annotations

from django.db import models

from tuyendau.access import classified


class Seen(models.Model):
    """The one row that says up to which snapshot of the database changes of presence have been looked through."""

    one = models.BooleanField(primary_key=True, default=True)
    snapshot = models.TextField(default="3:3:")

    privacy = classified(public="one snapshot")


class Late(models.Model):
    """A change of presence that was published before it was looked through: at a site on a day.

    `person_id` is given where a visit was changed or removed, since that person may be there no more.
    """

    day = models.DateField()
    site_id = models.IntegerField()
    person_id = models.IntegerField(null=True)

    privacy = classified(public="id", sensitive="day site_id person_id")
