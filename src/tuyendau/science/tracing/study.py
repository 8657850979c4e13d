"""Tracing from files alone: what an analyst does with a table of visits or encounters, and no database."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl

from tuyendau.science.epi.grading import Grade
from tuyendau.science.epi.policy import ContactPolicy
from tuyendau.science.epi.settings import Setting
from tuyendau.science.epi.times import EPOCH, date_to_day, day_start
from tuyendau.science.tracing.columns import durations, ids, instants, numbered, place, refuse
from tuyendau.science.tracing.degrees import degrees
from tuyendau.science.tracing.encounters import Encounters
from tuyendau.science.tracing.index import PresenceIndex
from tuyendau.science.tracing.results import NO_ONSET, Sources
from tuyendau.science.tracing.segment import DaySegment
from tuyendau.science.tracing.tables import Table, read_table
from tuyendau.science.tracing.texts import Problem
from tuyendau.science.tracing.visits import Ints, Longs, Visits, split_days

COLUMNS = ("source", "contact", "degree", "seconds", "first", "last", "sites", "grade", "probability")
ZONE = "Asia/Ho_Chi_Minh"
"""Time zone of what is written."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, eq=False)
class Study:
    """The presence of a study, and the text of each person's number."""

    index: PresenceIndex
    people: pl.Series
    files: tuple[str, ...]

    @classmethod
    def load(cls, visits: Path | None, encounters: Path | None) -> Study:
        """Read either file or both; Problem names the file, the row and the column that cannot be used.

        visits: person, site, start, end and perhaps setting; encounters: a, b, start, seconds.
        """
        if visits is None and encounters is None:
            raise Problem("nothing")
        stays = (
            None if visits is None else read_table(visits, ("person", "site", "start", "end"), ("setting",))
        )
        meets = None if encounters is None else read_table(encounters, ("a", "b", "start", "seconds"))
        columns = [] if stays is None else [ids(stays, "person")]
        columns += [] if meets is None else [ids(meets, "a"), ids(meets, "b")]
        codes, people = numbered(*columns)
        segments: list[DaySegment] = []
        settings: Ints = np.empty(0, np.int32)
        if stays is not None:
            found, settings = _visits(stays, codes[0])
            segments = [DaySegment.build(day, part) for day, part in split_days(found)]
        near = Encounters.none() if meets is None else _encounters(meets, codes[-2], codes[-1])
        files = tuple(t.file for t in (stays, meets) if t is not None)
        return cls(PresenceIndex(segments, settings, encounters=near), people, files)

    def trace(
        self,
        people: Sequence[str],
        start: int,
        end: int,
        *,
        min_seconds: int = 1,
        degree: int = 1,
        onset: int | None = None,
        policy: ContactPolicy | None = None,
        counts: Grade = Grade.NONE,
    ) -> pl.DataFrame:
        """Pairs of source and contact, most seconds first, with the columns `COLUMNS`; times are local datetimes.

        people are the cases, each infectious over [start, end), int32 seconds. A contact passes a degree on from
        `min_seconds` and from grade `counts`. Raises Problem for someone who is in no row.
        """
        number = {name: i for i, name in enumerate(self.people)}
        wanted = list(dict.fromkeys(p.strip() for p in people))
        for person in wanted:
            if person not in number:
                raise Problem("person", person=person, files=" or ".join(self.files))
        sources = Sources.of([number[p] for p in wanted], start, end, NO_ONSET if onset is None else onset)
        found = degrees(self.index, sources, degree, policy, min_seconds=min_seconds, counts=counts)
        c = found.contacts
        return pl.DataFrame(
            {
                "source": self.people.gather(found.sources.person[c.source]),
                "contact": self.people.gather(c.contact),
                "degree": c.degree,
                "seconds": c.seconds,
                "first": _local(c.first),
                "last": _local(c.last),
                "sites": c.sites,
                "grade": pl.Series([g.slug for g in Grade]).gather(c.grade),
                "probability": c.probability,
            }
        ).sort(["seconds", "degree", "source", "contact"], descending=[True, False, False, False])


