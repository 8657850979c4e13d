from tests.permissions.route import SEE_PRESENCE, Route

ROUTES = {
    "places:sites": Route(SEE_PRESENCE),
    "places:site": Route(SEE_PRESENCE, "site"),
}
