"""What pages ask about patients."""

from tuyendau.response.care.forms.filters import FilterForm
from tuyendau.response.care.forms.stays import (
    AdmitForm,
    ChangeForm,
    CorrectForm,
    EndForm,
    FindForm,
    GroundForm,
)
from tuyendau.response.care.forms.transfers import ArriveForm, ProposeForm

__all__ = [
    "AdmitForm",
    "ArriveForm",
    "ChangeForm",
    "CorrectForm",
    "EndForm",
    "FilterForm",
    "FindForm",
    "GroundForm",
    "ProposeForm",
]
