from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "tuyendau.core.places"
    label = "places"
