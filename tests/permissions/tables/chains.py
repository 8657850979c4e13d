from tests.permissions.route import DECIDE, SEE_CONTACTS, SEE_PRESENCE, Route

DECIDED = {"verdict": "infected_by", "infector": "nobody", "reason": "về từ nơi khác"}
ROUTES = {
    "chains:page": Route(SEE_CONTACTS),
    "chains:chart": Route(SEE_CONTACTS),
    "chains:links": Route(SEE_CONTACTS),
    "chains:csv": Route(SEE_PRESENCE),
    "chains:graphml": Route(SEE_PRESENCE),
    "chains:picture": Route(SEE_PRESENCE, post={}),
    "chains:of_case": Route(SEE_CONTACTS, "case"),
    "chains:decide": Route(DECIDE, "case", post=DECIDED, answer=302),
    "chains:withdraw": Route(DECIDE, "chain_decision", post={"reason": "nhầm"}, answer=302),
}
