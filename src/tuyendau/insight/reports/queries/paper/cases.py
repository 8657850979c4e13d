"""The sections of a report that tell of cases: how many, when, where, of whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tuyendau.core.places.models import UnitLevel
from tuyendau.insight.reports.queries.paper.saying import (
    change,
    day,
    figure,
    percent,
    short_day,
    tenths,
    whole,
)
from tuyendau.insight.reports.rules.paper import Block, Column, Heading, Line, Picture, Shown, Table
from tuyendau.insight.situation.queries.words import BASES, FIGURES
from tuyendau.insight.situation.rules import Basis
from tuyendau.lib import clock

Content = Mapping[str, Any]
MOST_ROWS = 10


def basis_of(content: Content) -> str:
    """By which date cases are counted, in words."""
    return str(BASES[Basis(content["basis"])])


def overview(content: Content) -> Iterator[Block]:
    """What is new, in three sentences and a table."""
    figures = content["numbers"]["figures"]
    today, week, total = (figure(figures, code) for code in ("today", "week", "total"))
    yield Heading(_("OVERVIEW"))
    if content["nothing_known"]:
        yield Line(_nothing(content))
        return
    if not total["value"]:
        yield Line(_("No confirmed case is on record of this unit up to this moment."))
    yield Line(
        _(
            "On %(day)s %(new)s new confirmed cases are on record (%(basis)s; %(change)s against the day before). In 7 "
            "days there were %(week)s (%(week_change)s against the 7 days before). In all %(total)s cases are "
            "on record: "
            "%(recovered)s recovered, %(died)s died, %(active)s without an outcome."
        )
        % {
            "day": day(today["last"]),
            "new": whole(today["value"]),
            "basis": basis_of(content),
            "change": change(today["value"], today["before"]),
            "week": whole(week["value"]),
            "week_change": change(week["value"], week["before"]),
            "total": whole(total["value"]),
            "recovered": whole(figure(figures, "recovered")["value"]),
            "died": whole(figure(figures, "died")["value"]),
            "active": whole(figure(figures, "active")["value"]),
        }
    )
    if content["numbers"]["rate"] is not None:
        yield Line(
            _("In 14 days that is %(rate)s cases per 100,000 people (population %(people)s).")
            % {
                "rate": tenths(content["numbers"]["rate"]),
                "people": whole(content["numbers"]["population"]),
            }
        )
    yield _key_figures(content)


def _nothing(content: Content) -> str:
    if content["known_from"] is None:
        return _("No case of any unit was on record at this moment: there is nothing to report yet.")
    return _(
        "No case of any unit was on record at this moment: the first came on %(day)s. A report of that day or later "
        "tells of it."
    ) % {"day": f"{clock.local_day(datetime.fromisoformat(content['known_from'])):%d/%m/%Y}"}


def _key_figures(content: Content) -> Table:
    rows = [
        (
            str(FIGURES[each["code"]][0]),
            each["value"],
            each["before"],
            each["value"] - each["before"],
            _compared(each),
        )
        for each in content["numbers"]["figures"]
    ]
    columns = (
        Column(_("Figure"), width=2.6),
        Column(_("Now"), Shown.WHOLE, 1),
        Column(_("Before"), Shown.WHOLE, 1),
        Column(_("Difference"), Shown.SIGNED, 1.1),
        Column(_("Compared with"), width=3.9),
    )
    note = _("Cases are counted %(basis)s.") % {"basis": basis_of(content)}
    return Table(_("Figures"), _("Key figures"), columns, tuple(rows), note)


def _compared(each: Mapping[str, Any]) -> str:
    if each["first"] is None:
        return _("the same a day before, as known then")
    if each["first"] == each["last"]:
        return _("the whole day before")
    return _("%(first)s–%(last)s against as many days before") % {
        "first": short_day(each["first"]),
        "last": short_day(each["last"]),
    }


def course(content: Content) -> Iterator[Block]:
    """The epidemic curve and how fast cases grow."""
    yield Heading(_("COURSE IN TIME"))
    reported, onset = content["curves"]
    for code, of, caption in (
        ("curve", reported, _("Confirmed cases by day of report and by how they were found")),
        ("onset", onset, _("Confirmed cases by day of onset and by setting")),
    ):
        counts = [sum(column) for column in zip(*(each["counts"] for each in of["series"]), strict=True)]
        if not counts:
            yield Line(_("%(what)s: none in the days shown.") % {"what": caption})
            continue
        most = max(range(len(counts)), key=counts.__getitem__)
        alt = _("%(what)s, %(first)s to %(last)s; the most on %(day)s: %(n)s.") % {
            "what": caption, "first": day(of["days"][0]), "last": day(of["days"][-1]), "day": day(of["days"][most]),
            "n": whole(counts[most]),
        }  # fmt: skip
        yield Picture(code, caption, alt, _curve_note(of))
    yield Line(_growth(content["growth"]))


def _curve_note(of: Mapping[str, Any]) -> str:
    notes = []
    if of["incomplete"] <= of["days"][-1]:
        notes.append(
            _("Days from %(day)s on (pale) are incomplete: reports are still to come.")
            % {"day": day(of["incomplete"])}
        )
    if of["undated"]:
        notes.append(_("%(n)s cases without such a date are not shown.") % {"n": whole(of["undated"])})
    if of["earlier"]:
        notes.append(_("%(n)s cases lie before the first day shown.") % {"n": whole(of["earlier"])})
    return " ".join(notes)


def _growth(of: Mapping[str, Any]) -> str:
    window = {"first": day(of["first"]), "last": day(of["last"]), "n": whole(of["cases"])}
    if of["rate"] is None:
        return _("Growth: too few cases to tell (%(n)s from %(first)s to %(last)s).") % window
    time, shortest, longest = of["times"]
    said = window | {
        "rate": percent(of["rate"]), "low": percent(of["low"]), "high": percent(of["high"]), "time": tenths(time),
        "shortest": tenths(shortest), "longest": tenths(longest),
    }  # fmt: skip
    if not of["clear"]:
        return (
            _(
                "Growth: %(rate)s a day (95%% interval %(low)s to %(high)s) from %(first)s to %(last)s: "
                "whether cases grow "
                "or fall is not clear."
            )
            % said
        )
    if of["rate"] > 0:
        return (
            _(
                "Growth: %(rate)s a day (95%% interval %(low)s to %(high)s) from %(first)s to %(last)s; cases "
                "double in "
                "%(time)s days (%(shortest)s to %(longest)s)."
            )
            % said
        )
    return (
        _(
            "Growth: %(rate)s a day (95%% interval %(low)s to %(high)s) from %(first)s to %(last)s; cases "
            "halve in %(time)s "
            "days (%(shortest)s to %(longest)s)."
        )
        % said
    )


def places(content: Content) -> Iterator[Block]:
    """Where cases are, and of which age and sex."""
    of = content["places"]
    window = {"first": day(of["first"]), "last": day(of["last"])}
    yield Heading(_("PLACES AND PEOPLE"))
    if content["unit"]["level"] != UnitLevel.COMMUNE:
        caption = _("Confirmed cases by commune, %(first)s to %(last)s") % window
        top = ", ".join(f"{row['name']} ({whole(row['cases'])})" for row in of["communes"][:3])
        alt = caption + (": " + top if top else ": " + _("none"))
        yield Picture("map", caption, alt)
        if of["communes"]:
            yield Line(
                _("%(n)s communes have cases; most are in %(top)s.")
                % {"n": whole(len(of["communes"])), "top": top}
            )
            yield _place_table(
                _("Communes"), _("Communes with most cases, %(first)s to %(last)s") % window, of["communes"]
            )
    if of["companies"]:
        caption = _("Companies with most cases, %(first)s to %(last)s") % window
        yield _place_table(_("Companies"), caption, of["companies"])
    if of["lines"]:
        caption = _("Production lines with most cases, %(first)s to %(last)s") % window
        yield _place_table(_("Lines"), caption, of["lines"])
    yield from _ages(content["ages"])


def whole_tables(content: Content) -> tuple[Table, ...]:
    """Every commune and company with cases, for the workbook."""
    of = content["places"]
    return tuple(
        _place_table(name, caption, of[key], most=None)
        for key, name, caption in (
            ("communes", _("All communes"), _("Every commune with cases")),
            ("companies", _("All companies"), _("Every company with cases")),
            ("lines", _("All lines"), _("Every line with cases")),
        )
        if len(of[key]) > MOST_ROWS
    )


def _place_table(
    name: str, caption: str, rows: list[Mapping[str, Any]], most: int | None = MOST_ROWS
) -> Table:
    rated = any(row["rate"] is not None for row in rows)
    columns = [
        Column(_("Name of the place"), width=3),
        Column(_("Part of"), width=2.4),
        Column(_("Cases"), Shown.WHOLE, 1),
        Column(_("14 days before"), Shown.WHOLE, 1.2),
        Column(_("Difference"), Shown.SIGNED, 1),
    ]
    if rated:
        columns.append(Column(_("Per 100,000"), Shown.TENTHS, 1.2))
    made = [
        (row["name"], row["above"] or "–", row["cases"], row["before"], row["cases"] - row["before"])
        + ((row["rate"],) if rated else ())
        for row in rows[:most]
    ]
    left = len(rows) - len(made)
    note = _("%(n)s more with cases: see the workbook.") % {"n": whole(left)} if left > 0 else ""
    return Table(name, caption, tuple(columns), tuple(made), note)


def _ages(of: Mapping[str, Any]) -> Iterator[Block]:
    bands = of["bands"]
    total = sum(sum(band[2:]) for band in bands) + sum(of["no_age"])
    if not total:
        return
    female, male = (sum(band[n] for band in bands) + of["no_age"][n - 2] for n in (2, 3))
    most = max(bands, key=lambda band: sum(band[2:]))
    caption = _("All confirmed cases by age and sex")
    told = {
        "female": whole(female), "female_share": percent(female / total), "male": whole(male),
        "male_share": percent(male / total), "band": band_words(most), "n": whole(sum(most[2:])),
        "no_age": whole(sum(of["no_age"])),
    }  # fmt: skip
    yield Line(
        _(
            "Women and girls: %(female)s (%(female_share)s); men and boys: %(male)s (%(male_share)s). Most "
            "cases are of "
            "the age %(band)s (%(n)s). Age not known: %(no_age)s."
        )
        % told
    )
    yield Picture(
        "ages", caption, _("%(what)s; most of the age %(band)s: %(n)s.") % (told | {"what": caption})
    )


def band_words(band: list[Any]) -> str:
    """An age band in words."""
    return f"{band[0]}+" if band[1] is None else f"{band[0]}–{band[1]}"
