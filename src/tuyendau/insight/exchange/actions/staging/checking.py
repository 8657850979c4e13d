"""Checking a staged import: what applying would do with each row, whom it may mean, and what has to be asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.insight.exchange.actions import numbers
from tuyendau.insight.exchange.actions.base import Ruling
from tuyendau.insight.exchange.actions.cases.checking import Checked
from tuyendau.insight.exchange.actions.cases.typing import Row
from tuyendau.insight.exchange.actions.staging.reading import CHECKS, Opened, opened, task_of
from tuyendau.insight.exchange.actions.staging.rows import replace_rows
from tuyendau.insight.exchange.forms.problems import FileRefused, Problem
from tuyendau.insight.exchange.forms.questions import questions
from tuyendau.insight.exchange.forms.specs import SPECS
from tuyendau.insight.exchange.forms.tables import ROW
from tuyendau.insight.exchange.models import StagedImport, StagedRow, State, Verdict
from tuyendau.insight.exchange.queries.naming import names_for
from tuyendau.insight.exchange.queries.register import people_as_they_are, reports_of
from tuyendau.records.people.queries.many import Candidate, candidates, the_same
from tuyendau.records.people.rules.likeness import Traits


@dataclass
class Found:
    """What a check says of the rows of a file, by row number."""

    verdict: dict[int, str] = field(default_factory=dict)
    person: dict[int, int | None] = field(default_factory=dict)
    case: dict[int, int] = field(default_factory=dict)
    changes: dict[int, list[list[str]]] = field(default_factory=dict)
    candidates: dict[int, list[Candidate]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@as_program()
def check(staged: StagedImport, *, viewer: Viewer, at: datetime) -> StagedImport:
    """Check every row as the plan says and as was decided so far; nothing is written but what the check says.

    A file that can no longer be read goes back to its columns, with what is wrong in `stage`.
    """
    viewer.require(SPECS[staged.kind].permission)
    try:
        file = opened(staged)
        said = {
            row.number: row for row in staged.rows.only("number", "decision", "person", "update", "staged_id")
        }
        found, problems = _checked(file, said, viewer, at)
        staged.questions = _questions(file, viewer, at)
    except FileRefused as error:
        staged.state, staged.stage = State.COLUMNS, str(error)
        staged.save(update_fields=["state", "stage"])
        return staged
    _keep(file, found, problems, said)
    staged.counts = {**found.counts, **Counter(found.verdict.values()), "rows": file.layout.body.height}
    staged.state, staged.stage = State.READY, ""
    staged.save(update_fields=["questions", "counts", "state", "stage"])
    return staged


def _checked(
    file: Opened, said: Mapping[int, StagedRow], viewer: Viewer, at: datetime
) -> tuple[Found, list[Problem]]:
    found = Found()
    rulings = rulings_of(said)
    if file.staged.kind == "cases":
        rulings = _look_for_people(file, said, rulings, found, viewer, at)
    sheet = file.sheet(at)
    checked = CHECKS[file.staged.kind](
        sheet, task_of(file.staged, viewer=viewer, by=None, at=at, rulings=rulings)
    )
    problems = sheet.problems.kept
    _WEIGH[file.staged.kind](checked, found)
    for row in file.layout.body[ROW]:
        found.verdict.setdefault(row, Verdict.REFUSED)
    for problem in problems:
        if problem.row is not None:
            found.verdict[problem.row] = Verdict.REFUSED
    for number in found.candidates:
        if number not in rulings and found.verdict[number] != Verdict.REFUSED:
            found.verdict[number] = Verdict.OPEN
    for number, row in said.items():
        if row.decision == "skip":
            found.verdict[number] = Verdict.SKIPPED
    if any(problem.row is None for problem in problems):
        raise FileRefused([problem for problem in problems if problem.row is None])
    return found, problems


def rulings_of(said: Mapping[int, StagedRow]) -> dict[int, Ruling]:
    """What somebody decided of whom rows mean."""
    return {
        number: Ruling(row.person if row.decision == "same" else None)
        for number, row in said.items()
        if row.decision in ("same", "new")
    }


def _look_for_people(
    file: Opened,
    said: Mapping[int, StagedRow],
    rulings: dict[int, Ruling],
    found: Found,
    viewer: Viewer,
    at: datetime,
) -> dict[int, Ruling]:
    """The rulings, with those that are beyond doubt added: the one of whom everything agrees."""
    sheet = file.sheet(at)
    if sheet.has("cases"):
        return rulings
    task = task_of(file.staged, viewer=viewer, by=None, at=at, rulings={})
    first: Checked = CHECKS["cases"](sheet, task)
    wanted = [row for row in first.new if row["person_id"] is None and row["full_name"]]
    rulings = dict(rulings)
    for row, alike in zip(wanted, candidates([_traits(row) for row in wanted]), strict=True):
        number = row["row"]
        assert isinstance(number, int)  # noqa: S101 typed so
        if not alike:
            continue
        found.candidates[number] = alike
        same = the_same(alike)
        if same is not None and number not in rulings:
            rulings[number] = Ruling(same)
            found.person[number] = same
    return rulings


def _traits(row: Row) -> Traits:
    born = row["birth_date"]
    return Traits(
        full_name=str(row["full_name"] or ""),
        sex=str(row["sex"] or ""),
        birth_year=row["birth_year"] if isinstance(row["birth_year"], int) else None,
        birth_date=born if isinstance(born, date) else None,
        phone=str(row["phone"] or ""),
        numbers=frozenset([numbers.of(str(row["id_number"]))] if row["id_number"] else []),
        unit=row["unit_id"] if isinstance(row["unit_id"], int) else None,
        address=str(row["address"] or ""),
    )


def _weigh_cases(checked: Checked, found: Found) -> None:
    for row in checked.new:
        number, person = _number(row), row["person_id"]
        found.verdict[number] = Verdict.NEW
        found.person[number] = person if isinstance(person, int) else None
        found.counts["people_new" if person is None else "people_known"] += 1
    for row in checked.known:
        number, changes, case = _number(row), row["changes"], row["on_record"]
        assert isinstance(changes, dict)  # noqa: S101 put there by the check
        found.case[number] = case.id  # type: ignore[attr-defined]
        found.changes[number] = [[name, was, now] for name, (was, now) in changes.items()]
        found.verdict[number] = Verdict.CHANGED if changes else Verdict.UNCHANGED


def _weigh_people(checked: Any, found: Found) -> None:
    rows = list(checked.rows.iter_rows(named=True))
    known = people_as_they_are([row["code"] for row in rows if row["code"]])
    for row in rows:
        before = known.get(row["code"])
        if before is None:
            found.verdict[row["row"]] = Verdict.NEW
            continue
        changes = [
            [name, str(before[name] or ""), str(row[name])]
            for name in before
            if row[name] is not None and str(row[name]) != str(before[name] or "")
        ]
        found.changes[row["row"]] = changes
        found.verdict[row["row"]] = Verdict.CHANGED if changes else Verdict.UNCHANGED
    found.counts["people_new"] = len({row["code"] for row in rows if row["code"]} - known.keys())
    found.counts["people_known"] = len(known)


def _weigh_contacts(checked: Any, found: Found) -> None:
    pairs = list(zip(checked.rows, checked.cases, checked.people, strict=True))
    known = reports_of({(case, person) for _row, case, person in pairs if case and person})
    for row, case, person in pairs:
        found.verdict[row] = Verdict.UNCHANGED if (case, person) in known else Verdict.NEW


def _weigh_results(checked: Any, found: Found) -> None:
    for row in checked.rows:
        found.verdict[row] = Verdict.UNCHANGED if row in checked.known else Verdict.NEW


_WEIGH: Mapping[str, Any] = {
    "cases": _weigh_cases,
    "people": _weigh_people,
    "contacts": _weigh_contacts,
    "results": _weigh_results,
}


def _number(row: Row) -> int:
    number = row["row"]
    assert isinstance(number, int)  # noqa: S101 typed so
    return number


def _questions(file: Opened, viewer: Viewer, at: datetime) -> list[dict[str, Any]]:
    names = names_for(
        viewer, file.spec.permission, file.staged.valid_on, with_sites=file.staged.kind == "people"
    )
    return [each.as_data() for each in questions(file.spec, file.layout, file.sheet(at), file.plan, names)]


def _keep(file: Opened, found: Found, problems: Sequence[Problem], said: Mapping[int, StagedRow]) -> None:
    """Write what was found of each row in place of what an earlier check found."""
    wrong: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
    for problem in problems:
        if problem.row is not None:
            wrong[problem.row].append(
                {"column": problem.column, "value": problem.value, "message": problem.message}
            )
    cells = file.layout.body.drop(ROW)
    kept = []
    for number, row in zip(file.layout.body[ROW], cells.iter_rows(), strict=True):
        before = said.get(number)
        kept.append(
            StagedRow(
                staged=file.staged, number=number, cells=list(row), verdict=found.verdict[number],
                problems=wrong.get(number, []), case=found.case.get(number), changes=found.changes.get(number, []),
                candidates=[[each.person, each.likeness.bits, [asdict(part) for part in each.likeness.parts]]
                            for each in found.candidates.get(number, [])],
                decision=before.decision if before else "", update=before.update if before else None,
                person=before.person if before and before.decision == "same" else found.person.get(number),
            )
        )  # fmt: skip
    replace_rows(file.staged, kept)
