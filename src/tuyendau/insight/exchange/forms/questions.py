"""What an import has to ask: what a word means, which commune is meant, in which order a column writes its dates."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from tuyendau.insight.exchange.forms.layout import Layout
from tuyendau.insight.exchange.forms.planned import commune_pairs
from tuyendau.insight.exchange.forms.reading import EMPTY_WORDS, Sheet
from tuyendau.insight.exchange.forms.specs import Spec
from tuyendau.insight.exchange.forms.words import OUTCOME, RESULT, SEX, STATUS, TEST, meanings
from tuyendau.insight.exchange.queries.naming import Names
from tuyendau.insight.exchange.rules import dates
from tuyendau.insight.exchange.rules.plans import LEFT_OUT, OPEN, PART, Order, Plan
from tuyendau.lib.text import fold

MOST = 200
"""Values of one column of which is asked."""

WORDS = {"sex": SEX, "status": STATUS, "outcome": OUTCOME, "test": TEST, "result": RESULT}
_NEAR = 75
_CODED = {
    "sex": {"1": "M", "0": "F", "2": "F", "x": "F"},
    "status": {"duong": "confirmed", "am": "discarded", "+": "confirmed", "-": "discarded", "1": "confirmed"},
    "outcome": {"xuat vien": "recovered", "mat": "died"},
    "test": {},
    "result": {
        "+": "positive",
        "-": "negative",
        "1": "positive",
        "0": "negative",
        "p": "positive",
        "n": "negative",
    },
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one value, or of the dates of a column (`value` ""): the answers that may be given.

    `options` are (answer, how it reads), the likeliest first; `likely` is what to propose, "" for nothing.
    """

    name: str
    heading: str
    value: str
    key: str
    count: int
    options: list[tuple[str, str]] = field(default_factory=list)
    likely: str = ""

    def as_data(self) -> dict[str, Any]:
        """The question as JSON holds it."""
        return asdict(self)


def questions(spec: Spec, layout: Layout, sheet: Sheet, plan: Plan, names: Names) -> list[Question]:
    """Everything that has to be asked of a file that was read as `plan` says."""
    return [
        *_of_dates(spec, layout, plan),
        *(
            each
            for name in WORDS
            if sheet.has(name) and name in spec.names
            for each in _of_words(sheet, name)
        ),
        *(_of_communes(sheet, plan, names) if sheet.has("commune") else []),
        *(_of_sites(sheet, names) if spec.kind == "people" and sheet.has("site") else []),
    ]


def _of_dates(spec: Spec, layout: Layout, plan: Plan) -> list[Question]:
    found = []
    for index, name in enumerate(plan.columns):
        if name in (LEFT_OUT, OPEN) or PART in name or name not in spec.days or name in plan.orders:
            continue
        doubt = dates.doubt(layout.body[str(index)], workbook=layout.workbook)
        if doubt:
            options = [
                (Order.DAY_FIRST.value, _("the day comes first: 05/06/21 is 5 June 2021")),
                (Order.MONTH_FIRST.value, _("the month comes first: 05/06/21 is 6 May 2021")),
            ]
            if layout.workbook:
                options.append(
                    (
                        Order.SWAPPED.value,
                        _("the spreadsheet swapped day and month in cells that it made dates"),
                    )
                )
            shown = ", ".join(doubt.samples)
            found.append(
                Question(
                    name, layout.heads[index], shown, "", layout.body.height, options, doubt.likely.value
                )
            )
    return found


def _is_word(spec: Spec, name: str) -> bool:
    """Whether a field holds words: the result of a case is a day, that of a sample a word."""
    return name in spec.names and name not in spec.days


def _of_words(sheet: Sheet, name: str) -> list[Question]:
    known = WORDS[name]
    counts = Counter(text for text in sheet.text(name).drop_nulls())
    asked: dict[str, Question] = {}
    for text, count in counts.most_common():
        folded = fold(text)
        if folded in known or folded in EMPTY_WORDS:
            continue
        if folded in asked:
            continue
        near = _CODED[name].get(folded) or _nearest(folded, known)
        asked[folded] = Question(name, sheet.heading(name), text, folded, count, meanings(name), near)
        if len(asked) == MOST:
            break
    return list(asked.values())


def _nearest(folded: str, known: dict[str, str]) -> str:
    found = process.extractOne(folded, list(known), scorer=fuzz.WRatio, score_cutoff=_NEAR)
    return known[found[0]] if found else ""


def _of_communes(sheet: Sheet, plan: Plan, names: Names) -> list[Question]:
    pairs = commune_pairs(sheet)
    codes, shown = sheet.text("unit"), zip(sheet.text("commune"), sheet.text("district"), strict=True)
    settled = plan.values.get("commune", {})
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for pair, code, (commune, district) in zip(pairs, codes, shown, strict=True):
        if commune and not code and pair not in settled and not names.settles(commune, district):
            counts[pair] += 1
            written.setdefault(pair, ", ".join(filter(None, (commune, district))))
    found = []
    for pair, count in counts.most_common(MOST):
        options, likely = names.near(pair)
        found.append(
            Question("commune", sheet.heading("commune"), written[pair], pair, count, options, likely)
        )
    return found


def _of_sites(sheet: Sheet, names: Names) -> list[Question]:
    found = []
    for text, count in Counter(sheet.text("site").drop_nulls()).most_common():
        if text not in names.sites:
            options, likely = names.near_sites(text)
            found.append(Question("site", sheet.heading("site"), text, fold(text), count, options, likely))
        if len(found) == MOST:
            break
    return found
