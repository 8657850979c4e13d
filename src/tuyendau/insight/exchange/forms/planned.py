"""A file read as a plan says: parts joined, dates in order, words and communes replaced by what they mean."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from tuyendau.insight.exchange.forms.layout import BETWEEN, Layout
from tuyendau.insight.exchange.forms.problems import Problems
from tuyendau.insight.exchange.forms.reading import Sheet, check_texts
from tuyendau.insight.exchange.forms.specs import Spec
from tuyendau.insight.exchange.forms.tables import ROW
from tuyendau.insight.exchange.rules import dates
from tuyendau.insight.exchange.rules.plans import DAY_PARTS, LEFT_OUT, NAME_PARTS, OPEN, PART, Order, Plan
from tuyendau.lib import clock
from tuyendau.lib.text import clean, fold

KEPT_AS_TEXT = "-"
"""What stands for a commune that was said to be none of those here: the name stays in the address."""

_EVERY_PROBLEM = 1_000_000


def missing(spec: Spec, plan: Plan) -> list[str]:
    """The fields that have to be there and that no column is."""
    given = {name.partition(PART)[0] for name in plan.columns}
    if "id_number" in given:
        given.add("code")
    return [name for name in spec.required if name not in given]


def planned(spec: Spec, layout: Layout, plan: Plan, at: datetime) -> Sheet:
    """The rows of `layout` as `plan` says they are to be read. Every problem is kept."""
    columns: dict[str, pl.Series] = {}
    headings: dict[str, str] = {}
    parts: dict[str, dict[str, int]] = {}
    for index, name in enumerate(plan.columns[: len(layout.heads)]):
        if name in (LEFT_OUT, OPEN):
            continue
        whole, part, which = name.partition(PART)
        if part:
            parts.setdefault(whole, {})[which] = index
        else:
            columns[name] = layout.body[str(index)].alias(name)
            headings[name] = layout.heads[index]
    for whole, indices in parts.items():
        columns[whole] = _joined(layout, indices).alias(whole)
        headings[whole] = layout.heads[min(indices.values())].split(BETWEEN)[0]
    if "code" in spec.required and "code" not in columns and "id_number" in columns:
        columns["code"], headings["code"] = columns["id_number"].alias("code"), headings["id_number"]
    year = clock.local_day(at).year
    for name, order in plan.orders.items():
        if name in columns:
            columns[name] = dates.reordered(columns[name], Order(order), year).alias(name)
    frame = pl.DataFrame([layout.body[ROW], *columns.values()])
    sheet = Sheet(
        spec, frame, headings, at, layout.workbook, Problems(_EVERY_PROBLEM), serials=True, asks=True
    )
    _replace_words(sheet, plan)
    _replace_communes(sheet, plan)
    check_texts(sheet)
    return sheet


def _joined(layout: Layout, indices: dict[str, int]) -> pl.Series:
    """Parts made one text [n]: family and given names, or day, month and year."""
    empty = pl.Series([None] * layout.body.height, dtype=pl.String)
    if indices.keys() <= set(NAME_PARTS):
        texts = [layout.body[str(indices[part])].fill_null("") if part in indices else empty.fill_null("")
                 for part in NAME_PARTS]  # fmt: skip
        name = (texts[0] + " " + texts[1]).map_elements(clean, return_dtype=pl.String)
        return name.set(name == "", None)
    return dates.joined(
        *(layout.body[str(indices[part])] if part in indices else empty for part in DAY_PARTS)
    )


def _replace_words(sheet: Sheet, plan: Plan) -> None:
    for name, meanings in plan.values.items():
        if name == "commune" or not sheet.has(name) or not meanings:
            continue
        texts = sheet.frame[name]
        meant = {text: meanings.get(fold(text), text) for text in texts.drop_nulls().unique()}
        new = texts.replace_strict(meant, default=None, return_dtype=pl.String)
        sheet.frame = sheet.frame.with_columns(new.set(new == "", None).alias(name))


def _replace_communes(sheet: Sheet, plan: Plan) -> None:
    """Communes that were named by hand stand under their codes, and those said to be none are settled as well."""
    meanings = plan.values.get("commune")
    if not meanings or not sheet.has("commune"):
        return
    codes = [meanings.get(pair) for pair in commune_pairs(sheet)]
    kept = [code == KEPT_AS_TEXT for code in codes]
    named = pl.Series(
        "unit", [None if keep else code for code, keep in zip(codes, kept, strict=True)], dtype=pl.String
    )
    sheet.frame = sheet.frame.with_columns(sheet.text("unit").fill_null(named).alias("unit"))
    sheet.headings.setdefault("unit", sheet.headings["commune"])
    sheet.no_commune = pl.Series(kept, dtype=pl.Boolean)


def commune_pairs(sheet: Sheet) -> list[str]:
    """Commune and district as each row names them, folded, as a plan knows them."""
    pairs = zip(sheet.text("commune"), sheet.text("district"), strict=True)
    return [f"{fold(commune or '')}|{fold(district or '')}" for commune, district in pairs]
