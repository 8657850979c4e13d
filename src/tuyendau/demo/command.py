"""`tuyendau demo`: load the demonstration, set its clock, let it go on."""

from __future__ import annotations

import math
import time
from datetime import datetime

import click

from tuyendau.config.cli import home, open_database
from tuyendau.config.cli.migrate import migrate


@click.group(invoke_without_command=True)
@click.option(
    "--scale",
    type=click.FloatRange(0.002, 1.0),
    default=0.05,
    show_default=True,
    help="Size of the province: 1 is 1.8 million people and takes minutes, 0.05 takes half a minute.",
)
@click.pass_context
def command(ctx: click.Context, scale: float) -> None:
    """Load the demonstration, an invented outbreak, into an empty database."""
    if ctx.invoked_subcommand is not None:
        return
    open_database(migrated=False)
    migrate(verbosity=0)
    from django.utils.translation import gettext as _

    from tuyendau.demo import load
    from tuyendau.demo.plan import Plan

    began = time.monotonic()
    click.echo(_("Loading the demonstration, an invented outbreak in invented places."))

    def told(step: str) -> None:
        click.echo(f"{time.monotonic() - began:6.1f} s  {step}")

    try:
        load.load(Plan.of_scale(scale), told)
    except load.NotEmpty:
        raise click.ClickException(
            _("this database has records already, so the demonstration is not loaded into it")
        ) from None
    click.echo(_("Loaded in %(seconds)s s.") % {"seconds": f"{time.monotonic() - began:.1f}"})


@command.command("clock")
@click.option(
    "--at",
    "moment",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]),
    help="Moment of the scenario, in the province's time, as 2021-05-28T07:00.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0, 3_600),
    help="How many seconds pass in each real second; 0 stands still, 60 makes an hour of a minute.",
)
@click.option("--stand", is_flag=True, help="Stand still.")
def clock_command(moment: datetime | None, speed: float | None, stand: bool) -> None:
    """Show the clock of the demonstration, or set it; everything that runs follows within a second."""
    from tuyendau.demo import timing
    from tuyendau.lib import clock

    if speed is not None and math.isnan(speed):
        raise click.BadParameter("a number is needed", param_hint="--speed")
    if stand and speed:
        raise click.UsageError("Either --stand or --speed.")
    folder = home()
    try:
        if moment is None and speed is None and not stand:
            said = timing.read(folder)
        else:
            at = moment.replace(tzinfo=clock.ZONE) if moment else None
            said = timing.change(folder, moment=at, speed=0.0 if stand else speed)
    except (LookupError, ValueError):
        said = None
    if said is None:
        raise click.ClickException(f"there is no demonstration with a clock in {folder}")
    shown = said.at(clock.real_now()).astimezone(clock.ZONE)
    click.echo(f"{shown:%d/%m/%Y %H:%M}, " + (f"x{said.speed:g}" if said.speed else "standing"))


@command.command("play")
def play_command() -> None:
    """Bring what the scenario brings as its clock goes, until stopped; `tuyendau up` runs this beside the worker."""
    open_database()
    from tuyendau.demo import play

    play.play(home())
