"""Which rows of which table somebody who looks may read: the database's own rules behind the queries.

Every table has one decision in `TABLES`. The rules are set anew after each migration, and a test refuses a table
without a decision. They are no narrower than the queries: a query says exactly what a page shows, these say what no
query can show, however it was written. What the viewer reaches is told to the database at each request by
`core.accounts.middleware`: units, paths of sites, and which kinds of record any of their roles may see.

Under these rules only conditions that cannot leak use an index, so that LIKE or full-text search of a large table reads
it whole: find row ids as the program, with the reach in the query, and read the rows by id as the viewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db import connection, transaction

from tuyendau.core.acting import PROGRAM, VIEWER

# As subqueries they are computed once a statement, and become a hash where many rows are asked of.
_UNITS = "(SELECT unnest(coalesce(nullif(current_setting('tuyendau.units', true), ''), '{}')::int[]))"
_PROVINCE = "(SELECT current_setting('tuyendau.province', true) = 'on')"
_IN_UNITS = f"(unit_id IN {_UNITS} OR (unit_id IS NULL AND {_PROVINCE}))"
_PERSON = "EXISTS (SELECT FROM people_person p WHERE p.id = person_id)"


def _may(kind: str) -> str:
    """Whether any role of the viewer's may see records of that kind."""
    return f"(SELECT current_setting('tuyendau.may_{kind}', true) = 'on')"


class Access(Enum):
    """What a viewer may do with a table that has no rule by row."""

    OPEN = "SELECT"
    OWN_SESSION = "SELECT, INSERT, UPDATE, DELETE"
    """What signing in, keeping a session and choosing a language write while somebody is asking."""
    CLOSED = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A viewer reads the rows for which the SQL `condition` is true, and writes none."""

    condition: str


_SITES = "unnest(coalesce(nullif(current_setting('tuyendau.sites', true), ''), '{}')::text[])"
_BELOW = "s.path >= own AND s.path < rtrim(own, '/') || '0'"
REACHES = "tuyendau_reaches_person"
# Whoever was ever assigned to one of the viewer's sites, or is a case that is counted in one of their units. The
# queries say for how long ago. Run as the owner: a rule that read the tables of other rules would ask in circles.
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {REACHES}(person integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp COST 1000 AS $$
    SELECT EXISTS (
        SELECT FROM people_assignment a JOIN places_site s ON s.id = a.site_id, {_SITES} AS own
        WHERE a.person_id = person AND {_BELOW}
    ) OR EXISTS (
        SELECT FROM cases_case c WHERE c.person_id = person
          AND c.unit_id = ANY (coalesce(nullif(current_setting('tuyendau.units', true), ''), '{{}}')::int[])
    )
$$;
REVOKE ALL ON FUNCTION {REACHES}(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {REACHES}(integer) TO {VIEWER}, {PROGRAM};
"""

_SITE = f"""EXISTS (SELECT FROM places_site s WHERE s.id = site_id AND (s.unit_id IN {_UNITS}
    OR (s.unit_id IS NULL AND {_PROVINCE}) OR EXISTS (SELECT FROM {_SITES} AS own WHERE {_BELOW})))"""
_TO_SITE = _SITE.replace("s.id = site_id", "s.id = to_id")
_STAY = "EXISTS (SELECT FROM care_stay y WHERE y.id = stay_id)"
_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"
_INTERVIEW = "EXISTS (SELECT FROM interviews_interview i WHERE i.id = interview_id)"
_OWN_LABORATORY = (
    f"EXISTS (SELECT FROM places_site s, {_SITES} AS own WHERE s.id = laboratory_id AND {_BELOW})"
)
_SUBJECT = """(EXISTS (SELECT FROM cases_case c WHERE c.public_id = subject)
    OR EXISTS (SELECT FROM people_person p WHERE p.public_id = subject))"""

