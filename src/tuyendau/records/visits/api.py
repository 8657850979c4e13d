"""Presence over the network: single scans, and batches that a sender may repeat without doubling anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Router

from tuyendau.access import Permission
from tuyendau.core.accounts.api import refused, still_in_force
from tuyendau.lib import clock
from tuyendau.records.visits import actions
from tuyendau.records.visits.actions import ScanRefused, Sender
from tuyendau.records.visits.forms.bodies import JSON, NDJSON, key_of, kind_of_body, sent_at_of
from tuyendau.records.visits.forms.descriptions import (
    ENCOUNTERS_BODY,
    HEADERS,
    SCAN_BODY,
    VISITS_BODY,
    BatchAnswer,
    ScanAnswer,
)
from tuyendau.records.visits.forms.rows import (
    ENCOUNTERS,
    VISITS,
    RowRefused,
    read_lines,
    read_list,
    read_scan,
)
from tuyendau.records.visits.models import BatchKind
from tuyendau.records.visits.queries.batches import batch_answer
from tuyendau.records.visits.rules.problems import BatchRefused

router = Router(tags=["visits"])


@router.post(
    "/scans",
    summary="One scan in or out",
    response={200: ScanAnswer},
    openapi_extra={"requestBody": SCAN_BODY},
)
def post_scan(request: HttpRequest) -> HttpResponse:
    """A person comes in or goes out, now or at the `moment` that is given; then the header `Sent-At` is required.

    A second scan in of somebody who is there already, and a scan out that is known, change nothing and are answered
    the same: a sender that got no answer sends again.
    """
    return _answered(lambda: _scan(request))


@router.post(
    "/visits",
    summary="A batch of visits",
    response={200: BatchAnswer},
    openapi_extra={"requestBody": VISITS_BODY, "parameters": HEADERS},
)
def post_visits(request: HttpRequest) -> HttpResponse:
    """Up to 5,000 rows, each a stay or a scan, as a JSON list or as NDJSON.

    Good rows are kept, the others are named in `problems`. The same key again is answered with the first answer, byte
    for byte, and nothing is written; the same key with another body is refused with 409.
    """
    return _answered(lambda: _batch(request, BatchKind.VISITS))


@router.post(
    "/encounters",
    summary="A batch of encounters",
    response={200: BatchAnswer},
    openapi_extra={"requestBody": ENCOUNTERS_BODY, "parameters": HEADERS},
)
def post_encounters(request: HttpRequest) -> HttpResponse:
    """Up to 5,000 rows: two people, from when, for how many seconds, as devices measured; else as a batch of visits.

    Both people must be in the sender's reach. An encounter that is told again and became longer takes the longer time.
    """
    return _answered(lambda: _batch(request, BatchKind.ENCOUNTERS))


@router.get("/visits/batches/{key}", summary="The answer to a batch", response={200: BatchAnswer})
def get_batch(request: HttpRequest, key: str) -> HttpResponse:
    """What this sender was answered to the batch of that key; 404 where it never came."""
    viewer = request.viewer  # type: ignore[attr-defined]
    viewer.require(Permission.VISIT_RECORD)
    answer = batch_answer(key, viewer=viewer)
    if answer is None:
        return refused(404, "unknown_key", _("No batch with this key was received from this sender."))
    return _json(answer)


def _scan(request: HttpRequest) -> bytes:
    kind_of_body(request, JSON)
    scan = read_scan(request.body)
    at = clock.now()
    if scan.moment is not None:
        actions.refuse_clock(sent_at_of(request), at)
    act = actions.scan_in if scan.direction == "in" else actions.scan_out
    visit = act(
        scan.person,
        scan.site,
        scan.moment or at,
        viewer=request.viewer,  # type: ignore[attr-defined]
        by=_by(request),
        at=at,
    )
    told = {
        "person": scan.person,
        "site": scan.site,
        "start": localtime(visit.start).isoformat(),
        "end": localtime(visit.end).isoformat(),
        "end_assumed": visit.end_assumed,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _batch(request: HttpRequest, kind: BatchKind) -> bytes:
    viewer = request.viewer  # type: ignore[attr-defined]
    viewer.require(Permission.VISIT_RECORD)
    body = kind_of_body(request, JSON, NDJSON)
    sender = Sender(
        viewer=viewer,
        by=_by(request),
        key=key_of(request),
        digest=hashlib.sha256(request.body).digest(),
        sent_at=sent_at_of(request),
        still_trusted=lambda: still_in_force(request, Permission.VISIT_RECORD),
    )
    if (answer := actions.first_answer(sender)) is not None:
        return answer
    read = read_lines if body == NDJSON else read_list
    at = clock.now()
    if kind is BatchKind.VISITS:
        visits = read(request.body, VISITS)
        return actions.take(sender, kind, lambda: actions.record_rows(visits, viewer=viewer, at=at), at=at)
    near = read(request.body, ENCOUNTERS)
    return actions.take(sender, kind, lambda: actions.record_encounters(near, viewer=viewer, at=at), at=at)


def _by(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _answered(act: Callable[[], bytes]) -> HttpResponse:
    """The answer of `act` as JSON, or why there is none."""
    try:
        return _json(act())
    except BatchRefused as error:
        return refused(error.status, error.code, str(error))
    except RowRefused as error:
        problem = error.problem
        return refused(400, problem.code, problem.message, _field(problem.field, problem.message))
    except ScanRefused as error:
        return refused(422, f"{error.field}_refused", str(error), _field(error.field, str(error)))


def _field(name: str, message: str) -> dict[str, str]:
    return {name: message} if name else {}


def _json(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="application/json; charset=utf-8")
