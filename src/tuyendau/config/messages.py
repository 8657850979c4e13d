"""Compiles the translations: `python -m tuyendau.config.messages`."""

from __future__ import annotations

from pathlib import Path

import polib

LOCALE = Path(__file__).parent / "locale"


def compile_all(locale: Path = LOCALE) -> None:
    """Write the .mo file beside every .po file under `locale`."""
    for source in sorted(locale.rglob("*.po")):
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))


if __name__ == "__main__":
    compile_all()
