from tests.permissions.route import DECIDE, SEE_CONTACTS, SEE_PRESENCE, Route

EDIT = DECIDE | {"commune_officer"}
"""Who names contacts and decides on them: those who answer for where people live."""

ROUTES = {
    "contacts:list_of_case": Route(SEE_CONTACTS, "case"),
    "contacts:summary_of_case": Route(SEE_CONTACTS, "case"),
    "contacts:changes": Route(SEE_CONTACTS, "case"),
    "contacts:trace_again": Route(DECIDE, "case", post={}, answer=302),
    "contacts:export": Route(SEE_PRESENCE, "case"),
    "contacts:list": Route(SEE_CONTACTS),
    "contacts:export_list": Route(SEE_PRESENCE),
    "contacts:seen": Route(SEE_CONTACTS, "case", post={}, answer=302),
    "contacts:further_of_case": Route(SEE_CONTACTS, "case", ("2",)),
    "contacts:contact": Route(SEE_CONTACTS, "contact"),
    "contacts:judge": Route(EDIT, "contact", post={"grade": "1", "reason": "đã hỏi"}, answer=302),
    "contacts:withdraw": Route(EDIT, "judgement", post={"reason": "chưa chắc"}, answer=302),
    "contacts:link": Route(EDIT),
    "contacts:unlink": Route(EDIT, "link", post={"reason": "nhầm người"}, answer=302),
    "contacts:of_person": Route(SEE_CONTACTS, "person"),
}
