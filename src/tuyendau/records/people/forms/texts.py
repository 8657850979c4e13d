"""In words: why a number is refused, and why two people look alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.lib.identity import Fault, IdentityRefused
from tuyendau.records.people.models import IdentifierKind

_SEXES = {"F": gettext_lazy("female"), "M": gettext_lazy("male")}
_LENGTHS = {"cccd": "12", "cmnd": "9", "bhyt": "10 / 15"}


def why_refused(error: IdentityRefused) -> str:
    """What is wrong with an identity number, and what to do."""
    kind = IdentifierKind(error.kind.value).label
    told: dict[str, Any] = {
        "kind": kind,
        "length": _LENGTHS.get(error.kind.value, ""),
        "found": _SEXES.get(error.found, error.found),
        "given": _SEXES.get(error.given, error.given),
    }
    texts = {
        Fault.CHARACTERS: _("The %(kind)s has digits only. Check it against the card."),
        Fault.LENGTH: _(
            "The %(kind)s has %(length)s characters, and this has %(found)s. Check it against the card."
        ),
        Fault.FORM: _("This is no %(kind)s. Check it against the card."),
        Fault.PROVINCE: _("No province has the code %(found)s with which this %(kind)s begins."),
        Fault.YEAR: _(
            "By this %(kind)s they were born in %(found)s, and not in %(given)s. One of the two is wrong."
        ),
        Fault.SEX: _("By this %(kind)s they are %(found)s, and not %(given)s. One of the two is wrong."),
    }
    return texts[error.fault] % told


FIELDS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "sex": gettext_lazy("Sex"),
    "birth": gettext_lazy("Born"),
    "number": gettext_lazy("Identity number"),
    "cccd": "CCCD",
    "cmnd": "CMND",
    "bhyt": gettext_lazy("Health insurance"),
    "passport": gettext_lazy("Passport"),
    "other": gettext_lazy("Other number"),
    "phone": gettext_lazy("Phone"),
    "commune": gettext_lazy("Commune"),
    "home": gettext_lazy("Home"),
    "company": gettext_lazy("Work"),
    "address": gettext_lazy("Address"),
}
OUTCOMES: dict[str, str | Promise] = {
    "name_same": gettext_lazy("the same"),
    "name_order": gettext_lazy("the same words in another order"),
    "name_slip": gettext_lazy("a letter apart"),
    "name_marks_differ": gettext_lazy("other marks"),
    "name_given_differs": gettext_lazy("another given name"),
    "name_family_differs": gettext_lazy("another family name"),
    "name_middle_differs": gettext_lazy("another middle name"),
    "name_given_missing": gettext_lazy("without the given name"),
    "name_family_missing": gettext_lazy("without the family name"),
    "name_middle_missing": gettext_lazy("without a middle name"),
    "sex_same": gettext_lazy("the same"),
    "sex_differs": gettext_lazy("differs"),
    "birth_same": gettext_lazy("the same day"),
    "birth_swapped": gettext_lazy("day and month swapped"),
    "birth_slip": gettext_lazy("a digit apart"),
    "birth_year_same": gettext_lazy("the same year"),
    "birth_year_same_day_differs": gettext_lazy("the same year, another day"),
    "birth_year_near": gettext_lazy("a year apart"),
    "birth_differs": gettext_lazy("differs"),
    "number_same": gettext_lazy("the same"),
    "number_slip": gettext_lazy("a digit apart"),
    "cccd_differs": gettext_lazy("differs"),
    "cmnd_differs": gettext_lazy("differs"),
    "bhyt_differs": gettext_lazy("differs"),
    "passport_differs": gettext_lazy("differs"),
    "other_differs": gettext_lazy("differs"),
    "cccd_tells_another_year": gettext_lazy("tells another year of birth"),
    "phone_same": gettext_lazy("the same"),
    "phone_same_of_a_household": gettext_lazy("the same, as in one household"),
    "phone_differs": gettext_lazy("differs"),
    "commune_same": gettext_lazy("the same"),
    "commune_differs": gettext_lazy("differs"),
    "home_same": gettext_lazy("the same"),
    "company_same": gettext_lazy("the same"),
    "address_same": gettext_lazy("alike"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One field of a comparison in words; `bits` below nought speak against, `plain` where they simply agree."""

    field: str
    text: str
    bits: float
    plain: bool

    @property
    def speaks_for(self) -> bool:
        """Whether it makes one person likelier."""
        return self.bits > 0


def reasons(parts: Iterable[Any]) -> list[Reason]:
    """The parts of a likeness, as objects or as kept in a pair, in words."""
    told = []
    for part in parts:
        field, outcome, bits = (
            (part["field"], part["outcome"], part["bits"])
            if isinstance(part, dict)
            else (part.field, part.outcome, part.bits)
        )
        told.append(
            Reason(
                str(FIELDS.get(field, field)),
                str(OUTCOMES.get(outcome, outcome)),
                bits,
                outcome.endswith("_same"),
            )
        )
    return told
