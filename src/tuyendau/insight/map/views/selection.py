"""A selection on the map: its numbers, the list of its people, that list as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import ReachPaginator
from tuyendau.core.audit import actions as audit
from tuyendau.core.lists.actions import taken_away
from tuyendau.core.lists.views import Listed, file_answer, first_of, listed
from tuyendau.core.lists.views.page import Chip
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import unit_on
from tuyendau.insight.map.forms.selection import SelectionForm, in_words, written
from tuyendau.insight.map.queries.selection import (
    FEW,
    MOST,
    SELECTION,
    Counts,
    Listing,
    Selection,
    TooMany,
    Unknown,
    counts,
    outline_of,
    settled,
)
from tuyendau.lib import areas, clock
from tuyendau.lib.geometry import geojson
from tuyendau.lib.spreadsheet import FORMATS

PAGE = 50


@require_GET
def selection(request: SignedRequest) -> HttpResponse:
    """How many live, work and were in an area; as a part for the map, as a page for everybody else."""
    request.viewer.require(Permission.MAP_VIEW)
    form = SelectionForm(request.GET, now=clock.now())
    context: dict[str, Any] = {"form": form, "few": FEW}
    if form.is_valid():
        asked = form.selection()
        try:
            # A point becomes the commune in which it lies, so that the address names what is counted.
            asked = replace(asked, area=settled(asked.area, asked.day))
            found = counts(request.viewer, asked)
        except Unknown:
            form.add_error("area", _unknown())
        else:
            context |= _numbers(asked, found)
    elif "area" not in request.GET:
        form.errors.clear()
        context["empty"] = True
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "map/selection.html#numbers" if part else "map/selection.html", context)


def _numbers(asked: Selection, found: Counts) -> dict[str, Any]:
    outline = outline_of(asked.area, asked.day)
    return {
        "outline": geojson(outline) if outline is not None else "",
        "asked": asked, "counts": found, "name": name_of(asked), "query": asked.query,
        "map_url": f"{reverse('map:page')}?{asked.query}",
    }  # fmt: skip


def name_of(asked: Selection) -> str:
    """The area in words: the name of the unit or site, or what kind of shape it is."""
    area = asked.area
    if isinstance(area, areas.OfUnit):
        unit = unit_on(area.code, asked.day)
        return str(unit.name) if unit else area.code
    if isinstance(area, areas.OfSite):
        site = Site.objects.filter(public_id=area.public_id).first()
        return str(site.name) if site else area.public_id
    return in_words(area)


def _unknown() -> str:
    return _("There is no such unit or site within your area. It may have been joined with another since.")


@require_GET
def selected(request: SignedRequest) -> HttpResponse:
    """The people of a selection, as far as the viewer may see them; that they were listed is on record."""
    request.viewer.require(Permission.MAP_VIEW)
    seen = listed(request, SELECTION)
    if elsewhere := first_of(request, seen):
        return elsewhere
    form = SelectionForm(request.GET, now=clock.now())
    context: dict[str, Any] = {"form": form, "listed": seen, "most": MOST}
    listing = _listing(request, form, seen, context)
    if listing is not None:
        page = ReachPaginator(listing.rows(), PAGE, listing.lines).get_page(request.GET.get("page"))
        _on_record(request, "selection.listed", listing.asked, page.paginator.count)
        context |= {
            "page": page, "rows": seen.cells(page), "asked": listing.asked, "name": name_of(listing.asked),
            "others": listing.others, "counts_url": f"{reverse('map:selection')}?{listing.asked.query}",
            "map_url": f"{reverse('map:page')}?{listing.asked.query}",
            "formats": [(each.code, each.title) for each in FORMATS.values()],
        }  # fmt: skip
        seen.chips = _chips(form, seen)
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "map/selected.html#rows" if part else "map/selected.html", context)


def _listing(
    request: SignedRequest, form: SelectionForm, seen: Listed, context: dict[str, Any]
) -> Listing | None:
    """The list that the address means; None where it cannot be understood or told, which `context` then says."""
    if not form.is_valid():
        context["refused"] = (
            form.refused if "area" in request.GET else [_("Choose an area on the map first.")]
        )
        return None
    try:
        return Listing(request.viewer, form.selection(), *form.chosen, orders=seen.asked.orders)
    except Unknown:
        context["refused"] = [_unknown()]
    except TooMany as error:
        context["refused"] = [
            _(
                "These are %(n)s people, and no list has more than %(most)s. Draw a smaller area, or a shorter time."
            )
            % {"n": f"{error.args[0]:,}".replace(",", "."), "most": f"{MOST:,}".replace(",", ".")}
        ]
    return None


def _chips(form: SelectionForm, seen: Listed) -> list[Chip]:
    given, chips = form.cleaned_data, []
    for name in ("way", "only"):
        choices = dict(form.fields[name].choices)  # type: ignore[attr-defined]
        if given[name] and given[name] not in ("any", "all"):
            chips.append(Chip(str(choices[given[name]]), seen.without(name)))
    return chips


def _on_record(request: SignedRequest, kind: str, asked: Selection, rows: int) -> None:
    audit.record_read(
        kind, viewer=request.viewer, permission=Permission.PERSON_VIEW, subject="selection", at=clock.now(),
        data=_of(asked) | {"rows": rows},
    )  # fmt: skip


def _of(asked: Selection) -> dict[str, str]:
    """A selection as it stands on record: a polygon of many corners by its beginning."""
    return {"area": asked.area.text[:300], "from": written(asked.start), "to": written(asked.end)}


@require_GET
def export(request: SignedRequest) -> HttpResponseBase:
    """Everybody of the list of a selection as a file; that it was taken is on record."""
    viewer = request.viewer
    viewer.require(Permission.EXPORT, Permission.MAP_VIEW)
    seen = listed(request, SELECTION)
    form = SelectionForm(request.GET, now=clock.now())
    context: dict[str, Any] = {"form": form, "listed": seen}
    listing = _listing(request, form, seen, context)
    if listing is None:
        return render(request, "map/selected.html", context, status=400)
    at, file = clock.now(), request.GET.get("format", "xlsx")
    taken = taken_away(
        "selection.exported", title=_("People of the selection"), columns=seen.asked.columns,
        file=file if file in FORMATS else "xlsx",
        numbers=lambda: list(listing.rows().values_list("pk", flat=True)), read=listing.lines, viewer=viewer,
        subject="selection", at=at, data=_of(listing.asked), name=f"selection-{clock.local_day(at):%Y%m%d}",
    )  # fmt: skip
    return file_answer(taken)
