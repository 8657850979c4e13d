"""What the browser reads of a layer, by the description of the format alone."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.test import Client
from django.urls import reverse


@dataclass(frozen=True)
class Read:
    """A layer as it was sent: its head, numbers and texts by the name of the part."""

    head: dict[str, Any]
    numbers: dict[str, list[int]]
    texts: dict[str, list[str]]

    def by_id(self, part: str) -> dict[str, Any]:
        """A part, by the ids of the features."""
        values = self.numbers[part] if part in self.numbers else self.texts[part]
        return dict(zip(self.texts["ids"], values, strict=True))


def unpacked(body: bytes) -> Read:
    """Take a layer apart."""
    (size,) = struct.unpack_from("<I", body)
    head = json.loads(body[4 : 4 + size])
    at = 4 + size
    numbers, texts = {}, {}
    for name, kind, length in head["parts"]:
        assert at % 8 == 0
        run = body[at : at + length]
        if kind == "text":
            texts[name] = run.decode().split("\n") if head["count"] else []
        else:
            numbers[name] = np.frombuffer(run, dtype=f"<{kind}").tolist()
        at += length + -length % 8
    assert at == len(body)
    return Read(head, numbers, texts)


def layer(client: Client, code: str = "communes", **asked: str) -> Read:
    """The layer as the page would load it."""
    answer = client.get(reverse("map:layer", args=[code]), asked)
    assert answer.status_code == 200, answer.content
    return unpacked(answer.content)
