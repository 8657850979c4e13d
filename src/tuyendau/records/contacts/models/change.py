from __future__ import annotations

from django.db import models

from tuyendau.access import classified
from tuyendau.records.contacts.models.contact import Grade


class Change(models.Model):
    """One person's grade in a case's list changed after its first tracing: `before` None is new, `after` None gone.

    `cause` is the kind of the event that led to it, `by` who set that off; None is the program itself.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.PositiveSmallIntegerField(choices=Grade, null=True)
    after = models.PositiveSmallIntegerField(choices=Grade, null=True)
    cause = models.CharField(max_length=40)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    privacy = classified(public="id at cause", personal="person by", sensitive="case before after")

    class Meta:
        indexes = [
            models.Index(fields=["case", "-at"], name="change_of_case"),
            models.Index(fields=["person", "-at"], name="change_of_person"),
            models.Index(fields=["-at"], name="change_recent"),
        ]


class Look(models.Model):
    """When a user last said that they had seen what changed in a case's list."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    privacy = classified(public="id at", personal="user case")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="look_once")]
