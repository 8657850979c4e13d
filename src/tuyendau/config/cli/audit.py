"""`tuyendau audit`: whether the record of who saw and decided what is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuyendau.config.cli import open_database

if TYPE_CHECKING:
    from tuyendau.core.audit.queries import Break


@click.group()
def command() -> None:
    """The record of who saw and decided what."""


class Anchor(click.ParamType[tuple[int, bytes]]):
    """A place of the chain that was noted before, as 1234:9f86d081…"""

    name = "seq:digest"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, bytes]:
        seq, _, digest = value.partition(":")
        try:
            if not seq.isdecimal() or len(found := bytes.fromhex(digest)) != 32:
                raise ValueError
        except ValueError:
            self.fail("write the number and the 64 letters of the digest, as 1234:9f86d081…", param, ctx)
        return int(seq), found


@command.command("verify")
@click.option(
    "--anchor", "anchors", type=Anchor(), multiple=True, help="A head noted earlier that must still be there."
)
def verify_(anchors: tuple[tuple[int, bytes], ...]) -> None:
    """Compute every digest of the chain anew and name what was changed, removed or put elsewhere.

    Prints the head, to be noted where nobody who can write to this database can write. Ends with 1 where something is
    wrong.
    """
    open_database()
    from tuyendau.core.audit.queries import Break, Fault, anchor_holds, verify

    report = verify()
    lost = [Break(Fault.CUT, seq) for seq, digest in anchors if not anchor_holds(seq, digest)]
    for found in [*lost, *report.breaks]:
        click.echo(_told(found), err=True)
    click.echo(f"{report.checked} events, head {report.last}:{report.digest.hex()}")
    if lost or report.breaks:
        raise SystemExit(1)


def _told(found: Break) -> str:
    from tuyendau.core.audit.queries import break_in_words

    return break_in_words(found)
