"""Follow-ups go with their person into a merge and out of it again."""

from __future__ import annotations

from tuyendau.core.audit.queries import Event
from tuyendau.records.followup.actions.duties import end, follow_people
from tuyendau.records.followup.models import FollowUp, State, Why
from tuyendau.records.people.actions import moving


def on_merged(event: Event) -> None:
    """Both people's follow-ups are the survivor's; where both are followed for one disease, the survivor's goes on."""
    merge = moving.merge_of(event)
    held = FollowUp.objects.filter(person=merge.survivor_id, ended_at__isnull=True)
    twice = FollowUp.objects.filter(
        person=merge.merged_id, ended_at__isnull=True, disease__in=held.values("disease")
    )
    rows = moving.rows_of("followup_followup", list(twice.values_list("pk", flat=True)))
    end([row["id"] for row in rows], Why.MERGED, State.CANCELLED, by=event.by, at=event.at)
    moving.keep(merge, "followup_ended", {"rows": rows})
    moving.move(merge, "followup", table="followup_followup")
    moving.move(merge, "followup_source", table="followup_followup", column="source_person_id")
    follow_people([merge.survivor_id], by=event.by, at=event.at)


def on_unmerged(event: Event) -> None:
    """Each has their own again; what the merge ended goes on."""
    merge = moving.merge_of(event)
    moving.bring_back(merge, "followup", table="followup_followup")
    moving.bring_back(merge, "followup_source", table="followup_followup", column="source_person_id")
    data = moving.kept(merge, "followup_ended") or {"rows": []}
    for row in data["rows"]:
        FollowUp.objects.filter(pk=row["id"], why=Why.MERGED).update(
            state=row["state"], why="", ended_at=None, ended_by=None
        )
    follow_people([merge.survivor_id, merge.merged_id], by=event.by, at=event.at)
