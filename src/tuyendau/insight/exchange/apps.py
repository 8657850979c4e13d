from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tuyendau.insight.exchange"
    label = "exchange"

    def ready(self) -> None:
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.insight.exchange.actions.keeping import KEEPING

        keep(KEEPING)
