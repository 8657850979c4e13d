from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HistoryConfig(AppConfig):
    name = "tuyendau.core.history"
    label = "history"

    def ready(self) -> None:
        post_migrate.connect(_keep, dispatch_uid="history.keep")


def _keep(**kwargs: Any) -> None:
    """After every app: the tables of a version may come later than this one's."""
    from tuyendau.core.history.actions import keep_versions

    keep_versions()
