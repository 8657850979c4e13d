"""Pages of lists over ruled tables: found by the program, read by whoever is asking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from tuyendau.core.acting.session import as_program


class ReachPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a queryset that is narrowed to the viewer's reach already.

    Counting, and finding which rows stand on a page, is done as the program: under the database's own rules each row of
    the whole list would be asked for, and no condition that might leak could use an index. The rows of the page are
    then read by their numbers as the viewer, so that a queryset that was not narrowed shows less and not more: by
    `read`, where a page shows something else than the rows themselves.
    """

    object_list: QuerySet[Any]

    def __init__(
        self,
        object_list: QuerySet[Any],
        per_page: int,
        read: Callable[[list[int]], Sequence[Any]] | None = None,
    ) -> None:
        super().__init__(object_list, per_page)
        self._read = read

    @cached_property
    def count(self) -> int:
        with as_program():
            return int(self.object_list.order_by().count())

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        with as_program():
            numbers = list(self.object_list.values_list("pk", flat=True)[bottom : bottom + self.per_page])
        rows = self._read(numbers) if self._read else self.object_list.filter(pk__any_of=numbers)
        return Page(rows, number, self)
