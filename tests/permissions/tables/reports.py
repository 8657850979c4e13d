from tests.permissions.route import Route

NOTIFY = frozenset({"epidemiologist", "district_officer", "commune_officer", "clinician", "laboratory"})

ROUTES = {
    "reports:notifications": Route(NOTIFY),
    "reports:notify_many": Route(NOTIFY, post={}, answer=302),
    "reports:answer_many": Route(NOTIFY, post={}, answer=302),
    "reports:notification": Route(NOTIFY, "case"),
    "reports:notification_paper": Route(NOTIFY, "case"),
    "reports:of_case": Route(NOTIFY, "case"),
    "reports:notify": Route(NOTIFY, "case", post={}, answer=302),
    # Nothing waits for an answer: the page comes back and says so.
    "reports:answer": Route(NOTIFY, "case", post={"state": "acknowledged"}, answer=422),
}
