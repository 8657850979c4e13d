from __future__ import annotations

from django.db import models


class Event(models.Model):
    """What happened: who (`by`), when (`at`), what (`kind`, as "case.confirmed"), to what (`subject`, a public id).

    Rows are only ever added: a trigger refuses their change and removal.
    """

    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "id"]), models.Index(fields=["kind", "id"])]
