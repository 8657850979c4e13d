"""Taking chains away: links as CSV, the forest as GraphML, and that a picture was taken. All of it on record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.chains import queries
from tuyendau.records.chains.models import Basis
from tuyendau.records.chains.views.common import filter_form

_KEYS = (
    ("code", "node", "string"), ("status", "node", "string"), ("commune", "node", "string"), ("day", "node", "string"),
    ("basis", "node", "string"), ("generation", "node", "int"), ("weight", "edge", "double"),
    ("days", "edge", "int"), ("decided", "edge", "boolean"), ("forest", "edge", "boolean"), ("site", "edge", "string"),
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_GET
def csv_file(request: SignedRequest) -> HttpResponse:
    """Every case of the filter with its infector, the weight and the alternatives; names stay behind, numbers go."""
    cases = _taken(request, "csv")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            _("Case"), _("Date"), _("by"), _("Status"), _("Generation"), _("Infected by"), _("Weight"),
            _("Decided by hand"), _("Days between"), _("Evidence"), _("Site"), _("Hours together"),
            _("Other likely infectors"),
        ]
    )  # fmt: skip
    for place in queries.places_of(request.viewer, cases):
        writer.writerow([_plain(value) for value in _row(place)])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_name("csv")}"'
    return answer


def _row(place: queries.Place) -> list[object]:
    standing, chosen = place.standing, place.chosen
    link = chosen.link if chosen and not chosen.nobody else None
    others = "; ".join(f"{_who(one)} {one.link.weight:.3f}" for one in place.alternatives if one.link.weight)
    return [
        _number(place.case), standing.day.isoformat() if standing else "",
        str(Basis(standing.basis).label) if standing else "", str(CaseStatus(place.case.status).label),
        standing.generation if standing else "", _who(chosen) if chosen else "",
        f"{standing.weight:.3f}" if standing else "", "1" if standing and standing.decided else "",
        link.days if link and link.evidence else "", link.evidence if link else "",
        chosen.site.name if chosen and chosen.site else "",
        round(link.seconds / 3_600, 1) if link and link.seconds else "", others,
    ]  # fmt: skip


def _number(case: Any) -> str:
    return str(case.code or case.public_id)


def _who(one: queries.Infector) -> str:
    if one.case is not None:
        return _number(one.case)
    return str(_("a case elsewhere") if one.elsewhere else _("nobody in the list"))


def _plain(value: object) -> object:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


@require_GET
def graphml_file(request: SignedRequest) -> HttpResponse:
    """The forest as GraphML, which networkx, igraph and Gephi read: nodes without names, an edge to each infected."""
    request.viewer.require(Permission.EXPORT)
    wanted = filter_form(request).wanted()
    found = queries.chart(request.viewer, wanted.disease, wanted.cases)
    _record(request, "graphml", len(found.nodes))
    answer = HttpResponse("".join(graphml(found)), content_type="application/graphml+xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_name("graphml")}"'
    return answer


def graphml(found: queries.Chart) -> Iterator[str]:
    """The document, part by part."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name, of, kind in _KEYS:
        yield f'<key id="{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="chains" edgedefault="directed">\n'
    for number, node in enumerate(found.nodes):
        hidden = node.kind == queries.ELSEWHERE
        told = {} if hidden else {
            "code": node.code or node.id, "status": node.status, "commune": node.commune, "day": _iso(node.day),
            "basis": Basis(node.basis).name.lower(), "generation": str(node.generation),
        }  # fmt: skip
        yield f'<node id="n{number}">{_data(told)}</node>\n'
    for number, node in enumerate(found.nodes):
        if node.parent >= 0:
            above = found.nodes[node.parent]
            told = {"weight": f"{node.weight:.6f}", "decided": str(node.decided).lower(), "forest": "true"}
            told["site"] = node.site
            if node.day and above.day:
                told["days"] = str((node.day - above.day).days)
            yield f'<edge source="n{node.parent}" target="n{number}">{_data(told)}</edge>\n'
    for infectee, infector, weight in found.also:
        told = {"weight": f"{weight:.6f}", "decided": "false", "forest": "false"}
        yield f'<edge source="n{infector}" target="n{infectee}">{_data(told)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _data(told: dict[str, str]) -> str:
    return "".join(
        f"<data key={quoteattr(key)}>{escape(_printable(value))}</data>"
        for key, value in told.items()
        if value
    )


def _printable(value: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(c for c in value if c in "\t\n" or ord(c) >= 32)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@require_POST
def picture(request: SignedRequest) -> HttpResponse:
    """Put on record that a picture of the drawing is taken; the browser makes it from what it shows already."""
    request.viewer.require(Permission.EXPORT, Permission.CONTACT_VIEW)
    _record(request, "png", None)
    return JsonResponse({"name": _name("png")})


def _taken(request: SignedRequest, kind: str) -> list[Any]:
    request.viewer.require(Permission.EXPORT)
    wanted = filter_form(request).wanted()
    cases = list(queries.linked_cases(request.viewer, wanted.disease, wanted.cases))
    _record(request, kind, len(cases))
    return cases


def _record(request: SignedRequest, kind: str, rows: int | None) -> None:
    audit.record_export(
        "chains.exported",
        viewer=request.viewer,
        permission=Permission.EXPORT,
        subject="chains",
        at=clock.now(),
        data={"as": kind, "filter": request.GET.urlencode(), "rows": rows},
    )


def _name(ending: str) -> str:
    return f"chains-{clock.local_day(clock.now()):%Y%m%d}.{ending}"
