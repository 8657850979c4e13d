"""Communes named in a file, by code or by name."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import Communes, commune_code, plain_unit
from tuyendau.lib.text import fold


def commune_ids(sheet: Sheet, known: Communes, on: date) -> pl.Series:
    """Row ids of the communes [n] (Int64), by their codes, or where no code is given by name; null where neither is.

    An unknown code is a problem that names the day for which codes are read; so is a commune, or none, that lies
    outside the viewer's units. Where somebody can be asked, a name that is unknown is one as well.
    """
    texts = sheet.text("unit")
    codes = {text: commune_code(text) for text in texts.drop_nulls().unique()}
    ids = texts.replace_strict(
        {text: known.ids.get(code) for text, code in codes.items()}, default=None, return_dtype=pl.Int64
    )
    for text, code in codes.items():
        if code not in known.ids:
            sheet.wrong(texts == text, "unit", known.why_not(code, on))
    named = _by_name(sheet, known)
    ids = ids.zip_with(texts.is_not_null(), named)
    wrong = texts.is_not_null() & ids.is_null()
    if sheet.asks and sheet.has("commune"):
        kept = sheet.no_commune if sheet.no_commune is not None else pl.Series([False] * len(sheet))
        strange = texts.is_null() & sheet.text("commune").is_not_null() & named.is_null() & ~kept
        sheet.wrong(strange, "commune", _("No commune is so called. Say which is meant, under “Values”."))
        wrong |= strange
    if known.reach is not None:
        inside = pl.Series([known.within_reach(pk) for pk in ids], dtype=pl.Boolean)
        shown = "unit" if sheet.has("unit") or not sheet.has("commune") else "commune"
        sheet.wrong(~inside & ~wrong, shown, _("Name a commune of your area: only its rows may be imported."))
    return ids


def _by_name(sheet: Sheet, known: Communes) -> pl.Series:
    """Row ids of the communes [n] by their names and districts; null where no single commune is so called."""
    pairs = zip(sheet.text("commune"), sheet.text("district"), strict=True)
    found = {pair: _called(known, *pair, alone=sheet.asks) for pair in set(pairs)}
    pairs = zip(sheet.text("commune"), sheet.text("district"), strict=True)
    return pl.Series([found[pair] for pair in pairs], dtype=pl.Int64)


def _called(known: Communes, commune: str | None, district: str | None, *, alone: bool) -> int | None:
    """The one commune of that name in that district; with `alone` also without a district."""
    if not commune:
        return None
    name = plain_unit(fold(commune))
    if district:
        return known.names.get((name, plain_unit(fold(district))))
    return known.alone.get(name) if alone else None
