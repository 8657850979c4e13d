from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from tuyendau.config import demonstration
from tuyendau.lib import clock


class ConfigConfig(AppConfig):
    name = "tuyendau.config"
    label = "config"

    def ready(self) -> None:
        """Let the records' clock follow a demonstration's, wherever one is set, and the events name roles."""
        from tuyendau.config.navigation import role_names
        from tuyendau.core.audit.queries import name_by

        clock.follow(Path(settings.VAR) / demonstration.CLOCK)
        name_by("role", role_names)
