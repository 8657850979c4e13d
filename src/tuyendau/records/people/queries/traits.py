"""What is known of people as likeness compares it. For the program: whoever calls decides what of it is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache

from django.db import connection

from tuyendau.lib import clock
from tuyendau.records.people.models import Assignment, AssignmentRole, Identifier, Person, Share
from tuyendau.records.people.rules.likeness import Traits

_WORDS = """
SELECT word, count(*)::float8 / (SELECT greatest(count(*), 1) FROM people_person WHERE merged_into_id IS NULL) AS share
FROM people_person p, unnest(string_to_array(p.folded, ' ')) AS word
WHERE p.merged_into_id IS NULL AND word <> '' AND length(word) <= 40
GROUP BY word HAVING count(*) > 1
"""
_LEAST_PEOPLE = 10_000


def traits_of(ids: Collection[int]) -> dict[int, Traits]:
    """The traits of people, by row id: four queries however many they are."""
    today = clock.local_day(clock.now())
    numbers: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for person, kind, value in Identifier.objects.filter(person__in=ids).values_list(
        "person", "kind", "value"
    ):
        numbers[person].add((kind, value))
    homes: defaultdict[int, set[int]] = defaultdict(set)
    companies: defaultdict[int, set[int]] = defaultdict(set)
    held = Assignment.objects.filter(person__in=ids, valid_from__lte=today).values_list(
        "person", "role", "site", "site__path"
    )
    for person, role, site, path in held:
        if role == AssignmentRole.LODGES:
            homes[person].add(site)
        elif role == AssignmentRole.WORKS:
            # The company is what stands first in the path, or a park above it: whoever shares any shares work.
            companies[person].add(int(str(path).strip("/").split("/")[0]) if path else site)
    return {
        p.pk: Traits(
            p.full_name, p.sex, p.birth_year, p.birth_date, p.phone, frozenset(numbers[p.pk]), p.unit_id, p.address,
            frozenset(homes[p.pk]), frozenset(companies[p.pk]),
        )
        for p in Person.objects.filter(pk__in=ids).only(
            "full_name", "sex", "birth_year", "birth_date", "phone", "unit_id", "address"
        )
    }  # fmt: skip


def shares() -> dict[str, float]:
    """How many of all people have each word in their name, as counted last; empty while the register is small."""
    return _shares(clock.now().strftime("%Y%m%d%H"))


@lru_cache(maxsize=1)
def _shares(_hour: str) -> dict[str, float]:
    return dict(Share.objects.values_list("word", "share"))


def count_words() -> int:
    """Count the words of all names anew; how many there are. A small register tells nothing and is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM people_person LIMIT %s) AS some_people", [_LEAST_PEOPLE]
        )
        if cursor.fetchone()[0] < _LEAST_PEOPLE:
            return 0
        cursor.execute("DELETE FROM people_share")
        cursor.execute(f"INSERT INTO people_share (word, share) {_WORDS}")
        counted = int(cursor.rowcount)
    _shares.cache_clear()
    return counted


def chunks(pairs: Iterable[tuple[int, int]], size: int) -> Iterable[list[tuple[int, int]]]:
    """Pairs in lists of `size`."""
    some: list[tuple[int, int]] = []
    for pair in pairs:
        some.append(pair)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
