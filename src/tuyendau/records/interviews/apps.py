from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "tuyendau.records.interviews"
    label = "interviews"
