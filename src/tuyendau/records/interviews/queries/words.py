"""What the events of this room say in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

KINDS = {
    "interview.begun": gettext_lazy("Began the interview of the case"),
    "interview.taken_up": gettext_lazy("Took the interview of the case up again"),
    "interview.finished": gettext_lazy("Finished the interview of the case"),
    "interview.saved": gettext_lazy("Saved answers of an interview"),
    "interview.stay_told": gettext_lazy("Noted where the case was, as told"),
    "interview.stay_dropped": gettext_lazy("Took back what was told of a stay"),
    "interview.named": gettext_lazy("Noted whom the case named"),
    "interview.unnamed": gettext_lazy("Took back whom the case named"),
    "interview.read": gettext_lazy("Looked at the interview of the case"),
    "interview.printed": gettext_lazy("Printed the interview of the case"),
    "milestone.made": gettext_lazy("Made an epidemiological milestone"),
    "milestone.joined": gettext_lazy("Added a case to an epidemiological milestone"),
    "milestone.edited": gettext_lazy("Corrected an epidemiological milestone"),
    "milestone.state_set": gettext_lazy("Moved an epidemiological milestone on"),
    "milestone.read": gettext_lazy("Looked at an epidemiological milestone"),
    "declaration.taken": gettext_lazy("Recorded a self-declaration form"),
    "declaration.removed": gettext_lazy("Took out a self-declaration form"),
    "declaration.read": gettext_lazy("Looked at self-declaration forms"),
    "declaration.printed": gettext_lazy("Printed self-declaration forms"),
}
