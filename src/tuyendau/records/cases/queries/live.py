"""What events of samples and results mean to the pages that show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice, Whereabouts
from tuyendau.records.cases.models import Sample
from tuyendau.records.people.queries import whereabouts_of

TOLD_OF_SAMPLES = ("sample.taken", "result.recorded", "result.corrected", "result.decided")


def sample_notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """The list of samples, and the pages of the person, of the case and of the sample, laboratory included."""
    found = Sample.objects.filter(public_id__in={event.subject for event in events})
    samples = {s.public_id: s for s in found.select_related("person", "case", "laboratory")}
    people = whereabouts_of(sample.person_id for sample in samples.values())
    notices: dict[int, list[Notice]] = {}
    for event in events:
        sample = samples.get(event.subject)
        if sample is None or sample.person_id not in people:
            continue
        own = people[sample.person_id]
        sent_to = {sample.laboratory.path or ""} if sample.laboratory else set()
        places = Whereabouts(own.units, own.sites | sent_to)
        topics = ["samples", f"sample:{event.subject}", f"person:{sample.person.public_id}"]
        topics += [f"case:{sample.case.public_id}"] if sample.case else []
        notices[event.pk] = [Notice(t, event.subject, Permission.SAMPLE_TAKE, places) for t in topics]
    return notices
