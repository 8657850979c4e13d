"""What cannot be done in an interview, and the interview that is written to, held."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.records.interviews.models import Interview, InterviewState
from tuyendau.records.interviews.queries import visible_interviews


class InterviewRefused(Exception):
    """What was asked cannot be done; the text says why and what to do. Nothing was written. `field` is to be mended."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def held(public_id: str, viewer: Viewer, *, begun: bool = True) -> Interview:
    """The interview, locked. Raises Interview.DoesNotExist out of reach, `InterviewRefused` where it is finished."""
    found: Interview = visible_interviews(viewer).select_for_update(of=("self",)).get(public_id=public_id)
    if begun and found.state != InterviewState.BEGUN:
        raise InterviewRefused(_("This interview is finished. Take it up again to change it."))
    return found
