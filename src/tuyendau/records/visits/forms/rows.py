"""The rows of a batch out of the body of a request: typed where they can be, named where they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from tuyendau.records.visits.rules.problems import MOST_BYTES, MOST_ROWS, BatchRefused, Problem

Text = Annotated[str, Field(strict=True, min_length=1, max_length=60)]
Moment = Annotated[AwareDatetime, Field(strict=True)]


class VisitRow(BaseModel):
    """One row: a stay (`start`, and `end` where it is over), or a scan (`direction` and `moment`).

    `person` is the person's code, a number of an identity or insurance card, or a public id; `site` the site's code or
    public id. Moments are ISO 8601 with an offset, such as 2021-05-14T07:28:00+07:00.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Text
    site: Text
    start: Moment | None = None
    end: Moment | None = None
    direction: Literal["in", "out"] | None = None
    moment: Moment | None = None
    source: Literal["scan", "roster", "room", "bus", "file"] = "scan"


class ScanRow(BaseModel):
    """One scan; without `moment` it is now, by the server's clock. `person` and `site` as in a row of a batch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Text
    site: Text
    direction: Literal["in", "out"]
    moment: Moment | None = None


class EncounterRow(BaseModel):
    """Two people who were near each other from `start` for `seconds`, as a device measured."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    a: Text
    b: Text
    start: Moment
    seconds: Annotated[int, Field(strict=True, ge=1, le=86_400)]


class RowRefused(Exception):
    """The one row of a body cannot be taken; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[R]):
    """The rows that could be read, each with its number from 1, and what is wrong with the others; `count` is of all.

    In NDJSON a row's number is that of its line, and empty lines are counted as lines but not as rows.
    """

    rows: Sequence[tuple[int, R]]
    problems: Sequence[Problem]
    count: int


VISITS = TypeAdapter(list[VisitRow])
ENCOUNTERS = TypeAdapter(list[EncounterRow])

_MESSAGES: dict[str, tuple[str, str | Promise]] = {
    "missing": ("missing", gettext_lazy("This field is missing.")),
    "string_type": ("not_text", gettext_lazy("This must be a text, in quotation marks.")),
    "string_too_short": ("missing", gettext_lazy("This field is empty.")),
    "string_too_long": ("too_long", gettext_lazy("This is longer than 60 letters.")),
    "timezone_aware": (
        "no_offset",
        gettext_lazy("The time has no offset. Write it as 2021-05-14T07:28:00+07:00."),
    ),
    "literal_error": (
        "unknown_value",
        gettext_lazy("This value is not known. See the description of the API."),
    ),
    "extra_forbidden": ("unknown_field", gettext_lazy("There is no field of this name. Check its spelling.")),
    "model_type": ("not_object", gettext_lazy("A row is a JSON object with named fields.")),
    "int_type": ("not_number", gettext_lazy("This must be a whole number.")),
    "greater_than_equal": ("out_of_range", gettext_lazy("This must be between 1 and 86400 seconds.")),
    "less_than_equal": ("out_of_range", gettext_lazy("This must be between 1 and 86400 seconds.")),
}
_NOT_A_MOMENT = ("not_a_moment", gettext_lazy("This is no time. Write it as 2021-05-14T07:28:00+07:00."))


def read_scan(body: bytes) -> ScanRow:
    """The one scan of a body. Raises `RowRefused` with the field to mend."""
    try:
        return ScanRow.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise RowRefused(Problem(1, "", "not_json", _("The body is not JSON."))) from None
        raise RowRefused(_problem(1, {**first, "loc": (0, *first["loc"])})) from None


def read_list(body: bytes, adapter: TypeAdapter[list[R]]) -> Parsed[R]:
    """The rows of a JSON list. Raises `BatchRefused` where the body is none, or holds too much."""
    _refuse_large(body)
    try:
        values = from_json(body)
    except ValueError as error:
        _refuse_utf8(body)
        raise BatchRefused(
            "not_json", 400, _("The body is not JSON: %(reason)s.") % {"reason": error}
        ) from None
    if not isinstance(values, list):
        raise BatchRefused("not_a_list", 400, _("The body must be a JSON list of rows."))
    _refuse_many(len(values))
    return _typed(body, range(1, len(values) + 1), values, adapter, [])


def read_lines(body: bytes, adapter: TypeAdapter[list[R]]) -> Parsed[R]:
    """The rows of NDJSON, one a line; a line that is no JSON is a problem of its own. Raises `BatchRefused`."""
    _refuse_large(body)
    lines = [(n, line) for n, line in enumerate(body.split(b"\n"), start=1) if line.strip()]
    _refuse_many(len(lines))
    problems, values, good = [], [], []
    for number, line in lines:
        try:
            values.append(from_json(line))
        except ValueError:
            problems.append(_unreadable(number, line))
        else:
            good.append((number, line))
    joined = b"[" + b",".join(line for _number, line in good) + b"]"
    return _typed(joined, [number for number, _line in good], values, adapter, problems)


def _typed(
    body: bytes,
    numbers: Sequence[int],
    values: Sequence[Any],
    adapter: TypeAdapter[list[R]],
    problems: list[Problem],
) -> Parsed[R]:
    """The rows of `body`, a JSON list that parses to `values`, as models; those that are none become problems."""
    count = len(numbers) + len(problems)
    try:
        rows = adapter.validate_json(body)
        return Parsed(list(zip(numbers, rows, strict=True)), problems, count)
    except ValidationError as error:
        wrong = {
            int(each["loc"][0]): each
            for each in reversed(error.errors(include_url=False, include_input=False))
        }
    problems = problems + [_problem(numbers[index], wrong[index]) for index in wrong]
    kept = [index for index in range(len(numbers)) if index not in wrong]
    rows = adapter.validate_json(to_json([values[index] for index in kept]))
    return Parsed(
        [(numbers[index], row) for index, row in zip(kept, rows, strict=True)],
        sorted(problems, key=lambda problem: problem.row),
        count,
    )


def _problem(number: int, error: Any) -> Problem:
    """One problem a row, the first that was found in it: mended, the next is told."""
    code, message = _MESSAGES.get(error["type"], _NOT_A_MOMENT)
    return Problem(number, str(error["loc"][1]) if len(error["loc"]) > 1 else "", code, str(message))


def _unreadable(number: int, line: bytes) -> Problem:
    try:
        line.decode()
    except UnicodeDecodeError:
        return Problem(number, "", "not_utf8", _("This line is not UTF-8."))
    return Problem(number, "", "not_json", _("This line is not JSON."))


def _refuse_large(body: bytes) -> None:
    if len(body) > MOST_BYTES:
        raise BatchRefused(
            "too_large",
            413,
            _("The body is larger than %(most)s MB. Send the rows in several batches.")
            % {"most": MOST_BYTES >> 20},
        )


def _refuse_many(count: int) -> None:
    if count > MOST_ROWS:
        raise BatchRefused(
            "too_many_rows",
            413,
            _("There are %(count)s rows, and a batch holds at most %(most)s. Send them in several batches.")
            % {"count": count, "most": MOST_ROWS},
        )
    if not count:
        raise BatchRefused("no_rows", 400, _("There are no rows in the body."))


def _refuse_utf8(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise BatchRefused(
            "not_utf8", 400, _("The body is not UTF-8, from byte %(place)s on.") % {"place": error.start}
        ) from None
