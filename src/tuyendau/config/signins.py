"""The sign-ins of the demonstration: one random password a machine, kept in `var/` for its owner's eyes."""

from __future__ import annotations

import ipaddress
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tuyendau.config.storage import write_private

FILE = "demo-signins.json"
WORDS = """
lua tre sen cau dua mit vai gao che mai dao cuc lan bau muop ngo nui song dong bien gio mua nang trang cat suoi rung dat
lang cho ben thuyen trau bo ngua voi cua tom ca ech ong buom cong vac se sao chim khi xanh hong tim vang trong sang cao
rong dai tron nhanh vui hien manh tuoi moi dep ngoan
""".split()


@dataclass(frozen=True, slots=True)
class Signin:
    """One account of the demonstration: `vi` and `en` say whose it is."""

    username: str
    password: str
    vi: str
    en: str


def new_password() -> str:
    """Four words and three digits, 33 random bits: easy to type, and the sign-in form locks out who guesses."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(4)), f"{secrets.randbelow(1000):03d}"])


def save(folder: Path, accounts: Iterable[Signin]) -> None:
    """Write the accounts to `folder`, readable by their owner only."""
    write_private(
        folder / FILE, json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1)
    )


def load(folder: Path) -> list[Signin]:
    """The accounts kept in `folder`; none where there is no such file."""
    try:
        return [Signin(**account) for account in json.loads((folder / FILE).read_text())]
    except FileNotFoundError:
        return []


def asked_from_here(environ: Mapping[str, object]) -> bool:
    """Whether a request (its WSGI `environ`) comes from a browser on this machine and not through any proxy.

    A proxy on this machine shows by the headers that it adds, by a host name that is not this machine's own, or, where
    it does neither, by HTTP/1.0 (as the server writes it, HTTP/1) or by closing each connection: no browser does so.
    """
    passed_on = any(
        name.startswith(("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA"))
        for name in environ
    )
    host = str(environ.get("HTTP_HOST", ""))
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    own_name = name.lower() in ("localhost", "127.0.0.1", "[::1]")
    no_browser = (
        environ.get("SERVER_PROTOCOL") in ("HTTP/1.0", "HTTP/1") or environ.get("HTTP_CONNECTION") == "close"
    )
    return own_name and not passed_on and not no_browser and _is_loopback(str(environ.get("REMOTE_ADDR", "")))


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
