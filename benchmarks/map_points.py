"""100,000 points on the map in a headless Chromium: how long until they stand there, and how long a frame takes.

    python benchmarks/map_points.py             about a minute and a half
    python benchmarks/map_points.py --keep      writes the result into RESULTS.md

Starts a PostgreSQL of its own with the communes of a province, serves with granian (one worker), and looks with a
Chromium that draws by software, as there is no graphics card in a server. First view is from the start of navigation
until the map says that everything is drawn. Frames are the times between two of the browser's frames while the map is
dragged and zoomed. Beside it: the same points as GeoJSON.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from measuring import cpu, keep, median, own_server, timed

CHROMIUM = os.environ.get("TUYENDAU_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
FIRST_MS, FRAME_MS = 1_500, 300
WHO, PASSWORD = "dichte", "ruộng lúa chín vàng"

# What the page notes of itself: when it is ready, and the times between frames while `framing` is true.
WATCH = """
window.readyAt = 0; window.frames_ = []; window.framing = false; let last = 0;
addEventListener('DOMContentLoaded', () => {
  const map = document.getElementById('map'); if (!map) return;
  const note = () => { if (map.dataset.state === 'ready' && !window.readyAt) window.readyAt = performance.now(); };
  new MutationObserver(note).observe(map, {attributes: true});
  document.addEventListener('map:ready', (event) => { window.theMap = event.detail; });
});
const tick = (now) => {
  if (window.framing && last) window.frames_.push(now - last);
  last = now; requestAnimationFrame(tick);
};
requestAnimationFrame(tick);
"""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Granian with one worker that has the layers of points; its address."""
    import socket

    import httpx

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--no-ws", "--port", str(port),
         "--workers-kill-timeout", "8", "map_points_app:application"],
        stdout=(folder / "web.log").open("a"), stderr=subprocess.STDOUT, cwd=Path(__file__).parent,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            time.sleep(0.5)
            try:
                if httpx.get(f"{url}/accounts/login/", timeout=20).status_code == 200:
                    break
            except httpx.TransportError:
                continue
        yield url
    finally:
        web.terminate()
        web.wait(60)


def load() -> None:
    """The province's communes, and somebody who answers for it."""
    from tuyendau.config.cli.import_units import load_vietnam
    from tuyendau.core.accounts.actions import add_user
    from tuyendau.core.places.actions import draw_cells
    from tuyendau.core.places.models import Unit
    from tuyendau.lib import clock

    now = clock.now()
    load_vietnam("24")
    draw_cells(list(Unit.objects.filter(level=1, valid_to__isnull=True)), by=None, at=now)
    add_user(WHO, password=PASSWORD, full_name="A", role="epidemiologist", unit="24", by=None, at=now)


def sent() -> dict[str, float]:
    """The server's share: milliseconds to pack the points, and their bytes, beside GeoJSON."""
    from map_points_app import MADE, Together

    from tuyendau.access import Viewer
    from tuyendau.insight.map import rules
    from tuyendau.insight.map.layers import Asked
    from tuyendau.insight.map.views.features import packed_parts
    from tuyendau.lib import clock

    asked = Asked(Viewer(None), clock.now())
    packing, body = timed(lambda: rules.packed(*packed_parts(Together(), asked, MADE, "")), 5)
    writing, text = timed(_geojson, 3)
    return {
        "packing": median(packing), "packed": len(body), "packed_gz": len(gzip.compress(body, 1)),
        "writing": median(writing), "geojson": len(text), "geojson_gz": len(gzip.compress(text, 1)),
    }  # fmt: skip


