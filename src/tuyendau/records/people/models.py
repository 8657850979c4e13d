from __future__ import annotations

from functools import partial

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.core.history.models import Version, row_of
from tuyendau.lib import publicid


class Sex(models.TextChoices):
    FEMALE = "F", _("female")
    MALE = "M", _("male")
    UNKNOWN = "", _("not known")


class Person(models.Model):
    """A person. `code` is the number by which files and scanners know them (worker or ID number), unique.

    `full_name` may be empty: a case is often reported before its name. `unit` is the commune of residence. Of many
    only the year of birth is known; `birth_year` is that of `birth_date` where there is one. Whoever turned out to be
    the same as another is `merged_into` that one, stands in no list, and is found by the old code as the other.
    """

    privacy = classified(
        public="id public_id merged_into",
        personal="code full_name folded sex birth_year birth_date phone unit address",
    )

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "person"), editable=False
    )
    code = models.CharField(max_length=60, unique=True, null=True, blank=True)
    full_name = models.CharField(max_length=120, blank=True)
    folded = models.CharField(max_length=120, blank=True, editable=False, db_collation="C")
    sex = models.CharField(max_length=1, choices=Sex, blank=True, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey("places.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", editable=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_birth_agrees",
                condition=Q(birth_date__isnull=True)
                | Q(birth_year__isnull=False, birth_date__year=F("birth_year")),
            ),
            models.CheckConstraint(
                name="person_not_merged_into_self",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
        ]
        indexes = [
            models.Index(fields=["folded", "id"], name="person_by_name"),
            models.Index(fields=["phone"], opclasses=["varchar_pattern_ops"], name="person_by_phone"),
            models.Index(
                fields=["birth_year", "folded", "id"],
                include=["birth_date", "unit", "merged_into"],
                name="person_by_birth",
            ),
            models.Index(fields=["birth_date"], name="person_by_day"),
            # Where each of many people lives, without their rows: of whom is in follow-up, by unit.
            models.Index(fields=["id"], include=["unit"], name="person_home"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.code or self.public_id


class Name(models.Model):
    """A name that somebody has, folded: many people share few names, so names are searched first and then people.

    A trigger on people adds each new one; names that nobody has any more do no harm.
    """

    privacy = classified(personal="folded")

    folded = models.CharField(primary_key=True, max_length=120, db_collation="C")

    class Meta:
        indexes = [GinIndex(SearchVector("folded", config="simple"), name="name_by_words")]


class IdentifierKind(models.TextChoices):
    """Which register a number is from; `lib.identity` knows their forms."""

    CCCD = "cccd", _("citizen identity number")
    CMND = "cmnd", _("old identity card number")
    BHYT = "bhyt", _("health insurance number")
    PASSPORT = "passport", _("passport number")
    OTHER = "other", _("other number")


class Identifier(models.Model):
    """A number that a register gave a person; one number is one person's. A person may have several of a kind."""

    privacy = classified(public="id kind", personal="person value")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=10, choices=IdentifierKind)
    value = models.CharField(max_length=40, db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identifier_once")]
        indexes = [
            models.Index(fields=["value"], opclasses=["varchar_pattern_ops"], name="identifier_by_value")
        ]


class Shift(models.Model):
    """A shift of a company: on which days it begins at what time, and how long it lasts.

    `weekdays` has the bit 1 << n for a day n of the week, Monday being 0. A shift that passes midnight counts to the
    day on which it begins. `begins` is the province's time.
    """

    privacy = classified(public="id site code name begins minutes weekdays")

    EVERY_DAY = 0b1111111

    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="shifts")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    begins = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    weekdays = models.PositiveSmallIntegerField(default=EVERY_DAY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="shift_code"),
            models.CheckConstraint(name="shift_length", condition=Q(minutes__gt=0, minutes__lte=1440)),
            models.CheckConstraint(name="shift_weekdays", condition=Q(weekdays__gt=0, weekdays__lte=127)),
        ]

    def __str__(self) -> str:
        return self.name


class AssignmentRole(models.TextChoices):
    """What somebody does where they belong. It follows from the kind of site unless told: see `rules.role_at`."""

    WORKS = "works", _("works")
    LODGES = "lodges", _("lives")
    RIDES = "rides", _("rides")
    EATS = "eats", _("eats")
    BELONGS = "belongs", _("belongs")


class Assignment(models.Model):
    """A person belongs at a site from a day to before a day: works on a line, lives in a room, rides a bus.

    `shift` is that of the company in which they work, where it is known.
    """

    privacy = classified(public="id", personal="person site role shift valid_from valid_to")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(
        max_length=10,
        choices=AssignmentRole,
        default=AssignmentRole.BELONGS,
        db_default=AssignmentRole.BELONGS,
    )
    shift = models.ForeignKey(Shift, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "site", "valid_from"], name="assignment_once"),
            models.CheckConstraint(
                name="assignment_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]


class Share(models.Model):
    """How many of all people have a word in their name, folded: what is common says little of who somebody is."""

    privacy = classified(public="word share")

    word = models.CharField(primary_key=True, max_length=40, db_collation="C")
    share = models.FloatField()


class Candidate(models.Model):
    """Two people who look alike, `first` having the lower row id. What was decided of a pair is never asked again.

    `bits` and `parts` are those of `rules.likeness` when the pair was found.
    """

    class Verdict(models.TextChoices):
        NONE = "", _("to be decided")
        DIFFERENT = "different", _("not the same")

    privacy = classified(
        public="id public_id bits found_at verdict decided_at decided_by",
        personal="first second parts ground",
    )

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "pair"), editable=False
    )
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    bits = models.FloatField()
    parts = models.JSONField(default=list)
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True, default=Verdict.NONE)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="candidate_once"),
            models.CheckConstraint(name="candidate_order", condition=Q(first__lt=F("second"))),
        ]
        indexes = [models.Index(F("bits").desc(), "id", condition=Q(verdict=""), name="candidate_queue")]


class MergeBatch(models.Model):
    """Pairs merged together because they were that alike. `pairs` are the row ids of the candidates meant."""

    privacy = classified(public="id public_id least pairs at by done_at refused undone_at undone_by")

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "batch"), editable=False
    )
    least = models.FloatField()
    pairs = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    refused = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")


class Merge(models.Model):
    """`merged` turned out to be `survivor`. What was moved is kept, so that it comes apart whole.

    `before` and `after` are the survivor's fields that the merge changed, each with its value then.
    """

    privacy = classified(
        public="id public_id bits batch at by undone_at undone_by",
        personal="survivor merged before after ground",
    )

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "merge"), editable=False
    )
    survivor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_away")
    bits = models.FloatField(null=True)
    batch = models.ForeignKey(MergeBatch, null=True, on_delete=models.PROTECT, related_name="merges")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    ground = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merge_one_in_force"
            )
        ]


class Moved(models.Model):
    """What a merge took from one person to the other in one table, as whoever moved it needs it to bring it back."""

    privacy = classified(public="id merge kind", sensitive="data")

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moved")
    kind = models.CharField(max_length=20)
    data = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "kind"], name="moved_kind")]


class PersonVersion(Version):
    """What was said of a person and stands no more: by it, numbers of the past are counted as they were then."""

    of = "people.Person"
    changes_only = True

    sex = models.CharField(max_length=1)
    birth_year = models.PositiveSmallIntegerField(null=True)
    birth_date = models.DateField(null=True)
    unit = row_of("places.Unit")

    privacy = classified(public="id act ended_act since until", personal="row sex birth_year birth_date unit")
