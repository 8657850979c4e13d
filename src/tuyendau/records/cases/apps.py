from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tuyendau.records.cases"
    label = "cases"
