from tests.permissions.route import Route

SEE_SITUATION = frozenset({"epidemiologist", "district_officer", "commune_officer", "leader"})

ROUTES = {
    "situation:indicators": Route(SEE_SITUATION),
    "situation:missed": Route(SEE_SITUATION, then=("unlinked",)),
}
