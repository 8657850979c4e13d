from tests.permissions.route import DECIDE, Route

# An import is its owner's: any other is not found by those who may import.
NONE = ("import_000000000000",)

ROUTES = {
    "exchange:imports": Route(DECIDE | {"company_officer"}),
    "exchange:template": Route(DECIDE | {"company_officer"}, then=("visits",)),
    "exchange:staged": Route(DECIDE, then=NONE, answer=404),
    "exchange:columns": Route(DECIDE, then=NONE, answer=404),
    "exchange:values": Route(DECIDE, then=NONE, answer=404),
    "exchange:alike": Route(DECIDE, then=NONE, answer=404),
    "exchange:changes": Route(DECIDE, then=NONE, answer=404),
    "exchange:errors": Route(DECIDE, then=NONE, answer=404),
    "exchange:apply": Route(DECIDE, then=NONE, post={}, answer=404),
    "exchange:undo": Route(DECIDE, then=NONE, post={}, answer=404),
    "exchange:drop": Route(DECIDE, then=NONE, post={}, answer=404),
}
