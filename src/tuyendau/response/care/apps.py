from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "tuyendau.response.care"
    label = "care"
