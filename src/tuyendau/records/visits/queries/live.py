"""What events mean to the pages that show presence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice, Whereabouts
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import whereabouts_of_site
from tuyendau.records.people.models import Person

BATCHES = ("visits.added", "visits.batch", "visits.dropped")
TOLD_OF_VISITS = (
    "visit.in", "visit.out", "visit.told", "visit.corrected", "visit.removed", "roster.absent", "roster.not_absent",
    *BATCHES,
)  # fmt: skip


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """Who was at a site, to the pages of the site and of the person; after a batch, to every open page of a site.

    Of the person's page those are told who answer for where they live or for the site: an employer is not to learn
    that somebody was seen elsewhere.
    """
    sites = {
        site.public_id: whereabouts_of_site(site)
        for site in Site.objects.filter(public_id__in={str(event.data.get("site")) for event in events})
    }
    homes = dict(
        Person.objects.filter(public_id__in={event.subject for event in events}).values_list(
            "public_id", "unit"
        )
    )
    return {event.pk: _notices(event, sites, homes) for event in events}


def _notices(event: Event, sites: Mapping[str, Whereabouts], homes: Mapping[str, int | None]) -> list[Notice]:
    seen = Permission.VISIT_VIEW
    if event.kind in BATCHES:
        return [Notice("sites", event.subject, seen, None)]
    site, person = str(event.data.get("site")), event.subject
    if site not in sites or person not in homes:
        return []
    either = Whereabouts(sites[site].units | {homes[person]}, sites[site].sites)
    return [
        Notice(f"site:{site}", site, seen, sites[site]),
        Notice(f"person:{person}", person, seen, either),
    ]
