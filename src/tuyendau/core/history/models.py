from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q


def row_of(model: str) -> models.ForeignKey[Any, Any]:
    """The row of another table that a version names ("people.Person"). It may be gone: nothing holds it there."""
    return models.ForeignKey(
        model, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


class VersionQuerySet(models.QuerySet[Any]):
    def known(self, at: datetime) -> Self:
        """The versions that stood at `at`: at most one of each row."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)


class Version(models.Model):
    """A state of one row of another table: it stood from `since` to before `until`, null where it still does.

    A model of versions names the table in `of` ("cases.Case") and has, besides `row` (the row's number there), fields
    of the same column names as that table: those that are kept. The database writes versions whenever one of them
    changes: see `actions.keep_versions`. Moments are those of the events that tell of the change. `act` numbers the
    writes that one event tells of.

    `condition` is SQL over the columns: a row is kept while it is true. Of tables too large to be kept whole
    (`changes_only`) versions are those that stand no more; `since` is null where a row was as it was from the start.
    """

    of: ClassVar[str]
    condition: ClassVar[str] = "true"
    changes_only: ClassVar[bool] = False

    id = models.BigAutoField(primary_key=True)
    row = models.IntegerField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    act = models.BigIntegerField(null=True)
    ended_act = models.BigIntegerField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["row"], name="%(class)s_row"),
            models.Index(fields=["act"], condition=Q(act__isnull=False), name="%(class)s_act"),
            models.Index(fields=["ended_act"], condition=Q(ended_act__isnull=False), name="%(class)s_ended"),
        ]


OWN = ("id", "row", "since", "until", "act", "ended_act")
"""The fields that are the version's own, not the row's."""
