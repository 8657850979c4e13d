"""The sections of a report that tell of the response: tests, quarantine and care, tracing, reports in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tuyendau.insight.reports.queries.paper.saying import change, day, figure, percent, tenths, whole
from tuyendau.insight.reports.rules.paper import Block, Column, Heading, Line, Shown, Table
from tuyendau.insight.situation.queries.indicators import DEFINITIONS, MEASURES, words_of
from tuyendau.insight.situation.queries.words import FIGURES
from tuyendau.insight.situation.rules.indicators import Measure, Shape
from tuyendau.response.care.models import Severity

Content = Mapping[str, Any]


def testing(content: Content) -> Iterator[Block]:
    """Samples, results and how long they took."""
    of = content["laboratory"]
    now, before = of["now"], of["before"]
    yield Heading(_("TESTING"))
    if not (now["taken"] or now["resulted"] or before["resulted"] or of["awaited"]):
        yield Line(_("No sample is on record in these days."))
        return
    interval = now["interval"]
    said = {
        "first": day(now["first"]), "last": day(now["last"]), "taken": whole(now["taken"]),
        "resulted": whole(now["resulted"]), "positive": whole(now["positive"]), "share": percent(now["positivity"]),
        "low": percent(interval[0]) if interval else "–", "high": percent(interval[1]) if interval else "–",
        "awaited": whole(of["awaited"]), "late": whole(of["late"]),
    }  # fmt: skip
    yield Line(
        _(
            "From %(first)s to %(last)s %(taken)s samples were taken and %(resulted)s got a first result: %(positive)s "
            "positive, %(share)s of those positive or negative (95%% interval %(low)s to %(high)s). "
            "%(awaited)s results "
            "are awaited, %(late)s of them for more than 24 hours."
        )
        % said
    )
    columns = (
        Column(_("Testing"), width=3),
        Column(_("7 days"), Shown.WHOLE),
        Column(_("7 days before"), Shown.WHOLE),
    )
    rows: list[tuple[Any, ...]] = [
        (_("Samples taken"), now["taken"], before["taken"]),
        (_("First results"), now["resulted"], before["resulted"]),
        (_("Positive"), now["positive"], before["positive"]),
        (_("Positivity"), percent(now["positivity"]), percent(before["positivity"])),
        (_("Hours from sample to result, median (quartiles)"), _hours(now), _hours(before)),
        (_("Results within 24 hours"), _in_time(now), _in_time(before)),
    ]
    yield Table(_("Testing"), _("Samples and results"), columns, tuple(rows))


def _hours(of: Mapping[str, Any]) -> str:
    if not of["hours"]:
        return "–"
    return f"{tenths(of['hours'][0])} ({tenths(of['hours'][1])}–{tenths(of['hours'][2])})"


def _in_time(of: Mapping[str, Any]) -> str:
    return percent(of["in_time"] / of["resulted"]) if of["resulted"] else "–"


def apart(content: Content) -> Iterator[Block]:
    """Follow-up, quarantine, treatment."""
    of, care = content["apart"], content["care"]
    yield Heading(_("FOLLOW-UP, QUARANTINE AND TREATMENT"))
    f1, facility, home = (figure(of["figures"], code) for code in ("f1", "facility", "home"))
    yield Line(
        _(
            "%(f1)s close contacts (F1) are in follow-up (%(f1_change)s in a day). Signed orders keep "
            "%(facility)s people "
            "in facilities and %(home)s at home."
        )
        % {
            "f1": whole(f1["value"]),
            "f1_change": change(f1["value"], f1["before"]),
            "facility": whole(facility["value"]),
            "home": whole(home["value"]),
        }
    )
    columns = (
        Column(_("Follow-up and quarantine"), width=3),
        Column(_("Now"), Shown.WHOLE),
        Column(_("A day before"), Shown.WHOLE),
        Column(_("Difference"), Shown.SIGNED),
    )
    rows = tuple(
        (str(FIGURES[each["code"]][0]), each["value"], each["before"], each["value"] - each["before"])
        for each in of["figures"]
    )
    yield Table(_("Quarantine"), _("Follow-up and quarantine, as known at the moment"), columns, rows)
    yield from _facilities(of["facilities"])
    yield from _care(care)


def _facilities(rows: list[list[Any]]) -> Iterator[Block]:
    if not rows:
        return
    columns = (
        Column(_("Facility"), width=3),
        Column(_("People under orders"), Shown.WHOLE),
        Column(_("Room for"), Shown.WHOLE),
        Column(_("Taken"), width=1),
    )
    made = tuple(
        (name, people, places, percent(people / places) if places else "–") for name, people, places in rows
    )
    yield Table(_("Facilities"), _("Quarantine facilities"), columns, made)


def _care(care: Mapping[str, Any]) -> Iterator[Block]:
    if not care["cases"]:
        yield Line(_("No case is on record as under treatment in a facility."))
        return
    labels = dict(Severity.choices) | {"": _("not assessed")}
    told = "; ".join(
        f"{labels.get(code, code)}: {whole(care['by_severity'][code])}"
        for code in [*Severity.values, ""]
        if care["by_severity"].get(code)
    )
    yield Line(
        _("%(n)s cases are under treatment in facilities: %(told)s.")
        % {"n": whole(care["cases"]), "told": told}
    )
    columns = (
        Column(_("Treatment facility"), width=3),
        Column(_("Cases"), Shown.WHOLE),
        Column(_("Contacts"), Shown.WHOLE),
    )
    rows = tuple((name, cases, contacts) for name, cases, contacts in care["facilities"])
    yield Table(_("Treatment"), _("People in care by facility"), columns, rows)


def tracing(content: Content) -> Iterator[Block]:
    """The indicators of contact tracing, each with what it counts."""
    of = content["indicators"]
    yield Heading(_("CONTACT TRACING"))
    columns = (
        Column(_("Indicator"), width=3),
        Column(_("Value"), width=1.5),
        Column(_("Of how many"), width=1.5),
        Column(_("14 days before"), width=1.1),
        Column(_("What is counted"), width=4.2),
    )
    rows = tuple(_indicator(row) for row in of["rows"] if row["code"] in DEFINITIONS)
    caption = _("Indicators of contact tracing, %(first)s to %(last)s") % {
        "first": day(of["first"]),
        "last": day(of["last"]),
    }
    note = _("Whoever's time is not over yet, or of whom a date is missing, is not counted.")
    yield Table(_("Tracing"), caption, columns, rows, note)


def _indicator(row: Mapping[str, Any]) -> tuple[str, ...]:
    definition, words = DEFINITIONS[row["code"]], words_of(row["code"])
    counted = f"{whole(row['numerator'])}/{whole(row['denominator'])}"
    if definition.shape is Shape.MEDIAN:
        counted = whole(row["denominator"])
    target = " " + _("Target") + f": {words.target}." if words.target else ""
    told = f"{words.numerator} / {words.denominator}.{target}"
    return (
        str(words.title),
        _value(row, row["value"]),
        counted,
        _value(row, row["before"], spread=False),
        told,
    )


def _value(row: Mapping[str, Any], value: float | None, *, spread: bool = True) -> str:
    definition = DEFINITIONS[row["code"]]
    if value is None:
        return "–"
    if definition.unit is Measure.PERCENT:
        return f"{tenths(value)}%"
    if definition.shape is Shape.MEDIAN and spread and row["low"] is not None:
        return f"{tenths(value)} ({tenths(row['low'])}–{tenths(row['high'])}) {MEASURES[definition.unit]}"
    return f"{tenths(value)} {MEASURES[definition.unit]}"


def in_time(content: Content) -> Iterator[Block]:
    """Whether cases were reported to the level above in time."""
    of = content["timeliness"]
    yield Heading(_("REPORTS OF CASES TO THE LEVEL ABOVE"))
    if not sum(of.values()):
        yield Line(_("No case is to be reported."))
        return
    yield Line(
        _(
            "Reported in time: %(in_time)s; late: %(late)s; overdue and not reported: %(overdue)s; still within their "
            "hours: %(due)s (group A: 24 hours, group B: 48 hours from when a case is known)."
        )
        % {name: whole(n) for name, n in of.items()}
    )
