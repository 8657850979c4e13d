from tests.permissions.route import Route

MANAGE = frozenset({"province_administrator"})

ROUTES = {
    "retention:overview": Route(MANAGE),
    "retention:propose": Route(MANAGE, post={}, answer=302),
    "retention:approve": Route(MANAGE, then=("1",), post={}, answer=302),
    "retention:hold": Route(MANAGE, post={}, answer=302),
    # Persons are named by their public id; nothing is told of them.
    "retention:release": Route(MANAGE, "person", post={}, answer=302, everywhere=True),
}
