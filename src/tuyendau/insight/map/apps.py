from django.apps import AppConfig


class MapConfig(AppConfig):
    name = "tuyendau.insight.map"
    label = "map"

    def ready(self) -> None:
        from tuyendau.core.live.queries import register
        from tuyendau.insight.map import queries

        register(queries.notices, *queries.TOLD_OF_THE_MAP)
