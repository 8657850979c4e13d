from tests.permissions.route import Route

NOTIFY = frozenset({"epidemiologist", "district_officer", "commune_officer", "clinician", "laboratory"})
MAKE = frozenset({"epidemiologist", "district_officer", "leader"})

ROUTES = {
    "reports:reports": Route(MAKE),
    # Neither unit nor time is said: the page comes back and says so.
    "reports:make": Route(MAKE, post={}, answer=422),
    "reports:schedule": Route(MAKE, post={}, answer=422),
    "reports:schedule_end": Route(MAKE, "schedule", post={}, answer=302),
    "reports:report": Route(MAKE, "report"),
    "reports:report_comparison": Route(MAKE, "report"),
    "reports:report_file": Route(MAKE, "report", ("xlsx", "vi")),
    "notifications:list": Route(NOTIFY),
    "notifications:notify_many": Route(NOTIFY, post={}, answer=302),
    "notifications:answer_many": Route(NOTIFY, post={}, answer=302),
    "notifications:detail": Route(NOTIFY, "case"),
    "notifications:paper": Route(NOTIFY, "case"),
    "notifications:of_case": Route(NOTIFY, "case"),
    "notifications:notify": Route(NOTIFY, "case", post={}, answer=302),
    # Nothing waits for an answer: the page comes back and says so.
    "notifications:answer": Route(NOTIFY, "case", post={"state": "acknowledged"}, answer=422),
}
