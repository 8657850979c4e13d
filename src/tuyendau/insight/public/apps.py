from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "tuyendau.insight.public"
    label = "public"
