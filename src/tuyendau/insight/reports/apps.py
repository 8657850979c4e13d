from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "tuyendau.insight.reports"
    label = "reports"
