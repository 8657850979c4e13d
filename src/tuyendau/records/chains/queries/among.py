"""Asking for the rows of many cases by their numbers, in one array."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast

from django.db.models import ExpressionWrapper, F, IntegerField, Model, QuerySet

M = TypeVar("M", bound=Model)


def among(rows: QuerySet[M], field: str, numbers: Iterable[int]) -> QuerySet[M]:
    """The rows whose foreign key `field` is one of `numbers`: `any_of` of a relation, thousands of them without a
    parameter for each."""
    number = ExpressionWrapper(F(f"{field}_id"), output_field=IntegerField())
    found = rows.alias(number_asked=number).filter(number_asked__any_of=sorted(set(numbers)))
    return cast("QuerySet[M]", found)
