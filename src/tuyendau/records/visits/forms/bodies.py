"""What a sender states beside the rows: its key, what its clock says, and how the body is written."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tuyendau.records.visits.rules.problems import MOST_BYTES, BatchRefused

JSON = "application/json"
NDJSON = "application/x-ndjson"
LONGEST_KEY = 100


def key_of(request: HttpRequest) -> str:
    """The sender's key for this batch, from the header Idempotency-Key. Raises `BatchRefused`."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise BatchRefused(
            "key_missing",
            400,
            _(
                "The header Idempotency-Key is missing: a key of your own for this batch, the same at each try."
            ),
        )
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise BatchRefused(
            "key_unfit",
            400,
            _("The Idempotency-Key may have up to %(most)s letters, digits and signs of ASCII.")
            % {"most": LONGEST_KEY},
        )
    return key


def sent_at_of(request: HttpRequest) -> datetime:
    """What the sender's clock says as it sends, from the header Sent-At. Raises `BatchRefused`."""
    said = request.headers.get("Sent-At", "").strip()
    moment = _moment(said)
    if moment is None:
        text = (
            _(
                "“%(said)s” in the header Sent-At is no time with an offset. Write it as 2021-05-14T07:28:00+07:00."
            )
            if said
            else _("The header Sent-At is missing: what your own clock says at each try, such as %(said)s.")
        )
        raise BatchRefused(
            "sent_at_unfit" if said else "sent_at_missing",
            400,
            text % {"said": said or "2021-05-14T07:28:00+07:00"},
        )
    return moment


def kind_of_body(request: HttpRequest, *kinds: str) -> str:
    """The content type of the body, one of `kinds`. Raises `BatchRefused` for another, and for a body too large."""
    kind = (request.content_type or "").lower()
    if kind not in kinds:
        raise BatchRefused(
            "content_type",
            415,
            _("The content type is “%(kind)s”. Send %(kinds)s.") % {"kind": kind, "kinds": ", ".join(kinds)},
        )
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise BatchRefused(
            "too_large",
            413,
            _("The body is larger than %(most)s MB. Send the rows in several batches.")
            % {"most": MOST_BYTES >> 20},
        )
    return kind


def _moment(said: str) -> datetime | None:
    try:
        moment = parse_datetime(said)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
