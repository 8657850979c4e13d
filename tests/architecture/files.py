"""Which files are the project's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tuyendau"
NOT_OURS = {
    ".git", ".venv", "var", "site", "dist", "static", "node_modules", "__pycache__", ".hypothesis",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache",
}  # fmt: skip
PICTURES = {".png", ".ico", ".mo", ".woff2", ".pbf", ".arrow", ".parquet", ".xlsx", ".pyc", ".tsbuildinfo"}


def own_files(*suffixes: str, folder: Path = ROOT) -> Iterator[Path]:
    """Every text file of the project below `folder`, or those with one of `suffixes`."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in NOT_OURS:
                yield from own_files(*suffixes, folder=path)
        elif path.suffix in suffixes if suffixes else path.suffix not in PICTURES:
            yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