def moment(text: str, option: str) -> int:
    """Seconds since EPOCH of an ISO 8601 time; a date alone is its local midnight. Problem names the option."""
    value = text.strip()
    if _DATE.fullmatch(value):
        value += "T00:00"
    table = Table(option, pl.DataFrame({option: [value], "__row__": [0]}), None, "")
    try:
        return int(instants(table, option)[0])
    except Problem:
        raise Problem("moment", option=option, value=text) from None


def onset_of(day: date) -> int:
    """Noon of the local day of onset, in seconds since EPOCH."""
    return day_start(date_to_day(day)) + 43_200


def write_csv(table: pl.DataFrame, file: IO[bytes]) -> None:
    """The table as CSV in UTF-8: times in ISO 8601 with their offset, probabilities with six digits."""
    times = pl.col("first", "last").dt.to_string("%Y-%m-%dT%H:%M:%S%:z")
    table.with_columns(times, pl.col("probability").round_sig_figs(6)).write_csv(file)


def write(table: pl.DataFrame, path: Path) -> None:
    """Write a .csv or .parquet file as a whole or not at all; Problem where that cannot be."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise Problem("out", file=path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise Problem("unwritable", file=path, reason=error.strerror or error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            if path.suffix.lower() == ".csv":
                write_csv(table, file)
            else:
                table.write_parquet(file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o640)
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise Problem("unwritable", file=path, reason=error.strerror or error) from None
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _visits(table: Table, person: Longs) -> tuple[Visits, Ints]:
    start, end = instants(table, "start"), instants(table, "end")
    late = np.flatnonzero(end < start)
    if len(late):
        row = int(late[0])
        times = {c: table.frame[c][row] for c in ("start", "end")}
        raise Problem("order", file=table.file, row=place(table, row), **times)
    (site,), sites = numbered(ids(table, "site"))
    return Visits.of(person, site, start, end), _settings(table, site, sites)


def _settings(table: Table, site: Longs, sites: pl.Series) -> Ints:
    """Setting of each site; a site without any is OTHER."""
    codes: Ints = np.full(len(sites), Setting.OTHER, np.int32)
    if "setting" not in table.frame.columns or table.frame["setting"].dtype == pl.Null:
        return codes
    slug = _words(table, "setting")
    known = [s.slug for s in Setting if s is not Setting.MEASURED]
    unknown = (slug.is_not_null() & ~slug.is_in(known)).arg_true()
    if len(unknown):
        row = int(unknown[0])
        raise Problem(
            "setting", file=table.file, row=place(table, row), value=slug[row], known=", ".join(known)
        )
    rows = np.flatnonzero(slug.is_not_null().to_numpy())
    code = (
        slug.drop_nulls().replace_strict({s.slug: int(s) for s in Setting}, return_dtype=pl.Int32).to_numpy()
    )
    # Backwards, so that the first row of a site names its setting and the row that differs is the one told.
    codes[site[rows][::-1]] = code[::-1]
    other = np.flatnonzero(codes[site[rows]] != code)
    if len(other):
        row = int(rows[other[0]])
        raise Problem(
            "settings", file=table.file, row=place(table, row), site=sites[int(site[row])], value=slug[row],
            other=Setting(int(codes[site[row]])).slug,
        )  # fmt: skip
    return codes


def _words(table: Table, column: str) -> pl.Series:
    """Words in lower case, None where empty."""
    return table.frame[column].cast(pl.String).str.strip_chars().str.to_lowercase().replace("", None)


def _encounters(table: Table, a: Longs, b: Longs) -> Encounters:
    refuse(table, pl.Series(a == b), "self", "a")
    start, seconds = instants(table, "start"), durations(table, "seconds")
    refuse(table, pl.Series(start + seconds > 2**31 - 1), "long", "seconds")
    return Encounters.of(a, b, start, seconds)


def _local(seconds: Ints) -> pl.Series:
    """Datetimes in the local zone, whose offset has been UTC_OFFSET since 1975."""
    moments = pl.Series(seconds.astype(np.int64) + int(EPOCH.timestamp()))
    return pl.from_epoch(moments, time_unit="s").dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE)
