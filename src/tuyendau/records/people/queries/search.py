"""Finding people by what was written into the search box, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Unit
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries.area import Area, area, count
from tuyendau.records.people.queries.traits import shares
from tuyendau.records.people.rules.wanted import Wanted, wanted

PAGE = 50
COUNT_LIMIT = 1_000
COMMON = 0.06
"""Words that this part of all people have are met soon enough when names are gone through in their order."""

_MOST_NUMBERED = 300
_SELECTIVE_DIGITS = 9
_LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of a list by name.

    `next_id` is the public id after which the next page begins, None on the last. `count` is how many the whole list
    has, and COUNT_LIMIT where it has `more`.
    """

    people: list[Person]
    next_id: str | None
    count: int
    more: bool


def people_page(
    viewer: Viewer, written: str = "", *, commune: Unit | None = None, site: str = "", after: str | None = None,
    size: int = PAGE, permission: Permission = Permission.PERSON_VIEW,
) -> PeoplePage:  # fmt: skip
    """The page of those in the viewer's reach whom `written` means that follows the person `after`, a public id.

    `commune` and the code `site` narrow it. Names that begin as written come first, the others after them, both by
    name. Raises `Denied`.
    """
    with as_program():
        among = area(viewer, permission, commune=_and_before(commune) if commune else None, site=site)
        search = _Search(among, wanted(written))
        ids = search.page(after, size + 1)
        total = search.count(len(ids), size, after)
    found = Person.objects.select_related("unit").in_bulk(ids[:size])
    people = [found[pk] for pk in ids[:size] if pk in found]
    next_id = people[-1].public_id if len(ids) > size and people else None
    return PeoplePage(people, next_id, min(total, COUNT_LIMIT), total > COUNT_LIMIT)


def find(viewer: Viewer | None, written: str, permission: Permission, *, most: int = 20) -> list[int]:
    """Row ids of the first people whom `written` means, by name; for pickers. Raises `Denied`."""
    with as_program():
        return _Search(area(viewer, permission), wanted(written)).page(None, most)


def _and_before(commune: Unit) -> QuerySet[Unit]:
    """The commune and those that went into it, up to two reforms back."""
    before = Unit.objects.filter(successors__new=commune)
    long_before = Unit.objects.filter(successors__new__in=before)
    return Unit.objects.filter(Q(pk=commune.pk) | Q(pk__in=before) | Q(pk__in=long_before))


