from tests.permissions.route import DECIDE, SEE_PEOPLE, Route

TAKE = SEE_PEOPLE - {"company_officer"}
RECORD = DECIDE | {"laboratory"}

ROUTES = {
    "samples:list": Route(TAKE),
    "samples:print": Route(TAKE),
    "samples:of_person": Route(TAKE, "person"),
    "samples:new": Route(TAKE, "person"),
    "samples:detail": Route(TAKE, "sample"),
    "samples:quick": Route(RECORD),
    "samples:result": Route(
        RECORD,
        "sample",
        post={"test": "rt_pcr", "result": "negative", "resulted_at": "15/05/2021 08:00"},
        answer=302,
    ),
    # A result that is not there: the page says so.
    "samples:correct": Route(RECORD, "sample", ("result_x",), post={"result": "negative", "reason": "x"}),
    "samples:decide": Route(DECIDE, "sample", ("result_x",), post={"ground": "x"}, answer=404),
}
