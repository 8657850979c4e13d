from __future__ import annotations

from functools import partial

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tuyendau.lib import publicid


class Sex(models.TextChoices):
    FEMALE = "F", _("female")
    MALE = "M", _("male")
    UNKNOWN = "", _("not known")


class Person(models.Model):
    """A person. `code` is the number by which files and scanners know them (worker or ID number), unique.

    `full_name` may be empty: a case is often reported before its name. `unit` is the commune of residence.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "person"), editable=False
    )
    code = models.CharField(max_length=60, unique=True, null=True, blank=True)
    full_name = models.CharField(max_length=120, blank=True)
    folded = models.CharField(max_length=120, blank=True, editable=False, db_collation="C")
    sex = models.CharField(max_length=1, choices=Sex, blank=True, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey("places.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["folded", "id"], name="person_by_name"),
            models.Index(fields=["phone"], opclasses=["varchar_pattern_ops"], name="person_by_phone"),
            GinIndex(SearchVector("folded", config="simple"), name="person_by_words"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.code or self.public_id


class Assignment(models.Model):
    """A person belongs at a site over a period: works on a line, lives in a room, rides a bus."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="assignments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "site", "valid_from"], name="assignment_once"),
            models.CheckConstraint(
                name="assignment_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]
