from __future__ import annotations

from functools import partial

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.core.history.models import Version, row_of
from tuyendau.lib import publicid


class State(models.TextChoices):
    """Where an order stands; what may follow what stands in `rules.TRANSITIONS`."""

    DRAFT = "draft", _("draft")
    SIGNED = "signed", _("signed")
    LIFTED = "lifted", _("lifted")
    SUPERSEDED = "superseded", _("replaced by another")
    DROPPED = "dropped", _("dropped")


class Kind(models.TextChoices):
    ISOLATION = "isolation", _("isolation of a case")
    QUARANTINE = "quarantine", _("quarantine of a contact")


class PlaceKind(models.TextChoices):
    """Where somebody is to stay."""

    FACILITY = "facility", _("quarantine facility")
    HOME = "home", _("at home")
    HOSPITAL = "hospital", _("hospital, treatment facility")


class Office(models.TextChoices):
    """In what office somebody signs, as it stands above the name."""

    CHAIR = "chair", _("Chair")
    VICE_CHAIR = "vice_chair", _("For the chair: vice chair")
    COMMITTEE_HEAD = "committee_head", _("Head of the steering committee")
    COMMITTEE_DEPUTY = "committee_deputy", _("For the head: deputy head of the steering committee")


class Series(models.Model):
    """The orders of one authority in one year, counted from 1 without gaps. `last` is the last number given.

    `suffix` is what stands behind the number, as QĐ-UBND. `first` is where the year's count began in this program,
    above 1 where the authority had numbered orders on paper before.
    """

    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    suffix = models.CharField(max_length=20)
    first = models.PositiveIntegerField(default=1)
    last = models.PositiveIntegerField(default=0)

    privacy = classified(public="id unit year suffix first last")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "suffix"], name="order_series_once"),
            models.CheckConstraint(name="order_series_counts", condition=Q(last__gte=F("first") - 1)),
        ]


def _range(name: str) -> Func:
    return Func(F(name), F(name), Value("[]"), function="int4range", output_field=IntegerRangeField())


_IN_FORCE = Q(state__in=["signed", "lifted"])
_DAYS = Func(F("starts_on"), F("over_from"), Value("[)"), function="daterange", output_field=DateRangeField())


class Order(models.Model):
    """An order that a person stay somewhere from a day to a day, both whole.

    `case` is the case that it rests on: the person's own (isolation), or that which they met (quarantine), with the
    days `exposed_from` to `exposed_on`. `grounds` are the legal texts as cited. `extends` is the order that it goes on
    from, `replaces` the one in whose place it stands. `over_from` is the first day on which it no longer binds.
    `document` is everything that was signed, as it was printed, and `digest` its SHA-256; nothing of a signed order is
    changed afterwards but its end: a trigger refuses it.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "order"), editable=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="orders")
    disease = models.CharField(max_length=20)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    exposed_from = models.DateField(null=True)
    exposed_on = models.DateField(null=True)
    ground = models.CharField(max_length=300, blank=True)
    grounds = ArrayField(models.CharField(max_length=400), default=list)
    regime = models.CharField(max_length=60, blank=True)
    place_kind = models.CharField(max_length=10, choices=PlaceKind)
    site = models.ForeignKey("places.Site", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    over_from = models.DateField()
    extends = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="extended_by")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    drafted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    series = models.ForeignKey(Series, null=True, on_delete=models.PROTECT, related_name="orders")
    number = models.PositiveIntegerField(null=True)
    signed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    signed_name = models.CharField(max_length=120, blank=True)
    signed_office = models.CharField(max_length=20, choices=Office, blank=True)
    signed_at = models.DateTimeField(null=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    lifted_on = models.DateField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    lift_ground = models.CharField(max_length=300, blank=True)

    privacy = classified(
        public="id public_id series number digest signed_office",
        personal="person drafted_by signed_by signed_name lifted_by",
        sensitive=(
            "kind state disease case exposed_from exposed_on ground grounds regime place_kind site address starts_on"
            " ends_on over_from extends replaces drafted_at signed_at document lifted_on lifted_at lift_ground"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="order_number_once"),
            models.CheckConstraint(
                name="order_period", condition=Q(ends_on__gte=F("starts_on"), over_from__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="order_signed_is_numbered",
                condition=Q(state__in=["draft", "dropped"], number__isnull=True, signed_at__isnull=True)
                | Q(
                    state__in=["signed", "lifted", "superseded"],
                    number__isnull=False,
                    series__isnull=False,
                    signed_at__isnull=False,
                    signed_by__isnull=False,
                ),
            ),
            # A person is bound by one order of a kind at a time. Row numbers as ranges need no further extension.
            ExclusionConstraint(
                name="order_isolation_once",
                expressions=[(_range("person"), RangeOperators.OVERLAPS), (_DAYS, RangeOperators.OVERLAPS)],
                condition=_IN_FORCE & Q(kind="isolation"),
            ),
            ExclusionConstraint(
                name="order_quarantine_once",
                expressions=[(_range("person"), RangeOperators.OVERLAPS), (_DAYS, RangeOperators.OVERLAPS)],
                condition=_IN_FORCE & Q(kind="quarantine"),
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state="draft"), name="order_one_draft"
            ),
        ]
        indexes = [
            models.Index(fields=["-drafted_at", "-id"], name="order_recent"),
            models.Index(fields=["ends_on"], condition=Q(state="signed"), name="order_ending"),
            models.Index(fields=["drafted_at"], condition=Q(state="draft"), name="order_drafts"),
        ]

    @property
    def number_shown(self) -> str:
        """The number as printed, as it was signed; empty for a draft."""
        return str(self.document.get("number", ""))


class OrderVersion(Version):
    """What was known of an order, and from when to when."""

    of = "orders.Order"

    person = row_of("people.Person")
    disease = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    case = row_of("cases.Case")
    place_kind = models.CharField(max_length=10)
    site = row_of("places.Site")
    starts_on = models.DateField()
    over_from = models.DateField()
    signed_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    privacy = classified(
        public="id act ended_act since until",
        personal="row person",
        sensitive="disease kind state case place_kind site starts_on over_from signed_at lifted_at",
    )
