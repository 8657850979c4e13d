from tests.permissions.route import SEE_PEOPLE, Route

ROUTES = {
    "people:list": Route(SEE_PEOPLE),
    "people:detail": Route(SEE_PEOPLE, "person"),
}
