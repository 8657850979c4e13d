from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid, text

_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
ACCENTED = _MARKED + _MARKED.upper()
PLAIN = text.fold(ACCENTED)
"""The letters of Vietnamese with a mark, and in the same order the letter that `lib.text.fold` makes of each."""


class UnitLevel(models.IntegerChoices):
    """Level of an administrative unit. After July 2025 there is no district."""

    PROVINCE = 1, _("province")
    DISTRICT = 2, _("district")
    COMMUNE = 3, _("commune")


class Unit(models.Model):
    """An administrative unit, keyed by (code, valid_from): codes are reused after reforms.

    `path` is "/" and the row numbers from the root down, each closed by "/": a unit's own path begins the path of
    every unit below it.
    """

    code = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField(choices=UnitLevel)
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=60, db_collation="C", unique=True, null=True)  # noqa: DJ001
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)
    area_km2 = models.FloatField(null=True)

    privacy = classified(
        public="id code level name folded parent path valid_from valid_to lon lat population area_km2"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "valid_from"], name="unit_code_valid_from"),
            models.CheckConstraint(
                name="unit_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]
        indexes = [models.Index(fields=["parent"]), models.Index(fields=["folded"])]

    def __str__(self) -> str:
        return self.name


class UnitSuccessor(models.Model):
    """`old` went into `new` in a reform; `share` of its population where that is known, else null."""

    old = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successors")
    new = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="predecessors")
    share = models.FloatField(null=True)

    privacy = classified(public="id old new share")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="unit_successor_pair")]


class Boundary(models.Model):
    """The outline of a unit: WKB in WGS 84. `approximate` where it is a cell around the unit's own point.

    `outline` is the same with fewer corners, for the map; borders that two units share are still shared there.
    """

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="boundary")
    wkb = models.BinaryField()
    outline = models.BinaryField()
    approximate = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    privacy = classified(public="id unit wkb outline approximate source")


class SiteKind(models.TextChoices):
    """What a site is. Its setting, which decides how contact there counts, follows from the kind unless set."""

    PARK = "park", _("industrial park")
    COMPANY = "company", _("company")
    WORKSHOP = "workshop", _("workshop")
    LINE = "line", _("production line")
    CANTEEN = "canteen", _("canteen")
    CANTEEN_ZONE = "canteen_zone", _("canteen zone")
    DORMITORY = "dormitory", _("dormitory")
    BOARDING_HOUSE = "boarding_house", _("boarding house")
    ROOM = "room", _("room")
    HOUSEHOLD = "household", _("household")
    BUS = "bus", _("bus")
    GATE = "gate", _("gate")
    MARKET = "market", _("market")
    SHOP = "shop", _("shop")
    SCHOOL = "school", _("school")
    HOSPITAL = "hospital", _("hospital")
    WARD = "ward", _("hospital ward")
    LABORATORY = "laboratory", _("laboratory")
    QUARANTINE = "quarantine", _("quarantine facility")
    QUARANTINE_ROOM = "quarantine_room", _("quarantine room")
    TEST_POINT = "test_point", _("test point")
    VACCINATION = "vaccination", _("vaccination point")
    CHECKPOINT = "checkpoint", _("checkpoint")
    OTHER = "other", _("other place")


class Site(models.Model):
    """Where people are together; a tree (park > company > workshop > line), with paths as for units.

    `setting` is a code of `science.epi.settings`. `dwell_minutes` is the dwell rule: a check-in without a check-out
    ends so many minutes after it. `code` is the owner's own name for the site, unique, used by files and scanners.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "site"), editable=False
    )
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=SiteKind)
    setting = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    folded = models.GeneratedField(
        expression=Lower(Func(F("name"), Value(ACCENTED), Value(PLAIN), function="TRANSLATE")),
        output_field=models.CharField(max_length=160),
        db_persist=True,
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=120, db_collation="C", unique=True, null=True)  # noqa: DJ001
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.PositiveIntegerField(null=True, blank=True)
    dwell_minutes = models.PositiveSmallIntegerField(default=480)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    # A household or a room may tell who lives there by its name; where people are together is public otherwise.
    privacy = classified(
        public="id public_id code kind setting folded parent path unit capacity dwell_minutes lon lat name"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="site_dwell", condition=Q(dwell_minutes__gt=0, dwell_minutes__lte=1440)
            )
        ]

    def __str__(self) -> str:
        return self.name
