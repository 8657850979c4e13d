from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate

from tuyendau.config import demonstration
from tuyendau.lib import clock


class ConfigConfig(AppConfig):
    name = "tuyendau.config"
    label = "config"

    def ready(self) -> None:
        """Let the records' clock follow a demonstration's, events name roles, and migrations end with rules by row."""
        from tuyendau.config.navigation import role_names
        from tuyendau.core.audit.queries import name_by

        clock.follow(Path(settings.VAR) / demonstration.CLOCK)
        name_by("role", role_names)
        pre_migrate.connect(_make_roles, dispatch_uid="config.roles")
        post_migrate.connect(_set_rules, sender=self, dispatch_uid="config.row_security")


def _make_roles(**kwargs: Any) -> None:
    from tuyendau.core.acting import ensure_roles

    ensure_roles()


def _set_rules(**kwargs: Any) -> None:
    """This app is the last: every table is there."""
    from tuyendau.config.row_security import set_up

    set_up()
