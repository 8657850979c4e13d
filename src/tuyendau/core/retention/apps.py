from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "tuyendau.core.retention"
    label = "retention"
