from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "tuyendau.insight.situation"
    label = "situation"
