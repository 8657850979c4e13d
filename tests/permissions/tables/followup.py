from tests.permissions.route import SEE_CONTACTS, Route

RECORD = frozenset({"epidemiologist", "district_officer", "commune_officer", "quarantine_manager"})
ASSIGN = RECORD - {"quarantine_manager"}
_CHECK = {"result": "well", "how": "visit", "day": "14/05/2021"}

ROUTES = {
    "followup:worklist": Route(RECORD),
    "followup:sheet": Route(RECORD),
    "followup:hand_out": Route(ASSIGN),
    "followup:of_person": Route(SEE_CONTACTS, "person"),
    "followup:open": Route(ASSIGN, "person"),
    "followup:detail": Route(SEE_CONTACTS, "followup"),
    "followup:check": Route(RECORD, "followup"),
    "followup:tap": Route(RECORD, "followup", then=("well",), post={}, answer=302),
    "followup:alarm": Route(RECORD, "followup", post={"answer": "Đã lấy mẫu"}, answer=302),
    "followup:end": Route(ASSIGN, "followup", post={"ground": "Đi xa"}, answer=302),
    "followup:regime": Route(ASSIGN, "followup", post={"ground": "Quá tải", "regime": "none"}, answer=302),
    "followup:take": Route(RECORD, "followup", post={}, answer=302),
    "followup:undo": Route(RECORD, "check", post={}, answer=302),
    "followup:correct": Route(RECORD, "check"),
}
