from tests.permissions.route import Route

SEE_MAP = frozenset({
    "province_administrator", "epidemiologist", "district_officer", "commune_officer", "channel_operator", "leader",
})  # fmt: skip

ROUTES = {
    "map:page": Route(SEE_MAP),
    "map:communes": Route(SEE_MAP),
}
