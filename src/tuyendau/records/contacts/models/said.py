from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid
from tuyendau.records.contacts.models.contact import Grade


class SaidBy(models.TextChoices):
    """Who told that two people met."""

    CASE = "case", _("the case")
    CONTACT = "contact", _("the contact")
    FAMILY = "family", _("family")
    COLLEAGUE = "colleague", _("a colleague")
    EMPLOYER = "employer", _("the employer")
    OFFICER = "officer", _("an officer")
    FILE = "file", _("a file")
    OTHER = "other", _("somebody else")


class Link(models.Model):
    """Somebody says that `person` met the case: first-class evidence, ended with a reason and never deleted.

    Where: a `site` or words in `place`. From `first` until `last`, where known. `grade` is how near. `said_by` told it
    and `reason` says what they told; `by` entered it.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "link"), editable=False
    )
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="links")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="links")
    site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=160, blank=True)
    first = models.DateTimeField(null=True)
    last = models.DateTimeField(null=True)
    grade = models.PositiveSmallIntegerField(choices=Grade, default=Grade.CLOSE)
    said_by = models.CharField(max_length=10, choices=SaidBy)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.CharField(max_length=300, blank=True)

    privacy = classified(
        public="id public_id at ended_at",
        personal="person by ended_by",
        sensitive="case site place first last grade said_by reason ended_why",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_lasts", condition=Q(first=None) | Q(last=None) | Q(first__lt=models.F("last"))
            ),
        ]
        indexes = [models.Index(fields=["case", "person"], name="link_of_case")]


class Judgement(models.Model):
    """Somebody decided by hand what `person` is to the case: a grade, or no contact at all, with a reason.

    It stands over what tracing says, through every tracing, until it is withdrawn with a reason of its own.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "judgement"), editable=False
    )
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="judgements")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField(choices=Grade)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_why = models.CharField(max_length=300, blank=True)

    privacy = classified(
        public="id public_id at withdrawn_at",
        personal="person by withdrawn_by",
        sensitive="case grade reason withdrawn_why",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(withdrawn_at=None), name="judgement_one_in_force"
            ),
        ]