TABLES: dict[str, Access | Rows] = {
    # What was known when is read by the program, with the reach in the query.
    "people_personversion": Access.CLOSED,
    "cases_caseversion": Access.CLOSED,
    "contacts_contactversion": Access.CLOSED,
    "followup_followupversion": Access.CLOSED,
    "orders_orderversion": Access.CLOSED,
    "care_stayversion": Access.CLOSED,
    # Persons and what is known of them.
    "people_person": Rows(f"{_IN_UNITS} OR {REACHES}(id)"),
    "people_assignment": Rows(_PERSON),
    "people_identifier": Rows(_PERSON),
    "people_shift": Access.OPEN,
    "people_name": Access.CLOSED,
    "people_share": Access.OPEN,
    "people_candidate": Rows(
        "EXISTS (SELECT FROM people_person p WHERE p.id = first_id)"
        " AND EXISTS (SELECT FROM people_person p WHERE p.id = second_id)"
    ),
    "people_merge": Rows("EXISTS (SELECT FROM people_person p WHERE p.id = survivor_id)"),
    "people_mergebatch": Access.OPEN,
    "people_moved": Access.CLOSED,
    "visits_visit": Rows(f"{_may('visit')} AND ({_PERSON} OR {_SITE})"),
    "visits_pending": Access.CLOSED,
    "visits_segment": Access.OPEN,
    "visits_batch": Access.CLOSED,
    "visits_encounter": Access.CLOSED,
    "visits_removal": Access.OPEN,
    "visits_statement": Rows(f"{_may('visit')} AND ({_PERSON} OR {_SITE})"),
    "visits_excused": Rows(f"{_may('visit')} AND ({_PERSON} OR {_SITE})"),
    "cases_case": Rows(f"{_may('case')} AND ({_IN_UNITS} OR {_PERSON})"),
    # A laboratory reads the samples that were sent to it, whoever they are of.
    "cases_sample": Rows(f"{_may('sample')} AND ({_PERSON} OR {_OWN_LABORATORY})"),
    "cases_testresult": Rows("EXISTS (SELECT FROM cases_sample s WHERE s.id = sample_id)"),
    "contacts_contact": Rows(f"{_may('contact')} AND {_PERSON}"),
    "contacts_exposure": Rows("EXISTS (SELECT FROM contacts_contact c WHERE c.id = contact_id)"),
    "contacts_trace": Rows("EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"),
    "contacts_link": Rows(
        f"{_may('contact')} AND ({_PERSON} OR EXISTS (SELECT FROM cases_case c WHERE c.id = case_id))"
    ),
    "contacts_judgement": Rows(f"{_may('contact')} AND {_PERSON}"),
    "contacts_change": Rows(f"{_may('contact')} AND {_PERSON}"),
    # Whom an F1 met stands in one row with it: read by the program, with the reach in the query.
    "contacts_degree": Access.CLOSED,
    "contacts_quarantine": Access.CLOSED,
    "contacts_look": Access.CLOSED,
    "contacts_seen": Access.CLOSED,
    "contacts_late": Access.CLOSED,
    # Who infected a case is for whoever sees the case; the infector's own row is ruled by itself.
    "chains_link": Rows("EXISTS (SELECT FROM cases_case c WHERE c.id = infectee_id)"),
    "chains_standing": Rows("EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"),
    "chains_decision": Rows("EXISTS (SELECT FROM cases_case c WHERE c.id = infectee_id)"),
    "chains_waiting": Access.CLOSED,
    # Interviews: only for those who hold them, never for an employer or a clinic.
    "interviews_interview": Rows(f"{_may('interview')} AND {_CASE}"),
    "interviews_answer": Rows(_INTERVIEW),
    "interviews_stay": Rows(_INTERVIEW),
    "interviews_named": Rows(_INTERVIEW),
    "interviews_milestone": Rows(
        f"{_may('interview')} AND ({_IN_UNITS} OR {_SITE}"
        " OR EXISTS (SELECT FROM interviews_milestonecase l WHERE l.milestone_id = interviews_milestone.id))"
    ),
    "interviews_milestonecase": Rows(f"{_may('interview')} AND {_CASE}"),
    "interviews_declaration": Rows(f"{_may('interview')} AND {_PERSON}"),
    "interviews_declared": Rows("EXISTS (SELECT FROM interviews_declaration d WHERE d.id = declaration_id)"),
    "followup_followup": Rows(f"{_may('contact')} AND {_PERSON}"),
    "followup_source": Rows("EXISTS (SELECT FROM followup_followup f WHERE f.id = followup_id)"),
    "followup_check": Rows("EXISTS (SELECT FROM followup_followup f WHERE f.id = followup_id)"),
    "orders_order": Rows(f"{_may('order')} AND {_PERSON}"),
    "orders_series": Access.OPEN,
    # Reports hold counts; they are found for those who make them by the program.
    "reports_schedule": Access.CLOSED,
    "reports_report": Access.CLOSED,
    "reports_reportfile": Access.CLOSED,
    "reports_notification": Rows(f"{_may('notification')} AND {_CASE}"),
    "care_stay": Rows(f"{_may('stay')} AND {_PERSON}"),
    "care_assessment": Rows(_STAY),
    # Who is asked to take a patient reads that they are asked; the patient and their stay are ruled by themselves.
    "care_transfer": Rows(f"{_may('stay')} AND ({_STAY} OR {_TO_SITE})"),
    "audit_event": Rows(f"{_may('audit')} OR {_SUBJECT}"),
    "audit_link": Rows(_may("audit")),
    "audit_turn": Access.CLOSED,
    "audit_check": Rows(_may("audit")),
    # Periods of retention, and whose data is on hold: read as the program by whoever manages them.
    "retention_policy": Access.CLOSED,
    "retention_hold": Access.CLOSED,
    # When somebody looked last at the situation is read by the program, for that user alone.
    "situation_look": Access.CLOSED,
    # Places are public.
    "places_unit": Access.OPEN,
    "places_unitsuccessor": Access.OPEN,
    "places_boundary": Access.OPEN,
    "places_site": Access.OPEN,
    "exchange_importedfile": Access.OPEN,
    # Views kept of lists are found for their owners and teams by the program.
    "lists_savedview": Access.CLOSED,
    "lists_firstview": Access.CLOSED,
    "lists_batch": Access.CLOSED,
    # What is being brought in is read as the program, by whoever brings it.
    "exchange_stagedimport": Access.CLOSED,
    "exchange_stagedfile": Access.CLOSED,
    "exchange_stagedrow": Access.CLOSED,
    "exchange_knownsource": Access.CLOSED,
    # Users, and what signing in keeps.
    "accounts_user": Access.OWN_SESSION,
    "accounts_membership": Access.OPEN,
    # Keys are read by the program, to know a device and to list what its site has.
    "accounts_device": Access.OPEN,
    "accounts_devicekey": Access.CLOSED,
    "accounts_toolkey": Access.CLOSED,
    "accounts_cache": Access.OWN_SESSION,
    "django_session": Access.OWN_SESSION,
    # Secrets of second factors are encrypted.
    "mfa_authenticator": Access.OWN_SESSION,
    "usersessions_usersession": Access.OWN_SESSION,
    "account_emailaddress": Access.OWN_SESSION,
    "account_emailconfirmation": Access.OWN_SESSION,
    # What the framework and the queue keep for themselves.
    "accounts_user_groups": Access.CLOSED,
    "accounts_user_user_permissions": Access.OPEN,
    "auth_group": Access.CLOSED,
    "auth_group_permissions": Access.CLOSED,
    "auth_permission": Access.OPEN,
    "django_content_type": Access.OPEN,
    "django_migrations": Access.CLOSED,
    "procrastinate_events": Access.CLOSED,
    "procrastinate_jobs": Access.CLOSED,
    "procrastinate_periodic_defers": Access.CLOSED,
    "procrastinate_workers": Access.CLOSED,
}

