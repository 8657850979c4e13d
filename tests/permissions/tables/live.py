from tests.permissions.route import EVERYONE, Route

# The stream itself is beside Django; see `tests/integration/live`.
ROUTES = {"live:stream": Route(EVERYONE, answer=204)}
