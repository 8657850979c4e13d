from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    name = "tuyendau.records.followup"
    label = "followup"
