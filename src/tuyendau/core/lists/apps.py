from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "tuyendau.core.lists"
    label = "lists"

    def ready(self) -> None:
        from tuyendau.core.audit.queries import name_kinds

        name_kinds({
            "view.saved": _("Kept a view of a list"),
            "view.changed": _("Changed a view of a list"),
            "view.deleted": _("Deleted a view of a list"),
            "batch.begun": _("Began to decide on many rows of a list"),
            "batch.ended": _("Ended deciding on many rows of a list"),
        })  # fmt: skip
