"""What the events of this room say in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

KINDS = {
    "visits.batch": gettext_lazy("Took a batch of visits"),
    "encounters.batch": gettext_lazy("Took a batch of encounters"),
    "visit.told": gettext_lazy("Recorded where the person was, as told"),
    "roster.absent": gettext_lazy("Said that the person was absent"),
    "roster.not_absent": gettext_lazy("Took an absence back"),
}
