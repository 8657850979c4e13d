"""Every kind of event that the program writes has words for auditors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.files import SOURCE, name, own_files
from tuyendau.core.audit.queries.words import KINDS

WRITERS = {"record", "record_read", "record_export"}


def kinds_in(text: str) -> Iterator[str]:
    """The kinds that calls of the writers name outright, as `audit.record("case.traced", ...)`."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        first = node.args[0] if node.args else None
        if called in WRITERS and isinstance(first, ast.Constant) and "." in str(first.value):
            yield str(first.value)


def test_every_kind_has_words() -> None:
    wordless = {
        f"{name(path)}: {kind}"
        for path in own_files(".py", folder=SOURCE)
        for kind in kinds_in(path.read_text())
        if kind not in KINDS
    }
    assert not wordless, "name the kind in core/audit/queries/words.py, or by name_kinds in AppConfig.ready"


def test_a_kind_without_words_is_noticed() -> None:
    assert list(kinds_in("audit.record('thing.done', by=None)\nrecord_read('x.read')\nprint('a.b')")) == [
        "thing.done",
        "x.read",
    ]
