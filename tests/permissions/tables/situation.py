from tests.permissions.route import Route

SEE_SITUATION = frozenset({"epidemiologist", "district_officer", "commune_officer", "leader"})

ROUTES = {
    "situation:page": Route(SEE_SITUATION),
    "situation:wall": Route(SEE_SITUATION),
    "situation:last_week": Route(SEE_SITUATION),
    "situation:indicators": Route(SEE_SITUATION),
    "situation:missed": Route(SEE_SITUATION, then=("unlinked",)),
}
