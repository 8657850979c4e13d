from tests.permissions.route import SEE_PRESENCE, Route

ROUTES = {
    "places:pick": Route(SEE_PRESENCE | {"park_manager", "gate_device"}),
    "places:sites": Route(SEE_PRESENCE),
    "places:site": Route(SEE_PRESENCE, "site"),
}
