from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "tuyendau.records.chains"
    label = "chains"
