"""What samples and results mean for follow-ups, in the same transaction."""

from __future__ import annotations

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import Event
from tuyendau.lib import clock
from tuyendau.records.cases.models import Sample
from tuyendau.records.followup.actions.checks import sum_up
from tuyendau.records.followup.actions.duties import F2, end
from tuyendau.records.followup.models import FollowUp, State, Why
from tuyendau.science.epi.regimes import regime


@as_program()
def on_sample(event: Event) -> None:
    """A sample makes good the test days up to its own."""
    sample = Sample.objects.filter(public_id=event.subject).first()
    if sample is None:
        return
    standing = FollowUp.objects.select_for_update(of=("self",)).filter(
        person=sample.person_id, disease=sample.disease, ended_at__isnull=True
    )
    for followup in standing:
        sum_up(followup, event.at)


@as_program()
def on_result(event: Event) -> None:
    """The first negative of an F1 sets free the F2 who were to stay at home until then."""
    on_sample(event)
    if event.data.get("result") != "negative":
        return
    sample = Sample.objects.filter(public_id=event.subject).first()
    if sample is None:
        return
    waiting = FollowUp.objects.filter(
        source_person=sample.person_id, disease=sample.disease, degree=F2, ended_at__isnull=True
    )
    # A sample of before the F2 met the F1 says nothing of them.
    taken_on = clock.local_day(sample.taken_at)
    free = [f for f in waiting if regime(f.regime).until_source_negative and f.last_exposure <= taken_on]
    if end([f.pk for f in free], Why.SOURCE_NEGATIVE, State.COMPLETED, by=event.by, at=event.at):
        for followup in free:
            audit.record(
                "followup.ended",
                by=event.by,
                at=event.at,
                subject=followup.public_id,
                data={"sample": sample.public_id, "why": str(Why.SOURCE_NEGATIVE)},
            )
