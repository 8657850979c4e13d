from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "tuyendau.insight.home"
    label = "home"
