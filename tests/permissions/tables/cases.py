from tests.permissions.route import DECIDE, SEE_PEOPLE, SEE_PRESENCE, Route

ROUTES = {
    "cases:list": Route(SEE_PEOPLE),
    "cases:export": Route(SEE_PRESENCE),
    "cases:enter": Route(DECIDE | {"commune_officer"}),
    "cases:sites": Route(SEE_PEOPLE),
    "cases:bulk": Route(DECIDE, post={"row": "case_000000000000~suspected."}),
    "cases:detail": Route(SEE_PEOPLE, "case"),
    "cases:presence": Route(SEE_PRESENCE, "case"),
    "cases:of_person": Route(SEE_PEOPLE, "person"),
    "cases:new": Route(DECIDE | {"commune_officer", "laboratory"}, "person"),
    "cases:classify": Route(DECIDE, "case", ("discarded",), post={"ground": "sai mẫu"}, answer=302),
    "cases:disease": Route(SEE_PEOPLE, then=("measles",)),
    "cases:edit": Route(DECIDE, "case"),
    "cases:definition": Route(SEE_PEOPLE, "case"),
}
