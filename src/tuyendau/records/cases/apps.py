from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tuyendau.records.cases"
    label = "cases"

    def ready(self) -> None:
        from tuyendau.core.live.queries import register
        from tuyendau.records.cases import queries

        register(queries.notices, *queries.TOLD_OF_CASES)