class _Search:
    """One search: `page` and `count` choose by the size of the area which index leads."""

    def __init__(self, among: Area, asked: Wanted) -> None:
        self.among, self.asked = among, asked
        self.begin = " ".join(asked.words)
        self.values: dict[str, Any] = among.values | {
            "begin": self.begin,
            "behind": self.begin + "{",
            "query": " & ".join(f"{word}:*" for word in asked.words),
            "day": asked.day,
            "year": asked.year,
        }
        self.where = among.where + self._born() + self._numbered()
        self.total: int | None = None

    def page(self, after: str | None, size: int) -> list[int]:
        """Row ids of a page, in order; one more than a page tells that there is a next."""
        if self.asked.nobody:
            self.total = 0
            return []
        last = Person.objects.filter(public_id=after).values_list("pk", "folded").first() if after else None
        if last is not None:
            late = not last[1].startswith(self.begin)
            self.values |= {"last_id": last[0], "last": last[1], "last_late": late}
        if self._whole:
            return self._sorted(last is not None, size)
        return self._walked(last is not None, size)

    def count(self, listed: int, size: int, after: str | None) -> int:
        """How many the whole list has, counted to just beyond COUNT_LIMIT."""
        if self.total is not None:
            return self.total
        if after is None and listed <= size:
            return listed
        if not self.asked.words:
            return count(f"SELECT 1 FROM people_person p WHERE {self.where}", self.values, COUNT_LIMIT + 1)  # noqa: S608
        return count(self._named("true", "true", ""), self.values, COUNT_LIMIT + 1)

    @property
    def _whole(self) -> bool:
        """Whether all that is found is few enough, or must be, to be sorted at once."""
        return self.among.small or self.asked.numbered or self.asked.year is not None

    def _sorted(self, later: bool, size: int) -> list[int]:
        """Everything found is put in order. Words are looked for in each name."""
        keyset = "WHERE (late, folded, id) > (%(last_late)s, %(last)s, %(last_id)s)" if later else ""
        query = f"""
            WITH matched AS MATERIALIZED (
                SELECT p.id, p.folded, NOT starts_with(p.folded, %(begin)s) AS late
                FROM people_person p WHERE {self.where} AND {self._has_words("p")})
            SELECT (SELECT count(*) FROM matched),
                   ARRAY(SELECT id FROM matched {keyset} ORDER BY late, folded, id LIMIT {int(size)})
        """  # noqa: S608
        # A year's people are many rows and few pages of their index, which has all that is asked.
        by_year = self.asked.year is not None and not self.asked.numbered and not self.among.small
        with connection.cursor() as cursor:
            if by_year:
                cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(query, self.values)
            self.total, ids = cursor.fetchone()
            if by_year:
                cursor.execute("SET LOCAL enable_bitmapscan = on")
        return list(ids)

    def _walked(self, later: bool, size: int) -> list[int]:
        """Names in their order until the page is full: those that begin as written, then those that have the words."""
        if not self.asked.words:
            return self._ids(self._people("true", later, size))
        ids: list[int] = []
        if not (later and self.values["last_late"]):
            begins = "p.folded >= %(begin)s AND p.folded < %(behind)s"
            ids = self._ids(self._people(begins, later, size))
            later = False
        if len(ids) < size:
            beyond = "n.folded >= %(last)s" if later else "true"
            others = self._named(
                f"NOT starts_with(n.folded, %(begin)s) AND {beyond}", self._behind(later), "ORDER BY p.id"
            )
            ids += self._ids(f"{others} LIMIT {size - len(ids)}")
        return ids

    def _people(self, condition: str, later: bool, size: int) -> str:
        """People in the order of their names, by the index of names."""
        if later:
            condition += " AND p.folded >= %(last)s"
        return (
            f"SELECT p.id FROM people_person p WHERE {condition} AND {self.where} AND {self._behind(later)} "  # noqa: S608
            f"ORDER BY p.folded, p.id LIMIT {int(size)}"
        )

    def _named(self, names: str, people: str, order: str) -> str:
        """Those names that have the words, in order where their people are in an order, and the people of each.

        Where many names have them, they are met soon on the way through all names; else the index of words finds them.
        """
        sorted_names = "ORDER BY n.folded" if order else ""
        found, source = "", f"people_name n WHERE {self._has_words('n')}"
        if not self._common():
            found = """WITH named AS MATERIALIZED (
                SELECT n.folded FROM people_name n
                WHERE to_tsvector('simple'::regconfig, coalesce(n.folded, '')) @@ %(query)s::tsquery)"""
            source = "named n WHERE true"
        return f"""
            {found} SELECT p.id FROM (SELECT n.folded FROM {source} AND {names} {sorted_names} OFFSET 0) AS n
            CROSS JOIN LATERAL (
                SELECT p.id FROM people_person p
                WHERE p.folded = n.folded AND {self.where} AND {people} {order} OFFSET 0) AS p"""  # noqa: S608

    def _common(self) -> bool:
        """Whether a large part of all names have the words, by how many people have each as counted last."""
        known = shares()
        part = 1.0
        for word in self.asked.words:
            part *= min(1.0, sum(share for each, share in known.items() if each.startswith(word)))
        return bool(known) and part >= COMMON

    def _has_words(self, row: str) -> str:
        """The condition that each word begins a word of the name."""
        self.values |= {f"word_{n}": rf"\m{word}" for n, word in enumerate(self.asked.words)}
        return " AND ".join(
            [f"{row}.folded ~ %(word_{n})s" for n in range(len(self.asked.words))] or ["true"]
        )

    def _behind(self, later: bool) -> str:
        return "(p.folded, p.id) > (%(last)s, %(last_id)s)" if later else "true"

    def _ids(self, query: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(query, self.values)
            return [row[0] for row in cursor.fetchall()]

    def _born(self) -> str:
        if self.asked.day is not None:
            # Of whom only the year is known may be meant, if the name says so.
            only_year = " OR (p.birth_date IS NULL AND p.birth_year = %(year)s)" if self.asked.words else ""
            return f" AND (p.birth_date = %(day)s{only_year})"
        return " AND p.birth_year = %(year)s" if self.asked.year is not None else ""

    def _numbered(self) -> str:
        """The condition that a code, an identity number or a telephone number begins as written."""
        asked = self.asked
        if not asked.numbered:
            return ""
        self.values["codes"] = list(dict.fromkeys([asked.code, asked.code.upper(), asked.code.lower()]))
        begins = {f"code_{n}": code for n, code in enumerate(self.values["codes"])}
        begins |= {f"phone_{n}": phone for n, phone in enumerate(asked.phones)}
        tests = [f"m.{key.split('_')[0]} LIKE %({key})s" for key in begins]
        if len(asked.number) >= _LEAST_DIGITS:
            begins["number"] = _card_number(asked.number)
        self.values |= {key: _like(value) for key, value in begins.items()}
        known = "m.code = ANY(%(codes)s)"
        if self.among.small and len(asked.number) < _SELECTIVE_DIGITS:
            ways = [test.replace("m.", "p.") for test in tests] + [f"p.id IN ({self._survivors(known)})"]
            if "number" in begins:
                ways.append(
                    # By the person and not by the number, of which thousands may begin so.
                    "EXISTS (SELECT FROM people_identifier i WHERE i.person_id = p.id"
                    " AND (i.value || '') LIKE %(number)s OFFSET 0)"
                )
            return " AND (" + " OR ".join(ways) + ")"
        ways = [self._survivors(test) for test in [known, *tests]]
        if "number" in begins:
            held = "people_identifier i JOIN people_person m ON m.id = i.person_id"
            ways.append(self._survivors("i.value LIKE %(number)s", held))
        return " AND p.id IN (" + " UNION ALL ".join(f"({way})" for way in ways) + ")"

    def _survivors(self, test: str, source: str = "people_person m") -> str:
        """Those for whom a test holds, or held for somebody who was merged into them."""
        where = self.among.where.replace("p.", "s.")
        return (
            f"SELECT s.id FROM {source} JOIN people_person s ON s.id = coalesce(m.merged_into_id, m.id) "  # noqa: S608
            f"WHERE {test} AND {where} LIMIT {_MOST_NUMBERED}"
        )


def _like(beginning: str) -> str:
    """A pattern of LIKE for texts that begin so."""
    return beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _card_number(number: str) -> str:
    """A health insurance card is kept by its last ten digits."""
    return number[5:] if len(number) > 5 and number[:2].isalpha() and number[2:].isdigit() else number
