"""A company with a gate, lines and workers, and a sender of batches, for the tests of the API."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from tests.factories import PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock

NDJSON = "application/x-ndjson"


class Works:
    """A company with a gate (dwell rule eight hours) and a line, three workers, and an officer who sends."""

    def __init__(self) -> None:
        self.province = province = UnitFactory(level=UnitLevel.PROVINCE)
        self.company = SiteFactory(kind=SiteKind.COMPANY, unit=UnitFactory(parent=province), code="CTY")
        self.gate = SiteFactory(kind=SiteKind.GATE, parent=self.company, dwell_minutes=480, code="CONG")
        self.line = SiteFactory(parent=self.company, code="CHUYEN", dwell_minutes=480)
        self.stranger = SiteFactory(kind=SiteKind.COMPANY, code="CTY-KHAC")
        self.workers = [PersonFactory(code=f"CN{n}") for n in range(3)]
        self.user = make_user("can_bo", "company_officer", site=self.company, language="en")
        self.now = clock.now().replace(microsecond=0)
        self.client = Client()
        self.client.force_login(self.user)
        self._keys = itertools.count()

    def ago(self, **units: float) -> str:
        """A moment before now, as a sender writes it."""
        return (self.now - timedelta(**units)).astimezone(clock.ZONE).isoformat()

    def send(
        self,
        rows: Sequence[Mapping[str, Any]] | bytes,
        *,
        key: str | None = None,
        sent_at: datetime | str | None = None,
        kind: str = "application/json",
        path: str = "/api/v1/visits",
    ) -> Any:
        """Post a batch; rows are written as JSON, or as NDJSON where `kind` says so."""
        body = rows
        if not isinstance(rows, bytes):
            lines = [json.dumps(row, ensure_ascii=False) for row in rows]
            body = ("\n".join(lines) if kind == NDJSON else f"[{','.join(lines)}]").encode()
        said = sent_at if sent_at is not None else clock.now()
        headers = {
            "Idempotency-Key": key if key is not None else f"me-{next(self._keys)}",
            "Sent-At": said if isinstance(said, str) else said.isoformat(),
        }
        return self.client.post(path, body, content_type=kind, headers=headers)

    def stay(self, worker: int = 0, hours: float = 4, length: float = 2, **more: Any) -> dict[str, Any]:
        """A row: a stay at the line that began some hours ago."""
        row = {"person": f"CN{worker}", "site": "CHUYEN", "start": self.ago(hours=hours)}
        return row | {"end": self.ago(hours=hours - length)} | more

    def scan(self, direction: str, hours: float, worker: int = 0) -> dict[str, Any]:
        """A row: a scan at the gate some hours ago."""
        return {
            "person": f"CN{worker}",
            "site": "CONG",
            "direction": direction,
            "moment": self.ago(hours=hours),
        }


def counts(answer) -> tuple[int, int, int, int]:
    assert answer.status_code == 200, answer.content.decode()
    told = answer.json()
    return told["rows"], told["accepted"], told["doubled"], told["refused"]


def problems(answer) -> list[tuple[int, str, str]]:
    return [(p["row"], p["field"], p["code"]) for p in answer.json()["problems"]]
