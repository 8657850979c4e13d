from tests.permissions.route import EVERYONE, SEE_PEOPLE, Route

# Views and batches are found for their owners alone, whatever their role: see tests/integration/lists.
NONE = ("view_000000000000",)
ROUTES = {
    "lists:save": Route(
        SEE_PEOPLE, post={"list": "cases", "name": "Của tôi", "query": "status=confirmed"}, answer=302
    ),
    "lists:open": Route(EVERYONE, then=NONE, answer=404),
    "lists:change": Route(EVERYONE, then=NONE, post={"name": "x"}, answer=404),
    "lists:delete": Route(EVERYONE, then=NONE, post={}, answer=404),
    "lists:first": Route(EVERYONE, then=NONE, post={"on": "1"}, answer=404),
    "lists:batch": Route(EVERYONE, then=("batch_000000000000",), answer=404),
}
