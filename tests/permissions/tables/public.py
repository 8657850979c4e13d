from tests.permissions.route import Route

# For everybody, without signing in.
OPEN = {"public:vietnamese", "public:english"}

ROUTES: dict[str, Route] = {}
