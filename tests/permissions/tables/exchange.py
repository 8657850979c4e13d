from tests.permissions.route import DECIDE, Route

STAGE = DECIDE | {"laboratory"}

# An import is its owner's: any other is not found by those who may import.
NONE = ("import_000000000000",)

ROUTES = {
    "exchange:imports": Route(STAGE | {"company_officer"}),
    "exchange:template": Route(DECIDE | {"company_officer"}, then=("visits",)),
    "exchange:staged": Route(STAGE, then=NONE, answer=404),
    "exchange:columns": Route(STAGE, then=NONE, answer=404),
    "exchange:values": Route(STAGE, then=NONE, answer=404),
    "exchange:alike": Route(STAGE, then=NONE, answer=404),
    "exchange:changes": Route(STAGE, then=NONE, answer=404),
    "exchange:errors": Route(STAGE, then=NONE, answer=404),
    "exchange:apply": Route(STAGE, then=NONE, post={}, answer=404),
    "exchange:undo": Route(STAGE, then=NONE, post={}, answer=404),
    "exchange:drop": Route(STAGE, then=NONE, post={}, answer=404),
}
