"""When a case is to be reported to the level above, by which text, and where its report stands. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tuyendau.science.epi.diseases import disease


@dataclass(frozen=True, slots=True)
class Text:
    """A text of law that asks for reports of cases, in force from a day on: its number, as it is cited, its form.

    `ministry` is whom a province reports to; `verified` how far it was read: yes, partial, memory.
    """

    effective_from: date
    number: str
    cited: str
    form: str
    ministry: str
    source: str
    verified: str


TEXTS = (
    Text(
        date(2016, 7, 1),
        "54/2015/TT-BYT",
        "Thông tư số 54/2015/TT-BYT ngày 28/12/2015 của Bộ trưởng Bộ Y tế",
        "Mẫu báo cáo trường hợp bệnh theo Thông tư số 54/2015/TT-BYT",
        "Cục Y tế dự phòng, Bộ Y tế",
        "TT 54/2015/TT-BYT, in force from 1 July 2016: deadlines read, the form by the fields of the ministry's own "
        "software",
        "partial",
    ),
    Text(
        date(2026, 7, 1),
        "15/2026/TT-BYT",
        "Thông tư số 15/2026/TT-BYT ngày 17/5/2026 của Bộ trưởng Bộ Y tế",
        "Mẫu 01, Phụ lục I ban hành kèm theo Quyết định số 97/QĐ-PB ngày 30/6/2026",
        "Cục Phòng bệnh, Bộ Y tế",
        "TT 15/2026/TT-BYT, whose article 65 puts it in the place of TT 54/2015 from 1 July 2026; the form and its "
        "fields by QĐ 97/QĐ-PB: both as cited by others, not read themselves",
        "partial",
    ),
)


def text_on(day: date) -> Text:
    """The text in force on a day; before the first, the first."""
    return next((text for text in reversed(TEXTS) if text.effective_from <= day), TEXTS[0])


DAY = timedelta(days=1)
"""A case is known at the latest at the end of the day on which it was announced."""


class State(StrEnum):
    """What became of a report that was sent."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.SENT: frozenset({State.ACKNOWLEDGED, State.RETURNED}),
    State.ACKNOWLEDGED: frozenset(),
    State.RETURNED: frozenset(),
}
"""What the level above may answer. Whoever sends again writes another version."""


def may_become(now: State, then: State) -> bool:
    """Whether a report that is `now` may become `then`."""
    return then in TRANSITIONS[now]


class Standing(StrEnum):
    """Where the duty to report a case stands, the most pressing first."""

    OVERDUE = "overdue"
    DUE = "due"
    RETURNED = "returned"
    CHANGED = "changed"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"


def deadline(disease_code: str, begun_at: datetime, begun_on: date) -> datetime:
    """Until when a case is to be reported whose duty began at a moment, on `begun_on` in the province."""
    return begun_at + timedelta(hours=disease(disease_code).report_within_hours(begun_on))


def standing(
    state: State | None, *, sent_of: int, version: int, deadline: datetime, at: datetime
) -> Standing:
    """Where the duty stands at a moment.

    `state` is that of the latest report, None where none was sent; `sent_of` the version of the case that it told of,
    `version` that which the case has now.
    """
    if state is None:
        return Standing.OVERDUE if at > deadline else Standing.DUE
    if state is State.RETURNED:
        return Standing.RETURNED
    if version > sent_of:
        return Standing.CHANGED
    return Standing.SENT if state is State.SENT else Standing.ACKNOWLEDGED


MAY_SEND = frozenset({Standing.OVERDUE, Standing.DUE, Standing.RETURNED, Standing.CHANGED})
"""Standings in which a report waits to be sent."""
