from __future__ import annotations

from functools import partial

from django.db import models

from tuyendau.access import classified
from tuyendau.lib import publicid


class Declaration(models.Model):
    """A self-declaration form (Biểu mẫu 4 of QĐ 5053/QĐ-BYT) that came back from an F1: whom they met since.

    Of `case`, if the form was about one. With no `people` the F1 declares to have met nobody.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "declaration"), editable=False
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.SET_NULL, related_name="+")
    returned_on = models.DateField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    privacy = classified(public="id public_id at", personal="person by", sensitive="case returned_on")

    class Meta:
        indexes = [models.Index(fields=["person", "-returned_on"], name="declaration_of_person")]


class Declared(models.Model):
    """One whom an F1 declared to have met: evidence that leads to an F2. `person` where they are on record."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True)
    address = models.CharField(max_length=200, blank=True)
    relation = models.CharField(max_length=100, blank=True)
    last_met_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)

    privacy = classified(
        public="id",
        personal="person full_name phone birth_year address",
        sensitive="declaration relation last_met_on note",
    )
