"""The cases and samples of people who turn out to be one."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tuyendau.core.audit.queries import Event
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.people.actions import moving


def on_merged(event: Event) -> None:
    """The cases and samples of a person who was merged are the survivor's.

    Raises `MergeRefused` where both have an open case of one disease.
    """
    merge = moving.merge_of(event)
    moving.move(merge, "sample", table="cases_sample")
    both = Case.objects.exclude(status=CaseStatus.DISCARDED).filter(
        person__in=[merge.survivor_id, merge.merged_id]
    )
    opened = list(both.order_by("reported_on", "pk"))
    if len({case.disease for case in opened}) < len(opened):
        names = " · ".join(_told(case) for case in opened)
        raise moving.MergeRefused(
            _(
                "Both have an open case: %(cases)s. If it is one illness, discard the case that was reported twice and "
                "merge then; if it is two, keep the one that goes on and discard the other with its reason."
            )
            % {"cases": names}
        )
    moving.move(merge, "case", table="cases_case")


def on_unmerged(event: Event) -> None:
    """Each has again the cases that were theirs."""
    merge = moving.merge_of(event)
    moving.bring_back(merge, "case", table="cases_case")
    moving.bring_back(merge, "sample", table="cases_sample")


def _told(case: Case) -> str:
    shown = date_format(case.reported_on, "SHORT_DATE_FORMAT")
    return f"{case.code or case.public_id} ({case.get_status_display()}, {shown})"
