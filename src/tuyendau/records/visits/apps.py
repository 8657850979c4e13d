from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class VisitsConfig(AppConfig):
    name = "tuyendau.records.visits"
    label = "visits"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.audit.queries.words import name_kinds
        from tuyendau.core.live.queries import register
        from tuyendau.records.visits.actions import merging
        from tuyendau.records.visits.queries import live, words

        name_kinds(words.KINDS)
        register(live.notices, *live.TOLD_OF_VISITS)
        subscribe("person.merged", merging.on_merged)
        subscribe("person.unmerged", merging.on_unmerged)
        post_migrate.connect(_make_partitions, sender=self, dispatch_uid="visits.partitions")


def _make_partitions(**kwargs: Any) -> None:
    """A migrated database can take visits at once; from then on the worker makes the parts ahead."""
    from tuyendau.lib import clock
    from tuyendau.records.visits.actions import make_ahead

    make_ahead(clock.local_day(clock.now()))
