from tests.permissions.route import Route

SEE_MAP = frozenset({
    "province_administrator", "epidemiologist", "district_officer", "commune_officer", "channel_operator", "leader",
})  # fmt: skip

LIST_PEOPLE = frozenset({"epidemiologist", "district_officer", "commune_officer"})

ROUTES = {
    "map:page": Route(SEE_MAP),
    "map:search": Route(SEE_MAP),
    "map:selection": Route(SEE_MAP),
    "map:selected": Route(LIST_PEOPLE),
    "map:export_selected": Route(LIST_PEOPLE, answer=400),
    "map:follow": Route(LIST_PEOPLE, post={}, answer=302),
    "map:timeline": Route(SEE_MAP),
    "map:picture": Route(SEE_MAP, post={"layers": "", "as": "png"}),
    "map:download": Route(SEE_MAP, then=("nothing", "gpkg"), answer=404, others=404),
    # The layers for other tools.
    "features:landing": Route(SEE_MAP),
    "features:api": Route(SEE_MAP),
    "features:conformance": Route(SEE_MAP),
    "features:collections": Route(SEE_MAP),
    "features:collection": Route(SEE_MAP, then=("nothing",), answer=404),
    "features:queryables": Route(SEE_MAP, then=("nothing",), answer=404),
    "features:items": Route(SEE_MAP, then=("nothing",), answer=404),
    "features:item": Route(SEE_MAP, then=("nothing", "1"), answer=404),
    "map:layer": Route(SEE_MAP, then=("communes",)),
    "map:feature": Route(SEE_MAP, then=("communes", "none"), answer=404),
    "map:table": Route(SEE_MAP, then=("communes",)),
}
