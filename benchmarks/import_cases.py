"""A line list of 10,000 rows taken in, beside the plain way: one get_or_create a row.

    python benchmarks/import_cases.py                  10,000 rows against 120,000 people
    python benchmarks/import_cases.py --rows 1000      a quick run

The list is a workbook as a commune sends it: titles, headings in Vietnamese, communes by name, words for the status,
a third of the people on record with the same name, birth and telephone, some with a slip of the pen, the rest new.
Staging finds the table, checking types every value, looks for each person among all and compares with the register,
applying writes everything in one transaction. The plain way makes a person by name, year of birth and commune and a
case by code, one after the other, and looks for nobody: it is timed on a thousand rows.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import time
from datetime import UTC, date, datetime
from typing import Any

from lists import FAMILY, GIVEN, MIDDLE, PERSONS, load, server
from measuring import cpu

from tuyendau.lib import clock

PEOPLE, PLAIN = 120_000, 1_000
BEGIN, END = "<!-- import_cases: begin -->", "<!-- import_cases: end -->"
HEADS = ["STT", "Mã ca", "Họ và tên", "Giới tính", "Năm sinh", "Điện thoại", "Xã", "Huyện", "Khởi phát", "Ngày báo cáo",
         "Trạng thái"]  # fmt: skip


def rows(count: int) -> list[list[Any]]:
    """The rows of the list, as a commune writes them."""
    from tuyendau.core.places.models import Unit
    from tuyendau.records.people.models import Person

    pick = random.Random(20210508)
    communes = list(Unit.objects.filter(level=3, valid_to__isnull=True).values_list("name", "pk"))
    names = {pk: name for name, pk in communes}
    known = list(Person.objects.exclude(unit=None).order_by("?")[: count // 3])
    day, out = clock.local_day(clock.now()), []
    for n in range(count):
        if n < len(known):
            person = known[n]
            name = person.full_name if n % 10 else person.full_name.replace("h", "", 1)
            who = [
                name,
                "Nữ" if person.sex == "F" else "Nam",
                person.birth_year,
                person.phone,
                names[person.unit_id],
            ]
        else:
            name = f"{pick.choice(FAMILY)} {pick.choice(MIDDLE)} {pick.choice(MIDDLE)} {pick.choice(GIVEN)}"
            who = [name, pick.choice(("Nữ", "Nam")), pick.randint(1940, 2015), f"09{pick.randrange(10**8):08}",
                   pick.choice(communes)[0]]  # fmt: skip
        out.append(
            [n + 1, f"BM{n:05}", *who, "", day.strftime("%d/%m/%Y"), day.strftime("%d/%m/%Y"), "F0 xác định"]
        )
    return out


def workbook(listed: list[list[Any]]) -> bytes:
    """The rows under a title and headings."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write(0, 0, "DANH SÁCH CA BỆNH")
        for number, row in enumerate([HEADS, *listed], 2):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return out.getvalue()


def staged(data: bytes) -> tuple[list[tuple[str, float]], dict[str, int]]:
    """Seconds of each step, and what came of it."""
    from tuyendau.core.accounts.models import User
    from tuyendau.core.accounts.queries import viewer_of
    from tuyendau.insight.exchange.actions import staging
    from tuyendau.insight.exchange.queries.staged import verdicts

    by = User.objects.get(username="epidemiologist")
    now = clock.now()
    who: dict[str, Any] = {"viewer": viewer_of(by, on=clock.local_day(now)), "at": now}
    steps, begin = [], time.perf_counter()

    def done(name: str) -> None:
        nonlocal begin
        steps.append((name, time.perf_counter() - begin))
        begin = time.perf_counter()

    made = staging.stage("cases", "ca.xlsx", data, label="bench", valid_on=clock.local_day(now), by=by, **who)
    done("find the table and keep the file")
    staging.check(made, **who)
    done("check, and look for everybody among all people")
    words = {q["key"]: "confirmed" for q in made.questions if q["name"] == "status"}
    staging.answer(made, {"status": words}, {}, by=by, **who)
    staging.check(made, **who)
    done("say what a word means, check again")
    found = verdicts(made)
    staging.begin(made, leave_out=True, viewer=who["viewer"])
    staging.apply(made, by=by, **who)
    done("apply in one transaction")
    made.refresh_from_db()
    return steps, found | {"known": made.counts.get("people_known", 0), "asked": len(words)}


def plain(listed: list[list[Any]]) -> float:
    """Seconds of one get_or_create a person and a case, for all the rows, by a part of them."""
    from tuyendau.core.acting import as_program
    from tuyendau.core.places.models import Unit
    from tuyendau.records.cases.models import Case
    from tuyendau.records.people.models import Person

    begin = time.perf_counter()
    with as_program():
        for row in listed[:PLAIN]:
            unit = Unit.objects.filter(name=row[6], level=3, valid_to__isnull=True).first()
            person, _new = Person.objects.get_or_create(
                full_name=row[2], birth_year=row[4], phone=row[5], unit=unit, code=f"plain-{row[1]}"
            )
            day = datetime.strptime(row[9], "%d/%m/%Y").replace(tzinfo=UTC).date()
            Case.objects.get_or_create(
                code=f"plain-{row[1]}",
                defaults={"person": person, "unit": unit, "reported_on": day, "status": "confirmed"},
            )
    return (time.perf_counter() - begin) / len(listed[:PLAIN]) * len(listed)


def text(
    count: int, steps: list[tuple[str, float]], found: dict[str, int], plainly: float, people: int
) -> str:
    """The section of RESULTS.md."""
    whole = sum(seconds for _name, seconds in steps)
    lines = [
        BEGIN,
        "## Taking a line list in",
        "",
        f"{count:,} rows of a workbook against {people:,} people; {cpu()}. {date.today():%d/%m/%Y}, "
        f"`python benchmarks/import_cases.py`, load average {os.getloadavg()[0]:.1f}.",
        "",
        "| step | seconds |",
        "|---|---|",
        *(f"| {name} | {seconds:.1f} |" for name, seconds in steps),
        f"| whole | {whole:.1f} (target 60) |",
        f"| one get_or_create a person and a case, nothing checked, nobody looked for | {plainly:.1f} "
        f"({plainly / whole:.1f}x) |",
        "",
        f"Found: {found['known']:,} people on record beyond doubt, {found['open']:,} rows to be decided by somebody, "
        f"{found['refused']:,} refused, {found['asked']} word asked about.",
        END,
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000)
    count = parser.parse_args().rows
    import lists

    with server(None):
        load(PEOPLE / PERSONS)
        from tuyendau.records.people.models import Person

        people = Person.objects.count()
        listed = rows(count)
        steps, found = staged(workbook(listed))
        section = text(count, steps, found, plain(listed), people)
    print(section)
    if count == 10_000:
        lists.BEGIN, lists.END = BEGIN, END
        lists.save(section)


if __name__ == "__main__":
    main()
