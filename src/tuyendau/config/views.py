"""The start page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tuyendau.config.navigation import entries_for


def home(request: HttpRequest) -> HttpResponse:
    """The first page of the menu that the viewer may open; who has no role yet is told so."""
    entries = entries_for(request.viewer)  # type: ignore[attr-defined]
    if not entries:
        return render(request, "no_role.html")
    return redirect(entries[0].url)
