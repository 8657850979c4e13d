"""Events of the map in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

KINDS: dict[str, str | Promise] = {
    "selection.exported": gettext_lazy("Took the people of an area of the map away"),
    "selection.listed": gettext_lazy("Looked at the people of an area of the map"),
}
