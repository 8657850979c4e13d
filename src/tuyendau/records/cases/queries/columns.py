"""The columns of the line list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission
from tuyendau.core.lists.rules import ListOf

LINE_LIST = ListOf("cases", "cases:list", _("Cases"), Permission.CASE_VIEW, ())
