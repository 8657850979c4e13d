"""Batches that a sender gives under a key of its own: each is taken once, and ever after answered the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.visits import rules
from tuyendau.records.visits.models import Batch, BatchKind
from tuyendau.records.visits.queries.batches import sender_of
from tuyendau.records.visits.rules.problems import BatchRefused, Problem


@dataclass(frozen=True, slots=True)
class Sender:
    """Who gives a batch, under which key; `digest` is the SHA-256 of the body, `sent_at` what the sender's clock says.

    `still_trusted` says, as the last thing before the batch is committed, whether the sender may still write: a
    device's key that was revoked meanwhile takes its whole batch with it.
    """

    viewer: Viewer
    by: AbstractBaseUser | None
    key: str
    digest: bytes
    sent_at: datetime
    still_trusted: Callable[[], bool] = lambda: True

    @property
    def name(self) -> str:
        """The sender as the table of batches knows it."""
        return sender_of(self.viewer)


@dataclass(slots=True)
class Taken:
    """What came of the rows of a batch: how many were `accepted`, told nothing new, or are `problems`."""

    rows: int
    accepted: int = 0
    doubled: int = 0
    problems: list[Problem] = field(default_factory=list)


@as_program()
def first_answer(sender: Sender) -> bytes | None:
    """The answer that this key was given before, None where it is new. Raises `BatchRefused` for another body."""
    batch = Batch.objects.filter(sender=sender.name, key=sender.key).first()
    return None if batch is None else _same(batch, sender)


@as_program()
def take(sender: Sender, kind: BatchKind, write: Callable[[], Taken], *, at: datetime) -> bytes:
    """Let `write` record the rows and keep its answer under the sender's key, all or nothing; the answer, as JSON.

    A key that was answered before is answered the same, and nothing is written; two requests with one key at once
    come one after the other. Raises `BatchRefused` for a key that stands for another body, a clock that is too far off
    and a sender that is not trusted any more; then nothing is written and the key is free.
    """
    number = _begun(sender, kind, at)
    if number is None:
        return _same(Batch.objects.get(sender=sender.name, key=sender.key), sender)
    refuse_clock(sender.sent_at, at)
    taken = write()
    answer = _answer(sender.key, taken, at)
    Batch.objects.filter(pk=number).update(
        rows=taken.rows,
        accepted=taken.accepted,
        doubled=taken.doubled,
        refused=len(taken.problems),
        answer=answer,
    )
    audit.record(
        f"{kind.value}.batch",
        by=sender.by,
        at=at,
        subject=kind.value,
        device=sender.viewer.device,
        data={
            "key": sender.key,
            "rows": taken.rows,
            "accepted": taken.accepted,
            "doubled": taken.doubled,
            "refused": len(taken.problems),
        },
    )
    if not sender.still_trusted():
        raise BatchRefused(
            "key_revoked",
            401,
            _("The key of this device was revoked. Nothing of the batch was recorded."),
        )
    return answer


def refuse_clock(sent_at: datetime, at: datetime) -> None:
    """Raise `BatchRefused` where a sender's clock, which says `sent_at`, is too far from the server's, `at`."""
    skew = rules.skew_of(sent_at, at)
    if skew is None:
        return
    hours, minutes = divmod(round(abs(skew).total_seconds() / 60), 60)
    text = (
        _("The sender's clock is %(hours)s h %(minutes)s min fast: it says %(theirs)s, and it is %(ours)s.")
        if skew.total_seconds() > 0
        else _(
            "The sender's clock is %(hours)s h %(minutes)s min slow: it says %(theirs)s, and it is %(ours)s."
        )
    )
    told = text % {
        "hours": hours,
        "minutes": minutes,
        "theirs": date_format(localtime(sent_at), "DATETIME_FORMAT"),
        "ours": date_format(localtime(at), "DATETIME_FORMAT"),
    }
    advice = _("Nothing was recorded. Set the clock, put the times that it gave right, and send again.")
    raise BatchRefused("clock_off", 422, f"{told} {advice}")


def _begun(sender: Sender, kind: BatchKind, at: datetime) -> int | None:
    """Take the key, waiting for whoever is taking it at this moment; None where it was taken before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visits_batch "
            "(sender, key, kind, digest, received_at, rows, accepted, doubled, refused, answer) "
            "VALUES (%s, %s, %s, %s, %s, 0, 0, 0, 0, '') ON CONFLICT (sender, key) DO NOTHING RETURNING id",
            [sender.name, sender.key, kind.value, sender.digest, at],
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _same(batch: Batch, sender: Sender) -> bytes:
    if bytes(batch.digest) != sender.digest:
        raise BatchRefused(
            "key_reused",
            409,
            _(
                "The key “%(key)s” stands for another batch, received at %(moment)s. Give every batch its own key."
            )
            % {
                "key": sender.key,
                "moment": date_format(localtime(batch.received_at), "DATETIME_FORMAT"),
            },
        )
    return bytes(batch.answer)


def _answer(key: str, taken: Taken, at: datetime) -> bytes:
    told: dict[str, Any] = {
        "key": key,
        "received_at": at.isoformat(timespec="seconds"),
        "rows": taken.rows,
        "accepted": taken.accepted,
        "doubled": taken.doubled,
        "refused": len(taken.problems),
        "problems": [
            {"row": p.row, "field": p.field, "code": p.code, "message": p.message}
            for p in sorted(taken.problems, key=_place)
        ],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _place(problem: Problem) -> tuple[int, str]:
    return problem.row, problem.field
