"""The folder of everything that is kept: closed to other users of the machine; and the key in it."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

OWN_FILES = {
    "secret-key",
    "demo-signins.json",
    "audit-anchors.log",
    "clock.json",
    "demo",
    "up.json",
    "up.lock",
    "log",
    "segments",
}
OWN_BEGINNINGS = ("postgres", "test", ".draft-")
CLOSED = 0o700
PASSABLE = 0o711
KEY = "secret-key"


def close(folder: Path) -> None:
    """Make `folder` with `log` and `segments` in it, open to their owner only.

    Run by root the embedded server is another user's: then everyone may pass through `folder`, and read nothing in it.
    A folder that was there and holds anything else than what the program keeps, or is another user's, stays as it is.
    """
    with suppress(OSError):
        folder.mkdir(mode=CLOSED, parents=True, exist_ok=True)
        if _is_own(folder):
            _set_mode(folder, PASSABLE if _server_is_anothers(folder) else CLOSED)
        for name in ("log", "segments"):
            (folder / name).mkdir(mode=CLOSED, exist_ok=True)
            _set_mode(folder / name, CLOSED)


def secret_key(folder: Path) -> str:
    """The key kept in `folder`, made at first use. It appears there whole: nobody reads half of one."""
    from django.core.management.utils import get_random_secret_key

    file = folder / KEY
    if not file.exists():
        descriptor, draft = tempfile.mkstemp(prefix=".draft-", dir=folder)
        try:
            with os.fdopen(descriptor, "w") as out:
                out.write(get_random_secret_key())
            # Who is second finds the key of who was first, and takes that.
            with suppress(FileExistsError):
                os.link(draft, file)
        finally:
            os.unlink(draft)
    return file.read_text()


def write_private(file: Path, text: str) -> None:
    """Replace `file` in one step by `text`, readable by its owner only."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    draft.replace(file)


def _is_own(folder: Path) -> bool:
    """Whether the program may close `folder`: a name mistaken in TUYENDAU_VAR must not close, say, /var/lib."""
    about = folder.stat()
    if about.st_uid != os.geteuid() or about.st_mode & stat.S_ISVTX:
        return False
    names = {path.name.removesuffix(".new") for path in folder.iterdir()} - OWN_FILES
    return all(name.startswith(OWN_BEGINNINGS) for name in names)


def _server_is_anothers(folder: Path) -> bool:
    data = folder / "postgres"
    return data.exists() and data.stat().st_uid != os.geteuid()


def _set_mode(path: Path, mode: int) -> None:
    if stat.S_IMODE(path.stat().st_mode) != mode:
        path.chmod(mode)
