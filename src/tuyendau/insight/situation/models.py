from __future__ import annotations

from django.db import models

from tuyendau.access import classified


class Look(models.Model):
    """When a user last looked at the situation of a place, and since when changes are told to them.

    `place` is the path of the unit, "" of somebody's whole area where that is no one unit.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    since = models.DateTimeField()

    privacy = classified(public="id place at since", personal="user")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="situation_look_once")]
