from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q

from tuyendau.access import classified
from tuyendau.lib import publicid


class SavedView(models.Model):
    """What somebody looks at of a list, under a name: filters, columns and order as the `query` of an address.

    It is one user's, or that of a team: of all who hold a role over the same unit or site. `list_name` is that of the
    list. Opening it shows everybody only what they may see.
    """

    privacy = classified(
        public="id public_id list_name made_at changed_at",
        personal="name user unit site made_by",
        sensitive="query",
    )

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "view"), editable=False
    )
    list_name = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("places.Unit", null=True, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey("places.Site", null=True, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="view_one_owner",
                condition=Q(user__isnull=False, unit__isnull=True, site__isnull=True)
                | Q(user__isnull=True, unit__isnull=False, site__isnull=True)
                | Q(user__isnull=True, unit__isnull=True, site__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["list_name", "name", "user", "unit", "site"],
                nulls_distinct=False,
                name="view_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """The view with which a list opens for a user."""

    privacy = classified(public="id list_name", personal="user view")

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list_name"], name="first_view_once")]


class Batch(models.Model):
    """One act on many rows of a list, done one by one by the worker, or at once where they are few.

    `rows` holds for each row its public id and what was seen of it when it was chosen (`[id, seen]`), `data` what the
    act is told. `done` rows have been looked at; `refused` tells which were not changed and why, in the words of the
    user's language.
    """

    privacy = classified(
        public="id public_id list_name act total done made_at ended_at",
        personal="by",
        sensitive="rows data refused ground",
    )

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "batch"), editable=False
    )
    list_name = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    rows = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    ground = models.CharField(max_length=500, blank=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
