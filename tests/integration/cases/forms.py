"""What a form on a page would send, so that a test can change one field of it as a person does."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.select, self.area = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked:
                self.values.setdefault(name, []).append(value or ("on" if "checked" in given else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.values.setdefault(self.select, []).append(value)
        elif tag == "textarea":
            self.area = name
            self.values.setdefault(name, [""])

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area][0] += data.removeprefix("\r\n").removeprefix("\n")


def filled(page: str) -> dict[str, list[str]]:
    """The values of every field on a page, as a browser would send them."""
    form = _Form()
    form.feed(page)
    return form.values
