"""What events mean to the pages of care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice, Whereabouts
from tuyendau.records.people.queries import whereabouts_of
from tuyendau.response.care.models import Stay, Transfer

TOLD_OF_STAYS = (
    "stay.began", "stay.ended", "stay.changed", "stay.assessed", "stay.assessment_corrected", "stay.taken_back",
    "stay.case_opened",
)  # fmt: skip
TOLD_OF_TRANSFERS = (
    "transfer.proposed", "transfer.accepted", "transfer.refused", "transfer.withdrawn", "transfer.arrived",
)  # fmt: skip


def stay_notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """The list of patients, the page of the stay and that of the person."""
    found = Stay.objects.filter(public_id__in={event.subject for event in events}).select_related(
        "person", "site"
    )
    stays = {stay.public_id: stay for stay in found}
    where = whereabouts_of(stay.person_id for stay in stays.values())
    told: dict[int, list[Notice]] = {}
    for event in events:
        if (stay := stays.get(event.subject)) is not None:
            places = _places(where.get(stay.person_id), str(stay.site.path))
            told[event.pk] = [
                Notice("stays", stay.public_id, Permission.STAY_VIEW, places),
                Notice(f"stay:{stay.public_id}", stay.public_id, Permission.STAY_VIEW, places),
                Notice(
                    f"person:{stay.person.public_id}", stay.person.public_id, Permission.STAY_VIEW, places
                ),
            ]
    return told


def transfer_notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """The list of transfers and the page of the transfer, on both sides; the page of the stay on its own."""
    found = Transfer.objects.filter(public_id__in={event.subject for event in events})
    transfers = {each.public_id: each for each in found.select_related("stay__site", "to")}
    told: dict[int, list[Notice]] = {}
    for event in events:
        if (transfer := transfers.get(event.subject)) is not None:
            stay = transfer.stay
            units = frozenset([stay.site.unit_id, transfer.to.unit_id])
            both = Whereabouts(units, frozenset([str(stay.site.path), str(transfer.to.path)]))
            own = Whereabouts(frozenset([stay.site.unit_id]), frozenset([str(stay.site.path)]))
            told[event.pk] = [
                Notice("transfers", transfer.public_id, Permission.STAY_VIEW, both),
                Notice(f"transfer:{transfer.public_id}", transfer.public_id, Permission.STAY_VIEW, both),
                Notice(f"stay:{stay.public_id}", stay.public_id, Permission.STAY_VIEW, own),
            ]
    return told


def _places(known: Whereabouts | None, path: str) -> Whereabouts:
    known = known or Whereabouts()
    return Whereabouts(known.units, known.sites | {path})
