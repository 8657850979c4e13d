from tests.permissions.route import EVERYONE, SEE_PEOPLE, Route

ROUTES = {
    "home:changes": Route(SEE_PEOPLE),
    # Each finds what they may see, and nothing else.
    "home:search": Route(EVERYONE),
}
