"""The shape of the code: sizes, names of files in an app."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.files import SOURCE, name, own_files

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
IN_AN_APP = {
    "__init__.py", "apps.py", "rules", "models", "queries", "actions", "forms", "views", "api", "urls.py", "tasks.py",
    "migrations", "templates", "templatetags",
}  # fmt: skip
# What the framework asks of one app alone, and the layers of the map.
ALSO = {"accounts": {"adapter.py", "middleware.py"}, "map": {"layers"}}
APPS = sorted(path.parent for path in SOURCE.glob("*/*/apps.py"))

TS_FUNCTION = re.compile(
    r"^(?P<indent>\s*)(?:export\s+)?(?:default\s+)?(?:(?:private|public|protected|static|readonly)\s+)*(?:async\s+)?"
    r"(?:function\b.*|(?:const|let)\s+\w+\s*=.*=>\s*|(?!(?:if|for|while|switch|catch|else|do|try|return)\b)\w+\(.*)\{$"
)


def too_long_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name}: {lines} lines"


def too_long_typescript(text: str) -> Iterator[str]:
    """Functions by their indentation, as the formatter leaves it."""
    lines = text.splitlines()
    for start, line in enumerate(lines):
        if found := TS_FUNCTION.match(line):
            closing = found["indent"] + "}"
            end = next((i for i in range(start + 1, len(lines)) if lines[i].startswith(closing)), start)
            if end - start + 1 > LONGEST_FUNCTION:
                yield f"{line.strip()}: {end - start + 1} lines"


def test_files_are_short() -> None:
    code = [
        path for path in own_files(".py", ".ts", ".html", ".css", ".scss") if "migrations" not in path.parts
    ]
    assert len(code) > 100
    long = {name(path): lines for path in code if (lines := path.read_text().count("\n")) > LONGEST_FILE}
    assert not long


def test_functions_are_short() -> None:
    long = [f"{name(p)} {found}" for p in own_files(".py") for found in too_long_python(p.read_text())]
    long += [f"{name(p)} {found}" for p in own_files(".ts") for found in too_long_typescript(p.read_text())]
    assert not long


def test_a_long_function_is_noticed() -> None:
    body = "  x += 1;\n" * LONGEST_FUNCTION
    assert list(too_long_python("def f(x):\n" + "    x += 1\n" * LONGEST_FUNCTION))
    assert list(too_long_typescript(f"export function draw(x: number): void {{\n{body}}}\n"))
    assert list(too_long_typescript(f"export const draw = async (x: number) => {{\n{body}}};\n"))
    assert not list(too_long_typescript(f"if (x) {{\n{body}}}\n"))


@pytest.mark.parametrize("app", APPS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_app_has_the_same_files_as_any_other(app: Path) -> None:
    allowed = IN_AN_APP | ALSO.get(app.name, set())
    others = {
        path.name
        for path in app.iterdir()
        if path.name != "__pycache__" and not {path.name, path.stem} & allowed
    }
    assert not others, "a helper belongs in the package of what it helps: rules/, models/, queries/, actions/"
