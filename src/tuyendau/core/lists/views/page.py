"""What the page of any list is told: its columns and headings, the views kept of it, its filters as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.lists import queries, rules
from tuyendau.core.lists.models import SavedView
from tuyendau.core.lists.rules import Asked, Column, ListOf
from tuyendau.core.lists.rules.asked import COLUMN, MOST_ORDERS, ORDER

ALL = "none"
"""`view=none` opens the list as it is, whatever view it opens with."""


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: its column, how the list is sorted by it, and the address that pressing it leads to."""

    column: Column
    state: str
    href: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, in words, and the address without it."""

    text: str
    href: str


@dataclass(slots=True)
class Listed:
    """A list as one request asks for it; templates `lists/_*.html` show it as `listed`."""

    of: ListOf
    asked: Asked
    query: str
    url: str
    views: list[SavedView]
    view: SavedView | None
    first: SavedView | None
    teams: list[queries.Team]
    chips: list[Chip] = field(default_factory=list)

    @property
    def heads(self) -> list[Head]:
        """The headings of the columns shown."""
        found = []
        for column in self.asked.columns:
            state, order = rules.head(column, self.asked.orders)
            found.append(Head(column, state, self.with_order(order) if column.sort else ""))
        return found

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The filters in force as hidden fields of a form that changes columns or order."""
        return [(name, value) for name, value in parse_qsl(self.query) if name not in (COLUMN, ORDER)]

    @property
    def looks(self) -> list[tuple[str, str]]:
        """Columns and order as hidden fields of a form that changes filters."""
        return [(name, value) for name, value in parse_qsl(self.query) if name in (COLUMN, ORDER)]

    @property
    def differs(self) -> bool:
        """Whether something else is looked at than the view that was opened shows."""
        return self.view is not None and self.view.query != queries.cleaned(self.query, self.of.filters)

    @property
    def orders(self) -> list[str]:
        """The orders in force as forms offer them, "" for those that are free."""
        held = [order.text for order in self.asked.orders]
        return [*held, *[""] * (MOST_ORDERS - len(held))]

    def with_order(self, order: str) -> str:
        """The address in another order."""
        kept = [(name, value) for name, value in parse_qsl(self.query) if name != ORDER]
        return "?" + urlencode([*kept, *([(ORDER, order)] if order else []), *self._of_view()])

    def without(self, name: str, value: str = "") -> str:
        """The address without a filter."""
        query = queries.without(self.query, name, value)
        return "?" + "&".join(filter(None, [query, urlencode(self._of_view())])) if query else f"?view={ALL}"

    def _of_view(self) -> list[tuple[str, str]]:
        return [("view", self.view.public_id)] if self.view else []

    def cells(self, rows: Iterable[Any]) -> list[tuple[Any, list[tuple[Column, object]]]]:
        """Each row with its cells in the columns shown."""
        return [(row, [(column, column.value(row)) for column in self.asked.columns]) for row in rows]


def listed(request: SignedRequest, of: ListOf) -> Listed:
    """The list `of` as the request's address asks for it. Raises `Denied`."""
    request.viewer.require(of.permission)
    asked = rules.asked_for(
        of, request.viewer, request.GET.getlist(COLUMN), ",".join(request.GET.getlist(ORDER))
    )
    kept = queries.kept_of(request.viewer, of.name)
    view = next((each for each in kept.views if each.public_id == request.GET.get("view")), None)
    query = queries.cleaned(_one_order(request.GET.urlencode(), asked))
    return Listed(of, asked, query, reverse(of.url), kept.views, view, kept.first, kept.teams)


def _one_order(query: str, asked: Asked) -> str:
    """The query with its orders, which a form sends one by one, as one."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name != ORDER]
    order = rules.order_text(asked.orders)
    return urlencode([*pairs, *([(ORDER, order)] if order else [])])


def first_of(request: SignedRequest, seen: Listed) -> HttpResponse | None:
    """Where somebody opens a list without asking for anything: on to the view with which it opens for them, if any."""
    if request.GET or request.htmx or seen.first is None:
        return None
    return redirect(address(seen.of, seen.first))


def answered(request: SignedRequest, template: str, seen: Listed, context: dict[str, Any]) -> HttpResponse:
    """The page of a list, or its rows alone where htmx asks: then with the address of what narrows it.

    The form sends every field; in the address stands what was filled in.
    """
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, template, context)
    answer = render(request, f"{template}#rows", context)
    view = f"view={seen.view.public_id}" if seen.view else ""
    answer.headers["HX-Push-Url"] = (
        f"{seen.url}?{'&'.join(filter(None, [seen.query, view])) or f'view={ALL}'}"
    )
    return answer


def address(of: ListOf, view: SavedView) -> str:
    """The address of a view."""
    return f"{reverse(of.url)}?{'&'.join(filter(None, [view.query, urlencode({'view': view.public_id})]))}"
