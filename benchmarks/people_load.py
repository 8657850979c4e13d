"""Loads an invented register into the database of the running settings: units, sites, people, numbers, assignments."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from people_world import Register, invent

from tuyendau.lib.text import fold

DISTRICTS, COMMUNES, COMPANIES, LINES = 10, 209, 300, 20
SINCE = date(2020, 1, 1)


def load(people: int, seed: int = 1) -> Register:
    """Make the register of so many people and load it."""
    from django.db import connection

    from tuyendau.core import acting

    register = invent(people, COMMUNES, seed)
    # COPY does not go with rules by row: only the owner of the tables is free of them.
    with acting.as_owner(), connection.cursor() as cursor:
        communes = _units(cursor)
        lines = _sites(cursor, communes)
        _people(cursor, register, communes)
        _identifiers(cursor, register)
        _assignments(cursor, register, lines)
        for table, columns in (("people_person", "id"), ("places_unit", "id"), ("places_site", "id")):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{columns}'), (SELECT max(id) FROM {table}))"
            )
        cursor.execute("ANALYZE")
    return register


def _units(cursor: Any) -> list[int]:
    """A province, its districts and communes; the row ids of the communes."""
    rows: list[tuple[Any, ...]] = [(1, "24", 1, "Tỉnh Bắc Giang", None, "/1/")]
    rows += [(1 + d, f"{212 + d}", 2, f"Huyện {d}", 1, f"/1/{1 + d}/") for d in range(1, DISTRICTS + 1)]
    ids = []
    for c in range(COMMUNES):
        pk, district = 100 + c, 2 + c * DISTRICTS // COMMUNES
        rows.append((pk, f"{7000 + c:05d}", 3, f"Xã {c}", district, f"/1/{district}/{pk}/"))
        ids.append(pk)
    with cursor.copy(
        "COPY places_unit (id, code, level, name, parent_id, path, folded, valid_from) FROM STDIN"
    ) as copy:
        for row in rows:
            copy.write_row((*row, fold(row[3]), SINCE))
    return ids


def _sites(cursor: Any, communes: list[int]) -> list[int]:
    """Companies of twenty lines each; the row ids of the lines."""
    lines = []
    with cursor.copy(
        "COPY places_site (id, public_id, code, kind, setting, name, parent_id, path, unit_id, dwell_minutes)"
        " FROM STDIN"
    ) as copy:
        for c in range(COMPANIES):
            company, unit = 1 + c * (LINES + 1), communes[c % len(communes)]
            copy.write_row(
                (
                    company,
                    f"site_c{c}",
                    f"CT{c}",
                    "company",
                    1,
                    f"Công ty {c}",
                    None,
                    f"/{company}/",
                    unit,
                    540,
                )
            )
            for n in range(1, LINES + 1):
                line = company + n
                copy.write_row(
                    (
                        line,
                        f"site_l{line}",
                        f"CT{c}-L{n}",
                        "line",
                        3,
                        f"Chuyền {n}",
                        company,
                        f"/{company}/{line}/",
                        unit,
                        540,
                    )
                )
                lines.append(line)
    return lines


def _people(cursor: Any, register: Register, communes: list[int]) -> None:
    with cursor.copy(
        "COPY people_person (id, public_id, code, full_name, folded, sex, birth_year, birth_date, phone, unit_id,"
        " address) FROM STDIN"
    ) as copy:
        random = np.random.default_rng(7)
        year_only = random.random(len(register)) < 0.15
        folds: dict[str, str] = {}
        for n in range(len(register)):
            name, day = register.name[n], register.day(n)
            folded = folds.get(name) or folds.setdefault(name, fold(name))
            copy.write_row(
                (n + 1, f"person_{n:012d}", f"P{n}", name, folded, str(register.sex[n]), day.year,
                 None if year_only[n] else day, register.phone[n], communes[int(register.commune[n])], f"Thôn {n % 9}")
            )  # fmt: skip


def _identifiers(cursor: Any, register: Register) -> None:
    with cursor.copy("COPY people_identifier (person_id, kind, value) FROM STDIN") as copy:
        for kind, values in (("cccd", register.cccd), ("cmnd", register.cmnd), ("bhyt", register.bhyt)):
            seen: set[str] = set()
            for n, value in enumerate(values, start=1):
                if value and value not in seen:
                    seen.add(value)
                    copy.write_row((n, kind, value))


def _assignments(cursor: Any, register: Register, lines: list[int]) -> None:
    """One in six works on a line."""
    random = np.random.default_rng(8)
    workers = np.flatnonzero(random.random(len(register)) < 1 / 6)
    where = random.integers(0, len(lines), len(workers))
    with cursor.copy("COPY people_assignment (person_id, site_id, role, valid_from) FROM STDIN") as copy:
        for person, line in zip(workers.tolist(), where.tolist(), strict=True):
            copy.write_row((person + 1, lines[line], "works", date(2021, 1, 1)))
