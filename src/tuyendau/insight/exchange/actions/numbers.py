"""Identity numbers in a file of people: one form each, at odds with nothing else in the row, and nobody else's."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import holders_of
from tuyendau.lib import identity
from tuyendau.lib.identity import IdentityRefused, Kind
from tuyendau.records.people.forms import why_refused

_BETWEEN = ":"


def cards(sheet: Sheet, rows: pl.DataFrame) -> pl.Series:
    """The numbers of identity cards [n], each with its kind before it; what is wrong with one becomes a problem."""
    texts = sheet.text("id_number")
    found: list[str | None] = []
    faults: dict[str, list[bool]] = {}
    columns = zip(texts, rows["sex"], rows["birth_year"], strict=True)
    for row, (text, sex, year) in enumerate(columns):
        value, fault = (None, None) if text is None else _card(text, sex or "", year)
        found.append(value)
        if fault:
            faults.setdefault(fault, [False] * len(sheet))[row] = True
    for message, mask in faults.items():
        sheet.wrong(pl.Series(mask), "id_number", message)
    return pl.Series("id_number", found, dtype=pl.String)


def _card(text: str, sex: str, year: int | None) -> tuple[str | None, str | None]:
    """A card's number with its kind, or why it is none. Nine digits, or eight of them, are the old card's."""
    digits = identity.squeezed(text.removesuffix(".0"))
    kind = Kind.CMND if len(digits) in (8, 9) else Kind.CCCD
    try:
        value = identity.normalise(kind, text, sex=sex, birth_year=year, zeros_lost=True)
    except IdentityRefused as error:
        return None, why_refused(error)
    return f"{kind}{_BETWEEN}{value}", None


def insurances(sheet: Sheet) -> pl.Series:
    """The numbers of health insurance cards [n], each with its kind before it."""
    texts = sheet.text("bhyt")
    forms: dict[str, str | None] = {}
    faults: dict[str, list[str]] = {}
    for text in texts.drop_nulls().unique():
        try:
            forms[text] = f"{Kind.BHYT}{_BETWEEN}{identity.normalise(Kind.BHYT, text, zeros_lost=True)}"
        except IdentityRefused as error:
            forms[text] = None
            faults.setdefault(why_refused(error), []).append(text)
    for message, wrong in faults.items():
        sheet.wrong(texts.is_in(wrong).fill_null(False), "bhyt", message)
    return texts.replace_strict(forms, default=None, return_dtype=pl.String)


def check_holders(sheet: Sheet, rows: pl.DataFrame) -> None:
    """A number is one person's: in the file, and of those who are on record."""
    for name in ("id_number", "bhyt"):
        if not sheet.has(name):
            continue
        held = rows[name]
        codes = rows.select(pl.col("code").n_unique().over(name))["code"]
        sheet.wrong(
            held.is_not_null() & (codes > 1),
            name,
            _("Two people of this file have this number. One of them is wrong."),
        )
        known = holders_of([of(number)[1] for number in held.drop_nulls().unique()])
        other = [
            number is not None and of(number) in known and known[of(number)] != code
            for number, code in zip(held, rows["code"], strict=True)
        ]
        sheet.wrong(
            pl.Series(other, dtype=pl.Boolean), name,
            _("This number is on record for a person with another code. Use that code, or have the two merged first."),
        )  # fmt: skip


def of(number: str) -> tuple[str, str]:
    """The kind and the value of a number as the columns above hold it."""
    kind, _between, value = number.partition(_BETWEEN)
    return kind, value
