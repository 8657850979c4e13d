from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tuyendau.records.people"
    label = "people"