def _geojson() -> bytes:
    from map_points_app import MADE

    features = [
        {
            "type": "Feature", "id": name, "properties": {"class": kind, "label": label, "url": url},
            "geometry": {"type": "Point", "coordinates": [round(at.x, 6), round(at.y, 6)]},
        }
        for name, kind, label, url, at in zip(
            MADE.ids, MADE.classes, MADE.labels, MADE.urls, MADE.geometry, strict=True
        )
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def looked(url: str, layers: str, views: int) -> dict[str, Any]:
    """First views of new pages, the scripts in the browser's cache after the first; then drags and zooms."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{url}/accounts/login/")
        page.fill("input[name=login]", WHO)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "login" not in address)
        first = []
        for _ in range(views + 1):
            page.goto(f"{url}/map/?layers={layers}&view=9.2/21.35/106.45")
            page.wait_for_selector("#map[data-state=ready]", timeout=60_000)
            first.append(page.evaluate("window.readyAt"))
            page.wait_for_timeout(1_000)
        frames = {"drag": _frames(page, _drag), "zoom": _frames(page, _zoom)}
        browser.close()
    return {"cold": first[0], "first": first[1:], **frames}


def _frames(page: Any, act: Any) -> list[float]:
    page.evaluate("window.frames_ = []; window.framing = true")
    act(page)
    found: list[float] = page.evaluate("window.framing = false, window.frames_")
    return found


def _middle(page: Any) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Any) -> None:
    x, y = _middle(page)
    for way in (1, -1, 1, -1):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + way * 350, y + way * 120, steps=25)
        page.mouse.up()
        page.wait_for_timeout(700)


def _zoom(page: Any) -> None:
    page.mouse.move(*_middle(page))
    for way in (-240, -240, -240, 240, 240, 240):
        page.mouse.wheel(0, way)
        page.wait_for_timeout(700)


def _line(name: str, found: dict[str, Any]) -> str:
    drag, zoom = (np.array(found[way]) for way in ("drag", "zoom"))
    views = f"{median(found['first']):,.0f} ms ({found['cold']:,.0f} ms)"
    return f"| {name} | {views} | {_spread(drag)} | {_spread(zoom)} |"


def _spread(frames: Any) -> str:
    return f"{np.median(frames):.0f} / {np.percentile(frames, 95):.0f} / {frames.max():.0f} ms"


def report(size: dict[str, float], rows: list[tuple[str, dict[str, Any]]], load_before: float) -> str:
    lines = [
        "## Many points on the map",
        "",
        "100,000 points with labels and links in a headless Chromium of 1440 x 900 that draws by software, one granian "
        f"worker on the same machine: {cpu()}. {datetime.now():%d/%m/%Y}, `python benchmarks/map_points.py --keep`; "
        f"load average {load_before:.1f} before and {os.getloadavg()[0]:.1f} after.",
        "",
        f"| | first view, median of {len(rows[0][1]['first'])} (nothing in the cache) | "
        "frame while dragged: median / p95 / longest | frame while zoomed |",
        "|---|---|---|---|",
        *(_line(name, found) for name, found in rows),
        "",
        f"Targets: first view {FIRST_MS:,} ms, a frame {FRAME_MS} ms. The points travel as numbers and lines of text: "
        f"{size['packed'] / 1e6:.1f} MB ({size['packed_gz'] / 1e6:.1f} MB compressed), made in "
        f"{size['packing']:.0f} ms; as GeoJSON {size['geojson'] / 1e6:.1f} MB ({size['geojson_gz'] / 1e6:.1f} MB), "
        f"made in {size['writing']:,.0f} ms.",
    ]
    return "\n".join(lines)


def measure(folder: Path, views: int) -> str:
    import django

    django.setup()
    load()
    with served(folder) as url:
        before = os.getloadavg()[0]
        rows = [
            ("no points, communes only", looked(url, "communes", views)),
            ("drawn together where many", looked(url, "together", views)),
            ("each by itself", looked(url, "each", views)),
        ]
    return report(sent(), rows, before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, default=5, help="how often each page is opened")
    parser.add_argument("--keep", action="store_true", help="write the result into RESULTS.md")
    options = parser.parse_args()
    with own_server("map") as folder:
        text = measure(folder, options.views)
    print(text)
    if options.keep:
        keep("map points", text)


if __name__ == "__main__":
    main()
