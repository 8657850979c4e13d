from tests.permissions.route import Route

VIEW = frozenset({
    "epidemiologist", "district_officer", "commune_officer", "clinician", "quarantine_manager",
})  # fmt: skip
RECORD = VIEW - {"commune_officer"}
TAKE_AWAY = VIEW - {"clinician"}
ROUTES = {
    "care:list": Route(VIEW),
    "care:export": Route(TAKE_AWAY),
    "care:facilities": Route(VIEW),
    "care:transfers": Route(VIEW),
    "care:find": Route(RECORD),
    "care:admit": Route(RECORD, "person"),
    "care:of_person": Route(VIEW, "person"),
    "care:detail": Route(VIEW, "stay"),
    "care:history": Route(VIEW, "stay"),
    "care:assess": Route(RECORD, "stay", ("severe",), post={}, answer=302),
    "care:correct": Route(RECORD, "assessment"),
    "care:change": Route(RECORD, "stay"),
    "care:end": Route(RECORD, "stay"),
    "care:cancel": Route(RECORD, "stay", post={"ground": "nhầm"}, answer=302),
    "care:reopen": Route(RECORD, "ended_stay", post={"ground": "nhầm"}, answer=302),
    "care:propose": Route(RECORD, "stay"),
    "care:transfer": Route(VIEW, "asked"),
    "care:accept": Route(RECORD, "asked", post={}, answer=302),
    "care:refuse": Route(RECORD, "asked", post={"ground": "hết giường"}, answer=302),
    "care:withdraw": Route(RECORD, "sent", post={}, answer=302),
    "care:arrive": Route(RECORD, "asked", post={}),
}
