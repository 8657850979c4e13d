from tests.permissions.route import EVERYONE, Route

# Open to whoever asks, signed in or not.
OPEN: set[str] = set()

ROUTES = {
    # What is due for one's role; who has none is told so on the spot.
    "home": Route(EVERYONE),
}
