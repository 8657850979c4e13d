"""Events of care in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "person.looked_up": _("Looked a person up by a number that they gave"),
    "stay.assessed": _("Assessed how ill a patient is"),
    "stay.assessment_corrected": _("Corrected how ill a patient was"),
    "stay.began": _("Admitted a person to a facility"),
    "stay.case_opened": _("Joined a stay with the case that was opened"),
    "stay.changed": _("Changed what is recorded of a stay"),
    "stay.ended": _("Ended a stay in a facility"),
    "stay.history_read": _("Looked at the epidemiological history of a patient"),
    "stay.read": _("Looked at a patient"),
    "stay.taken_back": _("Took the end of a stay back"),
    "stays.exported": _("Took the list of patients away"),
    "stays.read": _("Looked at the list of patients"),
    "stays.searched": _("Searched the patients"),
    "transfer.accepted": _("Accepted a transfer"),
    "transfer.arrived": _("Recorded that a transferred patient arrived"),
    "transfer.proposed": _("Asked another facility to take a patient"),
    "transfer.read": _("Looked at a transfer"),
    "transfer.refused": _("Refused a transfer"),
    "transfer.withdrawn": _("Withdrew a transfer"),
}
"""What each kind of event says."""
