from tests.permissions.route import DECIDE, SEE_CONTACTS, SEE_PRESENCE, Route

ROUTES = {
    "contacts:list_of_case": Route(SEE_CONTACTS, "case"),
    "contacts:summary_of_case": Route(SEE_CONTACTS, "case"),
    "contacts:changes": Route(SEE_CONTACTS, "case"),
    "contacts:trace_again": Route(DECIDE, "case", post={}, answer=302),
    "contacts:export": Route(SEE_PRESENCE, "case"),
    "contacts:of_person": Route(SEE_CONTACTS, "person"),
}
