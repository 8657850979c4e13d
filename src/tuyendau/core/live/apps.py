from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "tuyendau.core.live"
    label = "live"
