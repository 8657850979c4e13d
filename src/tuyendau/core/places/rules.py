"""What follows from the kind of a site and the code of a unit. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tuyendau.science.epi.settings import Setting

PROVINCE, DISTRICT, COMMUNE = 1, 2, 3
CODE_DIGITS = {PROVINCE: 2, DISTRICT: 3, COMMUNE: 5}
LEVEL_WORDS = {
    "1": PROVINCE, "province": PROVINCE, "tinh": PROVINCE, "thanh pho truc thuoc trung uong": PROVINCE,
    "2": DISTRICT, "district": DISTRICT, "huyen": DISTRICT, "quan": DISTRICT, "thi xa": DISTRICT,
    "3": COMMUNE, "commune": COMMUNE, "ward": COMMUNE, "xa": COMMUNE, "phuong": COMMUNE, "thi tran": COMMUNE,
}  # fmt: skip
"""Words for a level, folded. "Thành phố" alone is not among them: it may be a province or a district."""


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """What a site of one kind is unless told otherwise."""

    setting: Setting
    dwell_minutes: int


# How long a person stays who was seen to come and not to go. Assumed, for no survey of stays by kind of place was
# found: a shift with its break, a trip, a meal, a night. The owner of a site sets what is true there.
DEFAULTS = {
    "park": KindDefaults(Setting.COMPANY, 540),
    "company": KindDefaults(Setting.COMPANY, 540),
    "workshop": KindDefaults(Setting.WORKSHOP, 540),
    "line": KindDefaults(Setting.LINE, 540),
    "canteen": KindDefaults(Setting.CANTEEN, 45),
    "canteen_zone": KindDefaults(Setting.CANTEEN_ZONE, 45),
    "dormitory": KindDefaults(Setting.LODGING, 720),
    "boarding_house": KindDefaults(Setting.LODGING, 720),
    "room": KindDefaults(Setting.ROOM, 720),
    "household": KindDefaults(Setting.HOUSEHOLD, 720),
    "bus": KindDefaults(Setting.BUS, 120),
    "gate": KindDefaults(Setting.GATE, 5),
    "market": KindDefaults(Setting.MARKET, 60),
    "shop": KindDefaults(Setting.SHOP, 30),
    "school": KindDefaults(Setting.SCHOOL, 300),
    "hospital": KindDefaults(Setting.COMPANY, 240),
    "laboratory": KindDefaults(Setting.COMPANY, 480),
    "ward": KindDefaults(Setting.WARD, 720),
    "quarantine": KindDefaults(Setting.COMPANY, 1440),
    "quarantine_room": KindDefaults(Setting.QUARANTINE_ROOM, 1440),
    "test_point": KindDefaults(Setting.OTHER, 30),
    "vaccination": KindDefaults(Setting.OTHER, 60),
    "checkpoint": KindDefaults(Setting.GATE, 5),
    "other": KindDefaults(Setting.OTHER, 120),
}
"""By kind of site. A park or a company as a whole only says "around"; lines, rooms and, from four hours on, whole
dormitories and boarding houses say "close"."""


def level_of_word(folded: str) -> int | None:
    """The level that a folded word names ("xa", "ward", "3"), else None."""
    return LEVEL_WORDS.get(folded)


def level_of_code(code: str) -> int | None:
    """The level of a code of full length: 2 digits a province, 3 a district, 5 a commune; else None."""
    return {digits: level for level, digits in CODE_DIGITS.items()}.get(len(code)) if code.isdigit() else None


def full_code(code: str, level: int) -> str:
    """`code` with the zeros that a spreadsheet ate put back: "7201" of a commune gives "07201", "24.0" "24"."""
    whole = code.strip().removesuffix(".0")
    return whole.zfill(CODE_DIGITS[level]) if whole.isdigit() else whole


def overlap(a_from: date, a_to: date | None, b_from: date, b_to: date | None) -> bool:
    """Whether two periods share a day; each runs from its first day to before its last, None meaning open."""
    return (b_to is None or a_from < b_to) and (a_to is None or b_from < a_to)
