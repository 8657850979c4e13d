"""The sign-ins of the demonstration: one random password a machine, kept in `var/` for its owner's eyes."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

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
    draft = folder / (FILE + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump([asdict(account) for account in accounts], out, ensure_ascii=False, indent=1)
    draft.replace(folder / FILE)


def load(folder: Path) -> list[Signin]:
    """The accounts kept in `folder`; none where there is no such file."""
    try:
        return [Signin(**account) for account in json.loads((folder / FILE).read_text())]
    except FileNotFoundError:
        return []
