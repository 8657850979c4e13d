from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "tuyendau.insight.situation"
    label = "situation"

    def ready(self) -> None:
        from tuyendau.core.live.queries import register
        from tuyendau.insight.situation import queries

        register(queries.notices, *queries.TOLD_OF_THE_MAP)
