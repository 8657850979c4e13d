from tests.permissions.route import DECIDE, Route

VIEW = frozenset({"epidemiologist", "district_officer", "commune_officer", "quarantine_manager"})
DRAFT = VIEW - {"quarantine_manager"}

ROUTES = {
    "orders:list": Route(VIEW),
    "orders:sign": Route(DECIDE),
    "orders:bulk": Route(DRAFT),
    "orders:papers": Route(VIEW),
    "orders:of_person": Route(VIEW, "person"),
    "orders:new": Route(DRAFT, "person"),
    "orders:detail": Route(VIEW, "order"),
    "orders:paper": Route(VIEW, "order"),
    "orders:record": Route(VIEW, "order"),
    "orders:change": Route(DRAFT, "order"),
    "orders:drop": Route(DRAFT, "order", post={}, answer=302),
    "orders:replace": Route(DRAFT, "signed_order"),
    "orders:extend": Route(DRAFT, "signed_order", post={"until": "01/06/2021", "ground": "Chờ"}, answer=302),
    "orders:lift": Route(DECIDE, "signed_order", post={"ground": "Không còn là F1"}, answer=302),
    "orders:certificate": Route(VIEW, "signed_order"),
}
