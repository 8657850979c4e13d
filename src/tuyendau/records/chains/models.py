from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class Basis(models.IntegerChoices):
    """The date that stands for the onset of a case. The codes are those of `science.chains`."""

    ONSET = 0, _("onset")
    SAMPLE = 1, _("sample")
    RESULT = 2, _("result")
    REPORT = 3, _("report")


class Verdict(models.TextChoices):
    """What an officer decided of an infector."""

    INFECTED_BY = "infected_by", _("infected by")
    NOT_BY = "not_by", _("not infected by")


class Origin(models.TextChoices):
    """Where a decision comes from."""

    HAND = "hand", _("decided by hand")
    PUBLISHED = "published", _("taken from a published list")


class Link(models.Model):
    """One likely infector of a case with its weight; `infector` None is a source that is not in the list.

    The weights of a case sum to 1 together with those of the infectors beyond the first few, which its `Standing` sums
    up. `hazard` is cumulative over their meetings, `fit` that of the dates as a share of the likeliest, `days` from the
    date of the infector to that of the infectee. Site, times (seconds) and evidence are those of the exposure that
    weighs most.
    """

    infectee = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="infectors")
    infector = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="infectees")
    rank = models.PositiveSmallIntegerField()
    weight = models.FloatField()
    hazard = models.FloatField(default=0.0)
    fit = models.FloatField(default=0.0)
    days = models.SmallIntegerField(default=0)
    named = models.BooleanField(default=False)
    evidence = models.CharField(max_length=10, blank=True, default="")
    site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    seconds = models.PositiveIntegerField(default=0)
    first = models.DateTimeField(null=True)
    last = models.DateTimeField(null=True)

    privacy = classified(
        public="id",
        sensitive="infectee infector rank weight hazard fit days named evidence site seconds first last",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["infectee", "infector"], name="link_once", nulls_distinct=False)
        ]


class Standing(models.Model):
    """Where a case stands in the most likely forest, computed from its links and from what was decided.

    `day` stands for its onset, by `basis`. `infector` None: infected by nobody in the list, with that `weight`. `head`
    is the first case of its tree, `generation` how many steps lie between. `others` likely infectors are beyond those
    kept, with `others_weight` together.
    """

    case = models.OneToOneField(
        "cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    day = models.DateField()
    basis = models.PositiveSmallIntegerField(choices=Basis)
    infector = models.ForeignKey("cases.Case", null=True, on_delete=models.SET_NULL, related_name="infected")
    weight = models.FloatField(default=1.0)
    decided = models.BooleanField(default=False)
    generation = models.PositiveSmallIntegerField(default=0)
    head = models.ForeignKey("cases.Case", null=True, on_delete=models.SET_NULL, related_name="+")
    others = models.PositiveIntegerField(default=0)
    others_weight = models.FloatField(default=0.0)
    method = models.CharField(max_length=20)
    computed_at = models.DateTimeField()

    privacy = classified(
        public="method computed_at",
        sensitive="case day basis infector weight decided generation head others others_weight",
    )


class Decision(models.Model):
    """What an officer or a published list says of an infector (None: nobody in the list); computing keeps it."""

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "chain"), editable=False
    )
    infectee = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="chain_decisions")
    infector = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=12, choices=Verdict)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HAND)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True, default="")

    privacy = classified(
        public="id public_id",
        personal="by withdrawn_by",
        sensitive="infectee infector verdict origin reason at withdrawn_at withdrawn_reason",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["infectee"],
                condition=Q(withdrawn_at__isnull=True, verdict="infected_by"),
                name="decision_one_infector",
            ),
            models.UniqueConstraint(
                fields=["infectee", "infector"],
                condition=Q(withdrawn_at__isnull=True),
                name="decision_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="decision_not_themselves",
                condition=Q(infector__isnull=True) | ~Q(infector=models.F("infectee")),
            ),
        ]


class Waiting(models.Model):
    """A case of which something changed that its chains rest on; the worker takes these and computes anew."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)

    privacy = classified(public="id", sensitive="case")
