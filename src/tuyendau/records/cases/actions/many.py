"""Decisions on many cases: each by the action of a single one, none over what somebody has decided meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.access import Permission, Viewer
from tuyendau.core.lists.queries import Act, Doing, RowRefused
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions.cases import classify, correct_dates
from tuyendau.records.cases.actions.refusals import CaseRefused
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import decidable_cases, seen_of, visible_cases


def _as_chosen(doing: Doing) -> Case:
    """The case, locked, if it is what it was when it was chosen. Raises `RowRefused`."""
    among = decidable_cases(doing.viewer).select_for_update(of=("self",))
    case = among.filter(public_id=doing.row).first()
    if case is None:
        raise RowRefused(_("This case is not yours to decide on."))
    if seen_of(case) != doing.seen:
        raise RowRefused(
            _("Somebody has changed it meanwhile: it is %(status)s now. Look at it before you decide.")
            % {"status": case.get_status_display()}
        )
    return case


def _moment(doing: Doing) -> datetime | None:
    text = doing.data.get("isolated_at")
    return datetime.fromisoformat(text) if text else None


def classify_one(doing: Doing) -> None:
    """Classify a case as `data["status"]`. Raises `RowRefused`."""
    _as_chosen(doing)
    try:
        classify(
            doing.row, rules.Status(doing.data["status"]), viewer=doing.viewer, by=doing.by, at=doing.at,
            ground=doing.ground, isolated_at=_moment(doing),
        )  # fmt: skip
    except CaseRefused as error:
        raise RowRefused(str(error)) from error


def isolate_one(doing: Doing) -> None:
    """Record since when the person of a case is isolated; its other dates stay. Raises `RowRefused`."""
    case = _as_chosen(doing)
    try:
        correct_dates(
            doing.row, onset_on=case.onset_on, sampled_on=case.sampled_on, result_on=case.result_on,
            isolated_at=_moment(doing), viewer=doing.viewer, by=doing.by, at=doing.at,
        )  # fmt: skip
    except CaseRefused as error:
        raise RowRefused(str(error)) from error


def names(viewer: Viewer, rows: list[str]) -> Mapping[str, str]:
    """The names of the people of cases, by public id."""
    found = visible_cases(viewer).filter(public_id__in=rows)
    return {
        case.public_id: f"{case.person} · {case.code}" if case.code else str(case.person) for case in found
    }


ACTS = (
    Act(
        "classify",
        gettext_lazy("Classify cases"),
        Permission.CASE_DECIDE,
        classify_one,
        names,
        "cases:detail",
    ),
    Act(
        "isolate", gettext_lazy("Isolated since"), Permission.CASE_DECIDE, isolate_one, names, "cases:detail"
    ),
)
