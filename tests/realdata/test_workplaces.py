"""Face-to-face contacts in two office buildings (SocioPatterns): the engine finds what is known of them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from tuyendau.config.cli.trace import command
from tuyendau.science.epi import ContactPolicy
from tuyendau.science.tracing import Encounters, PresenceIndex, Sources, to_datetime

pytestmark = pytest.mark.realdata

STEP = 20
KNOWN = {"InVS15": (217, 4_274, 33_751, 429), "InVS13": (92, 755, 4_592, 40)}


def steps(folder: Path, name: str) -> NDArray[np.int64]:
    """Rows t, i, j: i and j faced each other over the 20 seconds that end at t."""
    with gzip.open(folder / "contacts" / f"tij_{name}.dat.gz", "rt") as file:
        return np.loadtxt(file, dtype=np.int64)[:, :3]


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_people_pairs_events_and_long_pairs(realdata: Path, name: str) -> None:
    people, pairs, events, long = KNOWN[name]
    t, i, j = steps(realdata, name).T
    # Their clocks count from local midnight.
    met = Encounters.of(i, j, t - STEP, np.full(len(t), STEP), utc_offset=0)
    assert len(met.people) == people
    # No event crosses midnight, so the pieces that the index holds are the events.
    assert len(met) == events
    index = PresenceIndex(encounters=met, utc_offset=0)
    everyone = Sources.of(met.people, 0, int(t.max()) + 1)
    contacts = index.contacts(everyone, ContactPolicy.bundled("fifteen_minutes"))
    assert len(contacts) == 2 * pairs
    assert int(contacts.seconds.sum()) == 2 * STEP * len(t)
    assert int((contacts.seconds >= 900).sum()) == 2 * long
    assert int((contacts.grade == 0).sum()) == 2 * long


def test_the_command_finds_the_same(realdata: Path, tmp_path: Path) -> None:
    t, i, j = steps(realdata, "InVS13").T
    times = [to_datetime(int(s)).isoformat() for s in t - STEP]
    path, out = tmp_path / "met.csv", tmp_path / "contacts.csv"
    pl.DataFrame({"a": i, "b": j, "start": times, "seconds": np.full(len(t), STEP)}).write_csv(path)
    people = [a for p in np.unique((i, j)).tolist() for a in ("--person", str(p))]
    window = ["--from", times[0], "--to", "2021-01-01"]
    result = CliRunner().invoke(command, ["--encounters", str(path), *people, *window, "--out", str(out)])
    assert result.exit_code == 0, result.output
    found = pl.read_csv(out)
    assert found.height == 2 * KNOWN["InVS13"][3]
    assert found["seconds"].is_sorted(descending=True)
