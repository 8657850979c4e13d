"""Parts of SQL: what was known at `%(at)s` of cases, contacts, orders and of who is whom."""

from __future__ import annotations

from dataclasses import dataclass

from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.insight.situation.queries.scope import Scope
from tuyendau.lib import clock

ZONE = str(clock.ZONE)

STOOD = "{0}.since <= %(at)s AND ({0}.until IS NULL OR {0}.until > %(at)s)"
"""The condition that a version stood."""

CASES = f"""
everybody AS MATERIALIZED (
    SELECT v."row", v.person_id, v.disease, v.status, v.unit_id, v.onset_on, v.sampled_on, v.result_on, v.reported_on,
        v.isolated_at, coalesce(v.onset_on, v.sampled_on, v.result_on, v.reported_on) AS ill_on,
        (%(counted)s::jsonb ->> v.disease)::int AS f1
    FROM cases_caseversion v
    WHERE {STOOD.format("v")} AND (%(disease)s = '' OR v.disease = %(disease)s))"""  # noqa: S608

"""Cases, each with its day of illness and the worst grade that makes an F1 of its disease."""

LISTED = f"""
listed AS MATERIALIZED (
    SELECT k.case_id, k.person_id, k.grade, k.listed_at FROM contacts_contactversion k WHERE {STOOD.format("k")})"""  # noqa: S608

ORDERS = f"""
ordered AS MATERIALIZED (
    SELECT o.person_id, o.disease, o.starts_on, o.over_from, o.signed_at FROM orders_orderversion o
    WHERE {STOOD.format("o")} AND o.kind = 'quarantine' AND o.state IN ('signed', 'lifted', 'superseded'))"""  # noqa: S608

SAME = """
merged AS (
    SELECT merged_id, survivor_id FROM people_merge
    WHERE at <= %(at)s AND (undone_at IS NULL OR undone_at > %(at)s)),
walk AS (
    SELECT merged_id AS origin, survivor_id AS person FROM merged
    UNION SELECT w.origin, m.survivor_id FROM walk w JOIN merged m ON m.merged_id = w.person),
same AS (
    SELECT origin, person FROM walk w WHERE NOT EXISTS (SELECT FROM merged m WHERE m.merged_id = w.person))"""
"""Whoever was merged by then, with whom they turned out to be. It needs WITH RECURSIVE."""


@dataclass(frozen=True, slots=True)
class Living:
    """Parts of SQL that narrow people to those who live where it counts: a part of WITH, a join, a condition."""

    homes: str
    join: str
    condition: str


_HOMES = """
homes AS (
    SELECT v."row", v.unit_id FROM people_personversion v
    WHERE (v.since IS NULL OR v.since <= %(at)s) AND v.until > %(at)s),"""


def living(of: Scope, person: str) -> Living:
    """Who of `person` (SQL of a row number) lived in the scope, as known then.

    People live in communes: where the scope holds every one on record nobody has to be looked up.
    """
    communes = Unit.objects.filter(level=UnitLevel.COMMUNE)
    if of.orphans and not communes.exclude(pk__any_of=list(of.units)).exists():
        return Living("", "", "true")
    # Whoever has moved since has their commune of then, all others that of now.
    return Living(
        _HOMES,
        f'JOIN people_person p ON p.id = {person} LEFT JOIN homes h ON h."row" = {person}',
        within('CASE WHEN h."row" IS NULL THEN p.unit_id ELSE h.unit_id END'),
    )


def local_day(moment: str) -> str:
    """The province's day of a moment, both in SQL."""
    return f"({moment} AT TIME ZONE '{ZONE}')::date"


def within(unit: str) -> str:
    """The condition that a unit, as SQL, is one of `%(units)s`, or none where that counts."""
    return f"({unit} = ANY(%(units)s) OR ({unit} IS NULL AND %(nowhere)s))"