NOT_CHANGED = {"audit_event": "UPDATE, DELETE", "audit_link": "INSERT, UPDATE, DELETE", "audit_turn": "ALL"}
"""What the program itself may not do: events are only added, and their chain is written by a trigger."""


def set_up() -> None:
    """Give both roles what `TABLES` says, and nothing else. The owner of the tables runs it, after each migration."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        cursor.execute(
            f"GRANT USAGE ON SCHEMA public TO {PROGRAM}, {VIEWER};"
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {PROGRAM};"
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {PROGRAM};"
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {VIEWER};"
        )
        for table, acts in NOT_CHANGED.items():
            cursor.execute(f"REVOKE {acts} ON {table} FROM {PROGRAM}")
        for table in sorted(TABLES.keys() & set(connection.introspection.table_names(cursor))):
            decision = TABLES[table]
            for statement in (
                _rules(table, decision) if isinstance(decision, Rows) else _grants(table, decision)
            ):
                cursor.execute(statement)


def _grants(table: str, access: Access) -> list[str]:
    return [f"GRANT {access.value} ON {table} TO {VIEWER}"] if access.value else []


def _rules(table: str, rows: Rows) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS program ON {table}",
        f"CREATE POLICY program ON {table} TO {PROGRAM} USING (true) WITH CHECK (true)",
        f"DROP POLICY IF EXISTS viewer ON {table}",
        f"CREATE POLICY viewer ON {table} FOR SELECT TO {VIEWER} USING ({rows.condition})",
        f"GRANT SELECT ON {table} TO {VIEWER}",
    ]
