from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "tuyendau.records.visits"
    label = "visits"
