from tests.permissions.route import Route

AUDIT = frozenset({"auditor"})

ROUTES = {
    "audit:events": Route(AUDIT),
    "audit:export": Route(AUDIT),
    # Events are read by the public id of what they tell of; nothing is told of the thing itself.
    "audit:of_subject": Route(AUDIT, "person", everywhere=True),
}
