from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tuyendau.insight.exchange"
    label = "exchange"
