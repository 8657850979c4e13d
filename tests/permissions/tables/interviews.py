from tests.permissions.route import DECIDE, Route

ASK = DECIDE | {"commune_officer"}
"""Who holds interviews: never an employer, and no clinic."""

ROUTES = {
    "interviews:overview": Route(ASK),
    "interviews:of_case": Route(ASK, "case"),
    "interviews:step": Route(ASK, "interview", ("places",)),
    "interviews:save": Route(ASK, "interview", post={"step": "identity", "field": "work", "work": "x"}),
    "interviews:choose": Route(ASK, "interview", post={"name": "work", "number": "1"}, answer=302),
    # A visit that is none: whoever may ask is told so on the page that they came from.
    "interviews:judge": Route(
        ASK,
        "interview",
        post={"site": "site_0", "span": "1620950400-1620954000", "verdict": "confirmed"},
        answer=302,
    ),
    "interviews:confirm_day": Route(ASK, "interview", post={"day": "2021-05-14"}, answer=302),
    "interviews:add_stay": Route(
        ASK,
        "interview",
        post={"day": "2021-05-14", "words": "quán nước", "begins": "08:00", "ends": "09:00"},
        answer=302,
    ),
    "interviews:drop_stay": Route(ASK, "interview", ("stay_0",), post={"day": "2021-05-14"}, answer=302),
    "interviews:found_people": Route(ASK, "interview"),
    "interviews:name_person": Route(ASK, "interview", post={"way": "work", "people": "5"}, answer=302),
    "interviews:unname": Route(ASK, then=("interview_0", "named_0"), post={}, answer=404),
    "interviews:finish": Route(ASK, "interview", post={}, answer=302),
    "interviews:take_up": Route(ASK, "interview", post={}, answer=302),
    "interviews:sheet": Route(ASK, "interview"),
    "interviews:milestones": Route(ASK),
    "interviews:milestones_of_case": Route(ASK, "case"),
    "interviews:milestone": Route(ASK, "milestone"),
    "interviews:milestone_state": Route(ASK, "milestone", post={"state": "sent"}, answer=302),
    "interviews:notice": Route(ASK, "milestone"),
    "interviews:forms_of_case": Route(ASK, "case"),
    "interviews:print_forms": Route(ASK, "case"),
    "interviews:declare": Route(ASK, "person"),
    "interviews:print_form": Route(ASK, "person"),
    "interviews:remove_declaration": Route(ASK, "declaration", post={"ground": "nhầm"}, answer=302),
}
