from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "tuyendau.core.lists"
    label = "lists"
