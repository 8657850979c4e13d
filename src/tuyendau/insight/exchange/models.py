from __future__ import annotations

from functools import partial

from django.db import models
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class ImportedFile(models.Model):
    """A file that was taken in whole: its digest, so that the same file twice changes nothing."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    # Whoever sends a file names it, perhaps after a patient.
    privacy = classified(public="id kind sha256 rows at", personal="name by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "sha256"], name="imported_file_once")]


class State(models.TextChoices):
    """Where a staged import stands."""

    COLUMNS = "columns", _("columns to be named")
    CHECKING = "checking", _("being checked")
    READY = "ready", _("checked")
    APPLYING = "applying", _("being taken in")
    APPLIED = "applied", _("taken in")
    UNDONE = "undone", _("taken back")
    DROPPED = "dropped", _("put aside")


class StagedImport(models.Model):
    """A file that somebody is bringing in: nothing of it is on record before it is applied, and then it can be undone.

    `label` names the source ("Trạm y tế Quang Châu"); `fingerprint` is that of its headings. `plan` is a
    `rules.plans.Plan`, `questions` what somebody should answer, `counts` what applying would do, or did. `stage` says
    what went wrong while it was checked or applied. `continues` is the import whose bad rows this one brings again.
    """

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "import"), editable=False
    )
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    label = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    valid_on = models.DateField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.COLUMNS)
    plan = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    stage = models.TextField(blank=True)
    continues = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="continued_by")
    applied_at = models.DateTimeField(null=True)
    applied_event = models.BigIntegerField(null=True)

    privacy = classified(
        public="id public_id kind sha256 fingerprint valid_on at state counts applied_at applied_event continues",
        personal="name by label",
        sensitive="plan questions stage",
    )

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="staged_import_recent")]


class StagedFile(models.Model):
    """The bytes of a staged import, kept until it is some time since anybody worked on it."""

    staged = models.OneToOneField(StagedImport, on_delete=models.CASCADE, related_name="file")
    data = models.BinaryField()

    privacy = classified(public="id staged", sensitive="data")


class Verdict(models.TextChoices):
    """What applying would do with a row."""

    REFUSED = "refused", _("refused")
    OPEN = "open", _("to be decided")
    SKIPPED = "skipped", _("left out")
    NEW = "new", _("new")
    CHANGED = "changed", _("changes what is on record")
    UNCHANGED = "unchanged", _("on record already")


class StagedRow(models.Model):
    """A row of a staged import: its `cells` as in the file, what is wrong with it, and whom it may mean.

    `candidates` are people who look alike: (row id, bits, parts of the likeness). `decision` is what somebody said:
    "same" with `person` (a row id), "new", "skip". `case` is a case on record (a row id), `changes` what the row says
    otherwise, `update` whether it is to be taken over. `made` is what applying did, for taking it back.
    """

    staged = models.ForeignKey(StagedImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    verdict = models.CharField(max_length=10, choices=Verdict)
    problems = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    decision = models.CharField(max_length=4, blank=True)
    person = models.IntegerField(null=True)
    case = models.IntegerField(null=True)
    changes = models.JSONField(default=list)
    update = models.BooleanField(null=True)
    made = models.JSONField(default=dict)

    privacy = classified(
        public="id staged number verdict decision update",
        personal="person",
        sensitive="cells problems candidates case changes made",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staged", "number"], name="staged_row_once")]
        indexes = [models.Index(fields=["staged", "verdict", "number"], name="staged_row_by_verdict")]


class KnownSource(models.Model):
    """How files with the same headings from the same source are read, as somebody settled it the last time."""

    kind = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    label = models.CharField(max_length=80, blank=True)
    columns = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    orders = models.JSONField(default=dict)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    privacy = classified(public="id kind fingerprint at", personal="label columns values orders by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "fingerprint", "label"], name="known_source_once")
        ]
