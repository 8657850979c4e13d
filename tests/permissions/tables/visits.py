from tests.permissions.route import SEE_PRESENCE, Route

ROUTES = {
    "visits:scan": Route(SEE_PRESENCE | {"park_manager", "gate_device"}),
    "visits:of_person": Route(SEE_PRESENCE, "person"),
    "visits:of_site": Route(SEE_PRESENCE, "site"),
}
