from __future__ import annotations

from django.db import models
from django.db.models.fields.json import KT

from tuyendau.access import classified


class Event(models.Model):
    """What happened: who (`by`), when (`at`), what (`kind`, as "case.confirmed"), to what (`subject`, a public id).

    `ground` says by what right or for what reason, `device` which gate device acted (its public id). Rows are only
    ever added: a trigger refuses their change and removal.
    """

    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    ground = models.TextField(blank=True, default="", db_default="")
    device = models.CharField(max_length=40, blank=True, default="", db_default="")

    privacy = classified(public="id at kind subject device", personal="by", sensitive="data ground")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"]),
            models.Index(fields=["-at", "-id"], name="event_recent"),
            models.Index(fields=["by", "-at", "-id"], name="event_by_recent"),
            models.Index(fields=["kind", "-at", "-id"], name="event_kind_recent"),
            # Of whom an event tells besides its subject, as the person of a case.
            models.Index(KT("data__person"), name="event_person", condition=models.Q(data__has_key="person")),
            models.Index(
                fields=["-at", "-id"], name="event_exports", condition=models.Q(kind__endswith="exported")
            ),
        ]


class Link(models.Model):
    """The place of one event in the chain.

    `seq` counts from 1 without gaps, in the order in which transactions were committed. `digest` is the SHA-256 of the
    digest before it and of the event. The database writes links as a transaction commits, and nobody changes them.
    """

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.DO_NOTHING, db_constraint=False, related_name="link")
    digest = models.BinaryField()

    privacy = classified(public="seq event digest")


class Check(models.Model):
    """One verification of the chain by the worker: events `first` to `last`, and each break in words for a machine.

    `digest` is that of `last`: it and `last` are the anchor that was noted in the file of anchors.
    """

    at = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    digest = models.BinaryField()
    breaks = models.JSONField(default=list)

    privacy = classified(public="id at first last digest breaks")

    @property
    def digest_hex(self) -> str:
        return bytes(self.digest).hex()
