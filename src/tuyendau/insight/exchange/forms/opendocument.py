"""How much an .ods holds once unpacked: a cell or a row written once may stand there a million times."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms.problems import refused

_PART = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_REPEATED = re.compile(rb"""table:number-(?:columns|rows)-repeated\s*=\s*["'](\d{1,9})["']""")
_FILLED = b"office:value-type"


def refuse_content(part: bytes, cells: int) -> None:
    """Refuse the content of an .ods that has more than `cells` filled cells, each as often as it is repeated."""
    total = width = column = 0
    times = 1
    for found in _PART.finditer(part):
        kind, attributes = found[1], found[2]
        repeated = _REPEATED.search(attributes)
        count = int(repeated[1]) if repeated else 1
        if kind in (b"table-row", b"table"):
            total += width * times
            width, column = 0, 0
            times = count if kind == b"table-row" else 1
        else:
            column += count
            if _FILLED in attributes:
                width = column
        if total + width * times > cells:
            raise refused(
                _("The sheet has more cells than can be read at once. Delete what is outside the table.")
            )
