"""Finding pairs that may be one person among all people, and deciding them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from rapidfuzz import fuzz

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.people.models import Candidate
from tuyendau.records.people.queries.reach import visible_people
from tuyendau.records.people.queries.traits import chunks, count_words, shares, traits_of
from tuyendau.records.people.rules import likeness as rules

# A telephone or a day that so many share is that of an institution, or of nobody.
_CROWD = 12
_CHUNK = 5_000
_LEAST_RATIO = 55

_KEYS = """
CREATE TEMPORARY TABLE people_key ON COMMIT DROP AS
SELECT p.id, p.folded, k.key, k.given, p.birth_year, p.birth_date, p.unit_id, p.phone
FROM people_person p JOIN (
    SELECT n.folded, (SELECT string_agg(w, ' ' ORDER BY w) FROM unnest(string_to_array(n.folded, ' ')) AS w) AS key,
           (string_to_array(n.folded, ' '))[array_length(string_to_array(n.folded, ' '), 1)] AS given
    FROM people_name n) AS k ON k.folded = p.folded
WHERE p.merged_into_id IS NULL AND p.folded <> '';
ANALYZE people_key;
CREATE TEMPORARY TABLE people_pair (a integer, b integer) ON COMMIT DROP;
"""
_PAIRS = {
    "name and day": """x.key = y.key AND x.birth_date = y.birth_date""",
    "name, year and commune": """x.key = y.key AND x.unit_id = y.unit_id AND x.birth_year = y.birth_year
        AND (x.birth_date IS NULL OR y.birth_date IS NULL)""",
    "name, swapped day and month": """x.key = y.key AND x.birth_year = y.birth_year AND x.birth_date <> y.birth_date
        AND extract(day FROM x.birth_date) = extract(month FROM y.birth_date)
        AND extract(month FROM x.birth_date) = extract(day FROM y.birth_date)""",
    "name and commune, no year": """x.key = y.key AND x.unit_id = y.unit_id AND x.birth_year IS NULL""",
    "day and commune": """x.birth_date = y.birth_date AND x.unit_id = y.unit_id
        AND (x.given = y.given OR left(x.folded, 4) = left(y.folded, 4) OR left(x.given, 1) = left(y.given, 1))""",
}
_BY_PHONE = """
INSERT INTO people_pair
SELECT least(x.id, y.id), greatest(x.id, y.id)
FROM (SELECT phone FROM people_key WHERE phone <> '' GROUP BY phone HAVING count(*) BETWEEN 2 AND %s) AS f
JOIN people_key x ON x.phone = f.phone JOIN people_key y ON y.phone = f.phone AND x.id < y.id
WHERE x.given = y.given OR x.key = y.key OR x.birth_date = y.birth_date
"""
_FOUND = """
INSERT INTO people_candidate (public_id, first_id, second_id, bits, parts, found_at, verdict, ground)
SELECT 'pair_' || substr(md5(random()::text || first || second), 1, 12), first, second, bits, parts, %s, '', ''
FROM jsonb_to_recordset(%s::jsonb) AS f (first integer, second integer, bits float8, parts jsonb)
ON CONFLICT (first_id, second_id) DO UPDATE SET bits = excluded.bits, parts = excluded.parts
WHERE people_candidate.verdict = '' AND people_candidate.bits <> excluded.bits
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for duplicates did: pairs that shared a block, pairs that are to be decided or beyond doubt."""

    compared: int
    open: int
    same: int


@as_program()
def find_duplicates(*, at: datetime) -> Found:
    """Compare all people with those who share something rare with them, and keep the pairs that may be one.

    Pairs of which somebody said that they are two stay decided; open ones that are no longer alike go. Meant for the
    worker at night and for the console.
    """
    count_words()
    common = shares()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people_duplicates'))")
        # Sorting and hashing 1.8 million keys in memory takes half the time that it takes on disk.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(_KEYS)
        for condition in _PAIRS.values():
            cursor.execute(
                "INSERT INTO people_pair SELECT x.id, y.id FROM people_key x JOIN people_key y ON x.id < y.id "  # noqa: S608
                f"AND {condition}"
            )
        cursor.execute(_BY_PHONE, [_CROWD])
        cursor.execute("SELECT DISTINCT a, b FROM people_pair ORDER BY a, b")
        pairs = cursor.fetchall()
    same = opened = 0
    for some in chunks(pairs, _CHUNK):
        found = _compare(some, common)
        same += sum(each.decision is rules.Decision.SAME for *_pair, each in found)
        opened += sum(each.decision is rules.Decision.OPEN for *_pair, each in found)
        _keep(found, at)
    _drop_unlike()
    audit.record(
        "people.duplicates_found", by=None, at=at, subject="people",
        data={"compared": len(pairs), "open": opened, "same": same},
    )  # fmt: skip
    return Found(len(pairs), opened, same)


def _compare(pairs: list[tuple[int, int]], common: dict[str, float]) -> list[tuple[int, int, rules.Likeness]]:
    """Those of the pairs that are not different, with their likeness."""
    traits = traits_of({pk for pair in pairs for pk in pair})
    found = []
    for a, b in pairs:
        one, other = traits[a], traits[b]
        names = " ".join(one.words.words), " ".join(other.words.words)
        if fuzz.token_sort_ratio(*names, score_cutoff=_LEAST_RATIO):
            each = rules.likeness(one, other, common)
            if each.decision is not rules.Decision.DIFFERENT:
                found.append((a, b, each))
    return found


def _keep(found: list[tuple[int, int, rules.Likeness]], at: datetime) -> None:
    rows = [
        {"first": a, "second": b, "bits": each.bits, "parts": [asdict(part) for part in each.parts]}
        for a, b, each in found
    ]
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [at, json.dumps(rows)])


def _drop_unlike() -> None:
    """Open pairs that were not found again are alike no more: somebody corrected one of the two."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM people_candidate c WHERE c.verdict = '' AND NOT EXISTS (
                SELECT FROM people_pair p WHERE p.a = c.first_id AND p.b = c.second_id)
            AND EXISTS (SELECT FROM people_person p WHERE p.id = c.first_id AND p.merged_into_id IS NULL)
            AND EXISTS (SELECT FROM people_person p WHERE p.id = c.second_id AND p.merged_into_id IS NULL)"""
        )
        cursor.execute("DROP TABLE people_key, people_pair")


@as_program()
def keep_apart(
    public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime, ground: str = ""
) -> Candidate:
    """Decide that a pair are two people, for good. Raises Candidate.DoesNotExist where either is out of reach."""
    among = visible_people(viewer, Permission.PERSON_MERGE).values("pk")
    pair = (
        Candidate.objects.select_for_update(of=("self",))
        .select_related("first", "second")
        .get(public_id=public_id, verdict="", first__in=among, second__in=among)
    )
    pair.verdict, pair.decided_at, pair.decided_by_id, pair.ground = (
        Candidate.Verdict.DIFFERENT, at, by.pk, ground[:500],
    )  # fmt: skip
    pair.save()
    audit.record(
        "person.kept_apart", by=by, at=at, subject=pair.first.public_id, ground=ground[:500],
        data={"other": pair.second.public_id, "pair": pair.public_id},
    )  # fmt: skip
    return pair
