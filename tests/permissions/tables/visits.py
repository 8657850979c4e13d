from tests.permissions.route import SEE_PRESENCE, Route

RECORD = SEE_PRESENCE | {"park_manager", "gate_device"}
"""Who may record presence. What they name and is out of their reach is refused by the row, see the tests of the API."""

_SENT = {"Idempotency-Key": "k", "Sent-At": "2021-05-14T07:28:00+07:00"}

ROUTES = {
    # Nobody is known by that code, and the clock is years off: whoever may send is told so.
    "api:post_scan": Route(
        RECORD, post={"person": "K", "site": "K", "direction": "in"}, json=True, answer=422
    ),
    "api:post_visits": Route(RECORD, post={}, json=True, headers=_SENT, answer=400),
    "api:post_encounters": Route(RECORD, post={}, json=True, headers=_SENT, answer=400),
    "api:get_batch": Route(RECORD, then=("k",), answer=404),
    "visits:scan": Route(RECORD),
    "visits:of_person": Route(SEE_PRESENCE, "person"),
    "visits:told": Route(
        frozenset(
            {"epidemiologist", "district_officer", "commune_officer", "company_officer", "quarantine_manager"}
        ),
        "person",
    ),
    "visits:roster": Route(SEE_PRESENCE, "site"),
    # A visit that is none: whoever may correct is told that it is not there.
    "visits:correct": Route(
        frozenset(
            {"epidemiologist", "district_officer", "commune_officer", "company_officer", "quarantine_manager"}
        ),
        then=("person_0", "site_0", "1620950400-1620954000"),
        answer=404,
    ),
    "visits:of_site": Route(SEE_PRESENCE, "site"),
}
