from __future__ import annotations

from django.db import models

from tuyendau.access import classified


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
