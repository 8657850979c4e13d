"""Archives of which the bytes depend on what is in them alone."""

from __future__ import annotations

import io
import zipfile

_WHEN = (1980, 1, 1, 0, 0, 0)


def settled(archive: bytes) -> bytes:
    """The same archive with every part dated alike, in the order in which they stand."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            about = zipfile.ZipInfo(part.filename, _WHEN)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(about, old.read(part))
    return made.getvalue()
