from tests.permissions.route import Route

OPEN = {"account_login", "account_logout", "account_inactive", "set_language"}

ROUTES: dict[str, Route] = {}
