from tests.permissions.route import Route

WITHOUT_NAMES = frozenset({"province_administrator", "epidemiologist", "district_officer", "auditor"})
PARKS = frozenset({"park_manager"})

ROUTES = {
    "numbers:start": Route(WITHOUT_NAMES | PARKS, answer=302),
    "numbers:people": Route(WITHOUT_NAMES, then=("cases",)),
    "numbers:export": Route(WITHOUT_NAMES, then=("contacts", "csv")),
    "numbers:parks": Route(PARKS),
    "numbers:park_export": Route(PARKS, then=("xlsx",)),
}
