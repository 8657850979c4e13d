"""Communes named in a file."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import Communes, commune_code, plain_unit
from tuyendau.lib.text import fold


def commune_ids(sheet: Sheet, known: Communes, on: date) -> pl.Series:
    """Row ids of the communes [n] (Int64) by their codes; null where no code is given.

    An unknown code is a problem that names the day for which codes are read; so is a commune, or none, that lies
    outside the viewer's units.
    """
    texts = sheet.text("unit")
    codes = {text: commune_code(text) for text in texts.drop_nulls().unique()}
    ids = texts.replace_strict(
        {text: known.ids.get(code) for text, code in codes.items()}, default=None, return_dtype=pl.Int64
    )
    for text, code in codes.items():
        if code not in known.ids:
            sheet.wrong(texts == text, "unit", known.why_not(code, on))
    if known.reach is not None:
        inside = pl.Series([known.within_reach(pk) for pk in ids], dtype=pl.Boolean)
        unknown = texts.is_not_null() & ids.is_null()
        sheet.wrong(
            ~inside & ~unknown, "unit", _("Name a commune of your area: only its rows may be imported.")
        )
    return ids


def communes_by_name(sheet: Sheet, known: Communes) -> pl.Series:
    """Row ids of the communes [n] by their names and districts; null where no single commune is so called."""
    pairs = zip(sheet.text("commune"), sheet.text("district"), strict=True)
    found = [
        known.names.get((plain_unit(fold(commune)), plain_unit(fold(district))))
        if commune and district
        else None
        for commune, district in pairs
    ]
    return pl.Series(found, dtype=pl.Int64)
