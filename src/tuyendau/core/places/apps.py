from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "tuyendau.core.places"
    label = "places"

    def ready(self) -> None:
        """Let the record of events name units and sites."""
        from tuyendau.core.audit.queries import name_by
        from tuyendau.core.places.queries import site_names, unit_names

        name_by("unit", unit_names)
        name_by("site", site_names)
