from tests.permissions.route import DECIDE, SEE_PEOPLE, Route

EDIT = DECIDE | {"commune_officer"}

ROUTES = {
    "people:list": Route(SEE_PEOPLE),
    "people:detail": Route(SEE_PEOPLE, "person"),
    "people:new": Route(EDIT),
    "people:edit": Route(EDIT, "person"),
    "people:assign": Route(EDIT, "person", post={"site": "nowhere", "since": "01/05/2021"}),
    "people:end": Route(EDIT, "person", post={"last": "nie"}, answer=302),
    "people:pairs": Route(DECIDE),
    "people:batch": Route(DECIDE),
    "people:run_batch": Route(DECIDE, post={"least": "99"}, answer=302),
    "people:merges": Route(DECIDE),
    "people:undo_batch": Route(DECIDE, then=("batch_000000000000",), post={}, answer=404),
    "people:pair": Route(DECIDE, "pair"),
    "people:apart": Route(DECIDE, "pair", post={}, answer=302),
    "people:merge": Route(DECIDE, "pair", post={"survivor": "third"}, answer=302),
    "people:undo": Route(DECIDE, "merge", post={}, answer=302),
}
