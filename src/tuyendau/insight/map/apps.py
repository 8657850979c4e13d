from django.apps import AppConfig


class MapConfig(AppConfig):
    name = "tuyendau.insight.map"
    label = "map"

    def ready(self) -> None:
        from tuyendau.core.audit.queries import name_kinds
        from tuyendau.core.lists.queries import register as register_list
        from tuyendau.core.lists.queries import register_act
        from tuyendau.core.live.queries import register
        from tuyendau.insight.map import actions, queries
        from tuyendau.insight.map.queries.selection import SELECTION
        from tuyendau.insight.map.queries.words import KINDS

        register(queries.notices, *queries.TOLD_OF_THE_MAP)
        register_list(SELECTION)
        register_act(SELECTION.name, actions.FOLLOW)
        name_kinds(KINDS)
