from tests.permissions.route import Route

SEE_MAP = frozenset({
    "province_administrator", "epidemiologist", "district_officer", "commune_officer", "channel_operator",
})  # fmt: skip

ROUTES = {
    "situation:map": Route(SEE_MAP),
    "situation:communes": Route(SEE_MAP),
}
