"""A day of presence in one memory-mapped Arrow file: 21 bytes a visit and a little by site and person.

The file holds one record batch of one row, in which every column is a list: so columns of different lengths share
one file without a copy. Polars reads the visits with
`pl.read_ipc(path).select("person", "site", "start", "end", "assumed").explode(pl.all())`.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tuyendau.science.epi.times import DAY, UTC_OFFSET, day_start, day_to_date
from tuyendau.science.tracing.build import runs, stable_order, united
from tuyendau.science.tracing.visits import Flags, Ints, Visits

FORMAT = b"tuyendau.presence/1"


class SegmentError(ValueError):
    """A segment file that cannot be used; the message names the file."""


@dataclass(frozen=True, eq=False)
class DaySegment:
    """Everyone's presence on one local day, immutable.

    person, site, start, end: int32 [n] and assumed: uint8 [n], by (site, start), disjoint for a person at a site,
    within the day. sites [s] ordered, site_offsets [s + 1] into the rows, longest [s] the longest stay in seconds.
    people [p] ordered, people_offsets [p + 1] into `rows` [n], the row numbers by person. All read-only.
    """

    day: int
    utc_offset: int
    person: Ints
    site: Ints
    start: Ints
    end: Ints
    assumed: Flags
    sites: Ints
    site_offsets: Ints
    longest: Ints
    people: Ints
    people_offsets: Ints
    rows: Ints

    def __len__(self) -> int:
        return len(self.person)

    @classmethod
    def build(cls, day: int, visits: Visits, utc_offset: int = UTC_OFFSET) -> DaySegment:
        """The segment of a local day (days since 2020-01-01) from visits in any order.

        Visits are cut to the day; visits of one person at one site that overlap are united (see `build.united`).
        """
        midnight = day_start(day, utc_offset)
        rows = united(visits.clipped(midnight, midnight + DAY))
        sites, site_offsets = runs(rows.site)
        stay = rows.end - rows.start
        longest = np.maximum.reduceat(stay, site_offsets[:-1]) if len(stay) else np.empty(0, np.int32)
        by_person = stable_order(rows.person)
        people, people_offsets = runs(rows.person[by_person])
        arrays = (rows.person, rows.site, rows.start, rows.end, rows.assumed, sites, site_offsets, longest)
        columns = [np.ascontiguousarray(a) for a in (*arrays, people, people_offsets, by_person)]
        for column in columns:
            column.setflags(write=False)
        return cls(day, utc_offset, *columns)

    @property
    def visits(self) -> Visits:
        """The visits of the day as columns."""
        return Visits(self.person, self.site, self.start, self.end, self.assumed)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(getattr(self, name).nbytes for name in _COLUMNS)

    @property
    def file_name(self) -> str:
        """The usual name of this segment's file."""
        return f"presence-{day_to_date(self.day).isoformat()}.arrow"

    def write(self, path: Path) -> None:
        """Write the file as a whole or not at all: temporary file, fsync, rename."""
        arrays = [pa.ListArray.from_arrays(_ends(a), pa.array(a)) for a in self._arrays()]
        meta: dict[bytes | str, bytes | str] = {
            b"format": FORMAT,
            b"day": str(self.day).encode(),
            b"utc_offset": str(self.utc_offset).encode(),
        }
        schema = pa.schema(
            [pa.field(n, a.type) for n, a in zip(_COLUMNS, arrays, strict=True)], metadata=meta
        )
        batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                with pa.ipc.new_file(file, schema) as writer:
                    writer.write_batch(batch)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o640)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)

    @classmethod
    def open(cls, path: Path) -> DaySegment:
        """Map a segment file into memory; nothing is copied.

        Raises SegmentError where the file is missing, of another format, or its parts do not fit together.
        """
        try:
            with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
                meta = reader.schema.metadata or {}
                if meta.get(b"format") != FORMAT:
                    raise SegmentError(f"{path}: not a presence segment of format {FORMAT.decode()}")
                batch = reader.get_batch(0)
                lists: list[Any] = [batch.column(name) for name in _COLUMNS]
                columns = [one.values.to_numpy(zero_copy_only=True) for one in lists]
                segment = cls(int(meta[b"day"]), int(meta[b"utc_offset"]), *columns)
        except (OSError, pa.ArrowException, KeyError, IndexError) as error:
            raise SegmentError(f"{path}: {error}") from error
        segment._check(path)
        return segment

    def _arrays(self) -> list[Any]:
        return [getattr(self, name) for name in _COLUMNS]

    def _check(self, path: Path) -> None:
        """The kernels read without bounds checks, so offsets that do not fit would read outside the file."""
        n = len(self.person)
        kinds = all(a.dtype == (np.uint8 if name == "assumed" else np.int32) for name, a in self._named())
        level = all(len(a) == n for a in (self.site, self.start, self.end, self.assumed, self.rows))
        fits = all(
            len(o) == len(k) + 1 and o[0] == 0 and o[-1] == n and bool((o[1:] > o[:-1]).all())
            for o, k in ((self.site_offsets, self.sites), (self.people_offsets, self.people))
        )
        if not (kinds and level and fits and len(self.longest) == len(self.sites)):
            raise SegmentError(f"{path}: the parts of the segment do not fit together; build it again")

    def _named(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in _COLUMNS]


_COLUMNS = tuple(f.name for f in fields(DaySegment) if f.name not in ("day", "utc_offset"))


def _ends(values: Any) -> Any:
    return pa.array([0, len(values)], type=pa.int32())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
