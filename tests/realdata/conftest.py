"""The reference data beside the checkout; tests of it are left out, saying so, where it is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of the reference data: `TUYENDAU_REALDATA`, else `../shared/data` beside the checkout."""
    folder = Path(os.environ.get("TUYENDAU_REALDATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no reference data at {folder}; TUYENDAU_REALDATA names another folder")
    return folder
