from tests.permissions.route import EVERYONE, Route

OPEN = {"account_login", "account_logout", "account_inactive", "set_language", "api:api-root"}

ROUTES: dict[str, Route] = {
    "api:me": Route(EVERYONE),
    "api:openapi-json": Route(EVERYONE),
    "api:openapi-view": Route(EVERYONE),
}
