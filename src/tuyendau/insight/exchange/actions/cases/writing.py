"""Writing what a line list says: people, new cases, and changes of cases on record that somebody agreed to."""

from __future__ import annotations

from typing import Any

from tuyendau.insight.exchange.actions import numbers
from tuyendau.insight.exchange.actions.base import Outcome, Stage, Task
from tuyendau.insight.exchange.actions.cases.checking import Checked, check_cases
from tuyendau.insight.exchange.actions.cases.typing import Row
from tuyendau.insight.exchange.forms.reading import Sheet
from tuyendau.insight.exchange.queries import residences
from tuyendau.insight.exchange.queries.register import OnRecord
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions import CaseRefused, NewCase, add_cases, classify, complete, correct_dates
from tuyendau.records.cases.models import Case
from tuyendau.records.people.actions import NewPerson, add_people


def import_cases(sheet: Sheet, task: Task) -> Outcome:
    """Check and record the cases of `sheet` and the people that they are of. Raises `FileRefused`; then nothing is."""
    checked = check_cases(sheet, task)
    sheet.problems.raise_any()
    task.told(Stage.WRITING)
    return write_cases(len(sheet), checked, task)


def write_cases(rows: int, checked: Checked, task: Task) -> Outcome:
    """Record what was checked; of `rows` rows of the file."""
    people, fresh = _people(task, checked.new)
    cases = [_case(row, person) for row, person in zip(checked.new, people, strict=True)]
    added = add_cases(cases, by=task.by, at=task.at)
    made: dict[int, list[dict[str, Any]]] = {}
    for row, person, case in zip(checked.new, people, added, strict=True):
        written = {"case": case, "person": person if person in fresh else None}
        made.setdefault(_int(row["row"]), []).append(written)
    changed = 0
    for row in checked.known:
        if row["changes"] and row["row"] in task.updates:
            made[_int(row["row"])] = [_update(row, task)]
            changed += 1
    counts = {
        "new": len(added),
        "known": len(checked.known) - changed,
        "people": len(fresh),
        "without_unit": sum(row["unit_id"] is None for row in checked.new),
    }
    if task.updates:
        counts["changed"] = changed
    return Outcome(rows, counts, made)


def _people(task: Task, new: list[Row]) -> tuple[list[int], set[int]]:
    """The row id of the person of each case, and of those who were made. Who is known stays as they are."""
    known = [row["person_id"] for row in new if isinstance(row["person_id"], int)]
    homes = residences(known)
    strangers = [row for row in new if row["person_id"] is None]
    added = add_people([_new_person(row) for row in strangers], by=task.by, at=task.at) if strangers else None
    made = iter(added.ids if added else [])
    people = [_int(row["person_id"]) if row["person_id"] is not None else next(made) for row in new]
    for row, person in zip(new, people, strict=True):
        row["unit_id"] = row["unit_id"] or homes.get(person)
    return people, set(added.ids) if added else set()


_OF_PEOPLE = ("full_name", "sex", "birth_year", "birth_date", "phone", "unit_id", "address")


def _new_person(row: Row) -> NewPerson:
    given = {name: row[name] for name in _OF_PEOPLE if row[name] is not None}
    held = (numbers.of(str(row["id_number"])),) if row["id_number"] else ()
    return NewPerson(code=row["person"], numbers=held, **given)  # type: ignore[arg-type]


_TAKEN = (
    "code", "unit_id", "status", "onset_on", "sampled_on", "result_on", "reported_on", "isolated_at", "outcome",
    "outcome_on", "place_infected", "note",
)  # fmt: skip


def _case(row: Row, person: int) -> NewCase:
    return NewCase(person_id=person, **{name: row[name] for name in _TAKEN})  # type: ignore[arg-type]


_DATES = ("onset_on", "sampled_on", "result_on", "isolated_at")
_REST = ("outcome", "outcome_on", "place_infected", "note")


def _update(row: Row, task: Task) -> dict[str, Any]:
    """Take over what a row says otherwise of a case, by the same acts as on its page. Raises `CaseRefused`."""
    case, changes = row["on_record"], row["changes"]
    assert isinstance(case, OnRecord) and isinstance(changes, dict)  # noqa: S101, PT018 put there by the check
    assert task.viewer is not None and task.by is not None  # noqa: S101, PT018 only staged imports update
    who: dict[str, Any] = {"viewer": task.viewer, "by": task.by, "at": task.at}
    before = {name: changes[name][0] for name in changes}
    try:
        if any(name in changes for name in _DATES):
            dates: dict[str, Any] = {
                name: row[name] if name in changes else getattr(case, name) for name in _DATES
            }
            correct_dates(case.public_id, **dates, **who)
        if any(name in changes for name in _REST):
            complete(case.public_id, {name: row[name] for name in _REST if name in changes}, **who)
        if "status" in changes:
            classify(case.public_id, rules.Status(str(row["status"])), ground=_ground(task), **who)
    except Case.DoesNotExist as error:
        raise CaseRefused(case.code or case.public_id) from error
    return {"case": case.id, "before": before, "after": {name: changes[name][1] for name in changes}}


def _ground(task: Task) -> str:
    return task.options.source


def _int(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 row numbers and row ids
    return value
