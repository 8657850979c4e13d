from tests.permissions.route import DECIDE, Route

ROUTES = {
    "exchange:imports": Route(DECIDE | {"company_officer"}),
    "exchange:template": Route(DECIDE | {"company_officer"}, then=("visits",)),
}
