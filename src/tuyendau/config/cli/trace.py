"""`tuyendau trace`: contacts from a file of visits or encounters, with no database."""

from __future__ import annotations

import io
import math
import sys
from datetime import datetime
from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("trace")
@click.option("--visits", type=_FILE, help="CSV or Parquet: person,site,start,end and perhaps setting.")
@click.option("--encounters", type=_FILE, help="CSV or Parquet: a,b,start,seconds.")
@click.option("--person", "people", multiple=True, required=True, help="A case; may be given several times.")
@click.option("--from", "start", required=True, help="Start of the infectious window, as 2021-05-08T07:30.")
@click.option(
    "--to", "end", required=True, help="End of the window, itself outside. A date alone is its midnight."
)
@click.option("--min-minutes", type=click.FloatRange(0, 35_000_000), default=15.0, show_default=True,
              help="Time together, in all, that makes a contact.")  # fmt: skip
@click.option("--degrees", "degree", type=click.IntRange(1, 20), default=1, show_default=True,
              help="1 for contacts, 2 for contacts of contacts, and so on.")  # fmt: skip
@click.option("--counts", type=click.Choice(["close", "near", "around", "none"]), default="none", show_default=True,
              help="Worst grade of a contact that is listed and that passes a degree on; none takes all.")  # fmt: skip
@click.option("--onset", type=click.DateTime(["%Y-%m-%d"]),
              help="Day of onset, to weigh days by infectiousness; without it all days weigh the same.")  # fmt: skip
@click.option("--policy", help="Contact policy: a JSON file, or one of: default, fifteen_minutes.")
@click.option(
    "--out", type=_FILE, help="File to write, .csv or .parquet; without it, CSV goes to the screen."
)
def command(
    visits: Path | None, encounters: Path | None, people: tuple[str, ...], start: str, end: str, min_minutes: float,
    degree: int, counts: str, onset: datetime | None, policy: str | None, out: Path | None,
) -> None:  # fmt: skip
    """List who was with the cases, most seconds first, from a file of visits or encounters.

    Times are ISO 8601; without an offset they are local (+07:00). One row a pair:
    source,contact,degree,seconds,first,last,sites,grade,probability.
    """
    from tuyendau.science.epi import ContactPolicy, Grade, PolicyError
    from tuyendau.science.tracing import study
    from tuyendau.science.tracing.texts import Problem

    try:
        if out is not None and out.suffix.lower() not in (".csv", ".parquet"):
            raise Problem("out", file=out)
        low, high = study.moment(start, "--from"), study.moment(end, "--to")
        if low >= high:
            raise Problem("window", start=start, end=end)
        rules = None
        if policy is not None:
            path = Path(policy)
            rules = ContactPolicy.from_file(path) if path.exists() else ContactPolicy.bundled(policy)
        found = study.Study.load(visits, encounters).trace(
            people, low, high,
            min_seconds=max(1, math.ceil(min_minutes * 60)),
            degree=degree,
            onset=None if onset is None else study.onset_of(onset.date()),
            policy=rules,
            counts=Grade.from_slug(counts),
        )  # fmt: skip
        if out is None:
            text = io.BytesIO()
            study.write_csv(found, text)
            click.echo(text.getvalue(), nl=False)
        else:
            study.write(found, out)
        if not len(found):
            # An empty table alone could be read as "nobody": it may as well be a window of the wrong year.
            click.echo(
                "tuyendau trace: no contacts between --from and --to; check the window and the persons",
                err=True,
            )
    except (Problem, PolicyError) as error:
        click.echo(f"tuyendau trace: {error}", err=True)
        sys.exit(2)
