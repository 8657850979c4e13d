"""Telephone numbers of a file in one form."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.lib import phones


def phone_numbers(sheet: Sheet) -> pl.Series:
    """Numbers in one form [n]; a mobile number whose leading zero a spreadsheet took away gets it back."""
    texts = sheet.text("phone")
    forms: dict[str, str | None] = {}
    for text in texts.drop_nulls().unique():
        digits = text.removesuffix(".0")
        try:
            forms[text] = phones.normalise("0" + digits if len(digits) == 9 and digits.isdigit() else digits)
        except phones.PhoneRefused:
            forms[text] = None
    found = texts.replace_strict(forms, default=None, return_dtype=pl.String)
    sheet.wrong(
        texts.is_not_null() & found.is_null(), "phone",
        _("This is no Vietnamese telephone number. Write ten digits from 0, one number in a cell, or clear the cell."),
    )  # fmt: skip
    return found
