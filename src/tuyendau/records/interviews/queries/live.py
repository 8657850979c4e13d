"""What events mean to the pages that show interviews and milestones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice, Whereabouts
from tuyendau.records.cases.queries import whereabouts_of_cases
from tuyendau.records.interviews.models import Interview, Milestone

OF_INTERVIEWS = (
    "interview.begun", "interview.taken_up", "interview.finished", "interview.saved", "interview.stay_told",
    "interview.stay_dropped", "interview.named", "interview.unnamed",
)  # fmt: skip
OF_MILESTONES = ("milestone.made", "milestone.joined", "milestone.edited", "milestone.state_set")
TOLD_OF = (*OF_INTERVIEWS, *OF_MILESTONES)


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """An open interview to who else has it open; the lists of interviews and of milestones."""
    ids = {_interview(event) for event in events if event.kind in OF_INTERVIEWS}
    cases = dict(Interview.objects.filter(public_id__in=ids).values_list("public_id", "case__public_id"))
    where = whereabouts_of_cases(cases.values())
    marks = {event.subject for event in events if event.kind in OF_MILESTONES}
    places = {
        public_id: Whereabouts(frozenset([unit]), frozenset())
        for public_id, unit in Milestone.objects.filter(public_id__in=marks).values_list("public_id", "unit")
    }
    found: dict[int, Sequence[Notice]] = {}
    for event in events:
        if event.kind in OF_MILESTONES:
            found[event.pk] = _of_milestone(event, places)
        else:
            found[event.pk] = _of_interview(event, cases, where)
    return found


def _interview(event: Event) -> str:
    return str(event.data.get("interview", event.subject))


def _of_interview(
    event: Event, cases: Mapping[str, str], where: Mapping[str, tuple[str, Whereabouts]]
) -> Sequence[Notice]:
    interview = _interview(event)
    case = cases.get(interview, "")
    if case not in where:
        return []
    _person, places = where[case]
    topics = [f"interview:{interview}", f"interviews:{case}"]
    if event.kind in OF_INTERVIEWS[:3]:
        topics.append("interviews")
    return [Notice(topic, interview, Permission.INTERVIEW_RECORD, places) for topic in topics]


def _of_milestone(event: Event, places: Mapping[str, Whereabouts]) -> Sequence[Notice]:
    if event.subject not in places:
        return []
    return [Notice("milestones", event.subject, Permission.INTERVIEW_RECORD, places[event.subject])]
