"""What events mean to the pages of follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.people.queries import whereabouts_of

OF_ONE = (
    "check.corrected", "check.recorded", "check.withdrawn", "followup.alarm_answered", "followup.changed",
    "followup.ended", "followup.opened", "followup.symptomatic",
)  # fmt: skip
OF_MANY = ("followups.changed", "followups.days_passed", "followups.handed_out")
TOLD_OF_FOLLOW_UP = (*OF_ONE, *OF_MANY)


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """The day's list, the page of the follow-up and that of the person."""
    found = FollowUp.objects.filter(public_id__in={event.subject for event in events if event.kind in OF_ONE})
    people = {
        followup: (person, public_id)
        for followup, person, public_id in found.values_list("public_id", "person", "person__public_id")
    }
    where = whereabouts_of(person for person, _public_id in people.values())
    told: dict[int, list[Notice]] = {}
    for event in events:
        if event.kind in OF_MANY:
            told[event.pk] = [Notice("followups", event.subject, Permission.FOLLOWUP_RECORD, None)]
        elif event.subject in people and (of := people[event.subject])[0] in where:
            places = where[of[0]]
            told[event.pk] = [
                Notice("followups", event.subject, Permission.FOLLOWUP_RECORD, places),
                Notice(f"followup:{event.subject}", event.subject, Permission.CONTACT_VIEW, places),
                Notice(f"person:{of[1]}", of[1], Permission.CONTACT_VIEW, places),
            ]
    return told
