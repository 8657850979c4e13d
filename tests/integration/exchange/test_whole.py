"""A file comes in whole or not at all, and once, also when something breaks or two people send it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.integration.exchange.conftest import AT, Take
from tuyendau.insight.exchange.actions import files, import_file
from tuyendau.insight.exchange.forms.problems import AlreadyImported
from tuyendau.insight.exchange.models import ImportedFile
from tuyendau.records.people.models import Person


class Broken(Exception):
    pass


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("people", "code,site\nA,A-1\n"),
        ("visits", "person,site,start,end\nCN-1,A-1,08/05/2021 07:30,08/05/2021 16:00\n"),
        ("cases", "code,reported,person\nC1,08/05/2021,CN-1\nC2,08/05/2021,\n"),
    ],
)
def test_what_breaks_at_the_end_leaves_nothing(
    take: Take,
    people: dict[str, Person],
    rows_everywhere,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    text: str,
) -> None:
    def broken(*_arguments: object) -> None:
        raise Broken

    before = rows_everywhere()
    with monkeypatch.context() as patch:
        patch.setattr(files, "_finish", broken)
        with pytest.raises(Broken):
            take(kind, text)
    after = {name: count for name, count in rows_everywhere().items() if count}
    assert after == {name: count for name, count in before.items() if count}
    assert take(kind, text).rows == len(text.splitlines()) - 1


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_file_at_once() -> None:
    data = ("code\n" + "".join(f"W{i}\n" for i in range(3_000))).encode()

    def send(_number: int) -> str:
        try:
            import_file("people", "roster.csv", data, viewer=None, by=None, at=AT)
        except AlreadyImported:
            return "already"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(send, range(4)))
    assert results == ["already", "already", "already", "done"]
    assert Person.objects.count() == 3_000
    assert ImportedFile.objects.count() == 1
