"""What the browser says on the map, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """The texts by name; `{n}` and the like are filled in by the browser."""
    return {
        "map": _("Map of the epidemic"),
        "drawing": _("Drawing the map…"),
        "loading": _("Loading…"),
        "failed": _("This layer could not be loaded; the others stand."),
        "again": _("Try again"),
        "network": _("The server cannot be reached."),
        "denied": _("You may not see this layer."),
        "noWebgl": _("This browser cannot draw the map. The tables hold the same."),
        "hidden": _("outside your area: no numbers"),
        "approximate": _("approximate outline"),
        "aboutOutlines": _(
            "Where no outline was imported, a commune is drawn as the area nearest to its own point."
            " It is approximate and shows no true border."
        ),
        "nowhere": _("{n} not on the map: no place is known. They stand in the table."),
        "whole": _("Show the whole area"),
        "nearer": _("Zoom in"),
        "further": _("Zoom out"),
        "fingers": _("Use two fingers to move the map"),
        "together": _("{n} together"),
        "more": _("… and {n} more: the table holds all."),
        "here": _("Nothing is drawn here."),
        "past": _("As known at {at}"),
        "pastDay": _("As known at the end of {day}"),
        "dayOf": _("{day}: {n} new cases"),
        "badMoment": _("This is no day: write it as 31/05/2021, or with a time as 14:30 31/05/2021."),
        "groundFailed": _("The ground of streets cannot be reached; the map stands without it."),
        "asNow": _("As known now, {at}"),
        "made": _("Made at {at} · Tuyến Đầu"),
        "ofPeople": _("Only for the work against the epidemic: it shows where people are."),
        "pictureFailed": _("The picture could not be made."),
        "pictureDenied": _("You may not take a picture of layers that show people. Turn them off first."),
        "close": _("Close"),
        "copied": _("The address of this view has been copied."),
    }


def select_words() -> dict[str, str]:
    """The texts of the tools that select, by name."""
    return {
        "rectangle": _("Press one corner, then the opposite one. Escape lets go."),
        "polygon": _("Press each corner; press the last one again to close. Escape lets go."),
        "circle": _("Press the middle, then the border. Escape lets go."),
        "commune": _("Press the commune. Escape lets go."),
        "counting": _("Counting who lives, works and was there…"),
        "failed": _("The area could not be counted: the server cannot be reached. Try again."),
        "close": _("Close"),
        "open": _("Open its page"),
        "who": _("Who lives, works or was there"),
        "rough": _("Only the commune is known."),
    }
