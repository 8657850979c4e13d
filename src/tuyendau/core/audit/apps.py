from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tuyendau.core.audit"
    label = "audit"
