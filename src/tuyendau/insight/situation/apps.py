from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "tuyendau.insight.situation"
    label = "situation"

    def ready(self) -> None:
        from tuyendau.core.live.queries import register
        from tuyendau.insight.situation.queries.live import TOLD_OF_SITUATION, notices

        register(notices, *TOLD_OF_SITUATION)
