from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "tuyendau.config"
    label = "config"
