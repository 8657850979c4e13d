"""How the description of the API tells of bodies, headers and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema

from tuyendau.records.visits.forms.bodies import JSON, NDJSON
from tuyendau.records.visits.forms.rows import EncounterRow, ScanRow, VisitRow
from tuyendau.records.visits.rules.problems import MOST_ROWS


class ProblemAnswer(Schema):
    """Why a row was not taken: its number from 1, the field to mend ("" the row itself), a stable code, a sentence."""

    row: int
    field: str
    code: str
    message: str


class BatchAnswer(Schema):
    """What came of a batch. `accepted`, `doubled` and `refused` together are `rows`."""

    key: str
    received_at: datetime
    rows: int
    accepted: int
    doubled: int
    refused: int
    problems: list[ProblemAnswer]


class ScanAnswer(Schema):
    """The visit that a scan began, ended or belongs to; `end_assumed` while nobody was seen to leave."""

    person: str
    site: str
    start: datetime
    end: datetime
    end_assumed: bool


_STAY = {"person": "CN-00017", "site": "LINE-3", "start": "2021-05-14T07:28:00+07:00",
         "end": "2021-05-14T16:31:00+07:00"}  # fmt: skip
_OPEN = {"person": "001193004512", "site": "LINE-3", "start": "2021-05-14T07:31:00+07:00"}
_IN = {"person": "CN-00018", "site": "GATE-1", "direction": "in", "moment": "2021-05-14T07:20:05+07:00"}
_OUT = {"person": "CN-00018", "site": "GATE-1", "direction": "out", "moment": "2021-05-14T16:40:12+07:00"}


def _header(name: str, meaning: str, example: str) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": True,
        "description": meaning,
        "schema": {"type": "string"},
        "example": example,
    }


SENT_AT = _header(
    "Sent-At",
    "What the sender's own clock says at this try. More than 10 minutes off: nothing is taken.",
    "2021-05-14T16:45:00+07:00",
)
HEADERS = [
    _header(
        "Idempotency-Key", "The sender's own key for this batch, the same at each try.", "gate-1-0000042"
    ),
    SENT_AT,
]


def _rows(
    model: type[VisitRow] | type[EncounterRow], lines: str, example: list[dict[str, Any]]
) -> dict[str, Any]:
    row = model.model_json_schema()
    return {
        "required": True,
        "content": {
            JSON: {"schema": {"type": "array", "maxItems": MOST_ROWS, "items": row}, "example": example},
            NDJSON: {"schema": {"type": "string", "description": "One row, as a JSON object, a line."},
                     "example": lines},
        },
    }  # fmt: skip


VISITS_BODY = _rows(
    VisitRow,
    '{"person":"CN-00017","site":"LINE-3","start":"2021-05-14T07:28:00+07:00","end":"2021-05-14T16:31:00+07:00"}\n'
    '{"person":"CN-00018","site":"GATE-1","direction":"in","moment":"2021-05-14T07:20:05+07:00"}\n',
    [_STAY, _OPEN, _IN, _OUT],
)
ENCOUNTERS_BODY = _rows(
    EncounterRow,
    '{"a":"CN-00017","b":"CN-00018","start":"2021-05-14T11:32:10+07:00","seconds":640}\n',
    [{"a": "CN-00017", "b": "CN-00018", "start": "2021-05-14T11:32:10+07:00", "seconds": 640}],
)
SCAN_BODY = {
    "required": True,
    "content": {JSON: {"schema": ScanRow.model_json_schema(), "example": _IN}},
}
