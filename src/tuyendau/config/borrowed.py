"""Texts that readers see from packages which lack them in Vietnamese: named here, they are collected with our own."""

from __future__ import annotations

from django.utils.translation import gettext_noop

TEXTS = (gettext_noop("Null characters are not allowed."),)
