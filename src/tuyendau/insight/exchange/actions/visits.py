"""Visits from a file: everything in columns, since a day of a province is hundreds of thousands of rows."""

from __future__ import annotations

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from tuyendau.access import Permission
from tuyendau.insight.exchange.actions.base import Outcome, Stage, Task
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import KnownSite, everywhere, people_by_code, sites_by_code
from tuyendau.records.visits import rules
from tuyendau.records.visits.actions import add_visits
from tuyendau.records.visits.models import VisitSource
from tuyendau.records.visits.queries import kept_from

_PERMISSION = Permission.IMPORT_VISITS


def import_visits(sheet: Sheet, task: Task) -> Outcome:
    """Check and record the visits of `sheet`. Raises `FileRefused`; then nothing is written."""
    start = sheet.moments("start")
    sites = sites_by_code(task.viewer, _PERMISSION)
    person = _people(sheet, task)
    site, dwell = _sites(sheet, task, sites)
    end, assumed = _ends(sheet, start, dwell)
    _check_stays(sheet, task, start, end, assumed)
    sheet.problems.raise_any()
    task.told(Stage.WRITING)
    new = add_visits(
        person=person.to_numpy().astype(np.int32),
        site=site.to_numpy().astype(np.int32),
        start=start.to_numpy().astype(np.int64),
        end=end.to_numpy().astype(np.int64),
        assumed=assumed.to_numpy().astype(np.bool_),
        source=task.options.visit_source,
        by=task.by,
        at=task.at,
    )
    return Outcome(len(sheet), {"new": new, "known": len(sheet) - new, "assumed": int(assumed.sum())})


def _people(sheet: Sheet, task: Task) -> pl.Series:
    """Row ids of the persons [n]; who is unknown, or not of the viewer's company, is a problem."""
    codes = sheet.text("person")
    known = people_by_code(task.viewer, _PERMISSION, codes.drop_nulls().unique().to_list())
    ids = looked_up(codes, known)
    message = _("Nobody is known by this code. Check it, or import the person first.")
    if task.viewer is not None and not everywhere(task.viewer, _PERMISSION):
        message = _(
            "Nobody of your company is known by this code: unknown, or not assigned to one of its sites."
        )
    sheet.wrong(codes.is_not_null() & ids.is_null(), "person", message)
    return ids


def _sites(sheet: Sheet, task: Task, sites: dict[str, KnownSite]) -> tuple[pl.Series, pl.Series]:
    """Row ids and dwell seconds of the sites [n]; what is unknown, or outside the viewer's reach, is a problem."""
    codes = sheet.text("site")
    ids = looked_up(codes, {code: site.id for code, site in sites.items()})
    message = _("There is no site with this code. Check it, or import the site first.")
    if task.viewer is not None and not everywhere(task.viewer, _PERMISSION):
        message = _(
            "There is no site with this code in your company or area. Only its own sites may be named."
        )
    sheet.wrong(codes.is_not_null() & ids.is_null(), "site", message)
    return ids, looked_up(codes, {code: site.dwell_minutes * 60 for code, site in sites.items()})


def looked_up(codes: pl.Series, known: dict[str, int]) -> pl.Series:
    """The number of each code [n] (Int64), null where it has none."""
    table = pl.DataFrame(
        {"code": list(known), "number": list(known.values())}, schema={"code": pl.String, "number": pl.Int64}
    )
    return codes.to_frame("code").join(table, on="code", how="left", maintain_order="left")["number"]


def _ends(sheet: Sheet, start: pl.Series, dwell: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Ends (Int64 seconds) and whether each is assumed [n]: an empty one follows from the site's dwell rule."""
    given = sheet.moments("end")
    assumed = sheet.text("end").is_null()
    return given.zip_with(~assumed, start + dwell), assumed


def _check_stays(sheet: Sheet, task: Task, start: pl.Series, end: pl.Series, assumed: pl.Series) -> None:
    """What no stay can be: over before it began, longer than the table holds, older than the program."""
    gone = (start >= int(rules.EARLIEST.timestamp())) & (start < int(kept_from().timestamp()))
    sheet.wrong(gone, "start", _("What is so long ago is no longer kept."))
    listed = task.options.visit_source in (VisitSource.ROSTER, VisitSource.ROOM, VisitSource.BUS)
    sheet.wrong(assumed & listed, "end", _("A row of a list says both start and end."))
    seen = ~assumed
    sheet.wrong(start < int(rules.EARLIEST.timestamp()), "start", _("This is too long ago. Check the year."))
    sheet.wrong(
        seen & (end <= start), "end", _("Out before in. Check both times, and the date after midnight.")
    )
    longest = int(rules.LONGEST_STAY.total_seconds())
    sheet.wrong(
        seen & (end - start > longest), "end", _("The stay is longer than 62 days. Write it in parts.")
    )
