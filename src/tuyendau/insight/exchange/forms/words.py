"""Words of files and what they mean here, folded; and the words in which an import tells what it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

SEX = {
    "f": "F", "nu": "F", "female": "F", "woman": "F", "gai": "F",
    "m": "M", "nam": "M", "male": "M", "man": "M", "trai": "M",
}  # fmt: skip

STATUS = {
    "confirmed": "confirmed", "xac dinh": "confirmed", "f0": "confirmed", "duong tinh": "confirmed",
    "positive": "confirmed", "mac benh": "confirmed",
    "probable": "probable", "co the": "probable",
    "suspected": "suspected", "nghi ngo": "suspected", "suspect": "suspected", "nghi mac": "suspected",
    "discarded": "discarded", "loai tru": "discarded", "not a case": "discarded", "am tinh": "discarded",
}  # fmt: skip

TEST = {
    "rt pcr": "rt_pcr", "rt-pcr": "rt_pcr", "pcr": "rt_pcr", "realtime pcr": "rt_pcr", "real-time pcr": "rt_pcr",
    "realtime rt-pcr": "rt_pcr", "rt_pcr": "rt_pcr",
    "antigen": "antigen", "khang nguyen": "antigen", "test nhanh": "antigen", "khang nguyen nhanh": "antigen",
    "self-test": "self_antigen", "tu xet nghiem": "self_antigen", "self_antigen": "self_antigen",
    "antibody": "antibody", "khang the": "antibody",
    "igm": "igm", "igm soi": "igm", "igg": "igg_pair", "igg_pair": "igg_pair",
}  # fmt: skip

RESULT = {
    "positive": "positive", "duong tinh": "positive", "duong": "positive", "pos": "positive", "(+)": "positive",
    "negative": "negative", "am tinh": "negative", "am": "negative", "neg": "negative", "(-)": "negative",
    "indeterminate": "indeterminate", "khong xac dinh": "indeterminate", "nghi ngo": "indeterminate",
    "invalid": "invalid", "khong hop le": "invalid", "hong": "invalid",
}  # fmt: skip

# Somebody alive has no outcome yet: the files do not say whether they have recovered.
OUTCOME = {
    "recovered": "recovered", "khoi benh": "recovered", "recover": "recovered", "discharged": "recovered",
    "khoi": "recovered", "ra vien": "recovered", "cured": "recovered",
    "died": "died", "tu vong": "died", "dead": "died", "death": "died", "chet": "died",
    "alive": "", "dang dieu tri": "", "in treatment": "", "song": "", "con song": "",
}  # fmt: skip

COUNTS: dict[str, dict[str, str | Promise]] = {
    "people": {
        "new": _("new people"),
        "changed": _("people brought up to date"),
        "unchanged": _("people as they were"),
        "assigned": _("new assignments to sites"),
    },
    "visits": {
        "new": _("new visits"),
        "known": _("visits that were there already"),
        "assumed": _("visits whose end is assumed by the site's dwell rule"),
    },
    "encounters": {
        "new": _("encounters that are new or longer than known"),
        "known": _("encounters that were there already"),
    },
    "cases": {
        "new": _("new cases"),
        "known": _("cases that were in the register already and stay as they are"),
        "people": _("people made for them"),
        "without_unit": _("new cases of no known commune"),
        "changed": _("cases on record that were changed"),
    },
    "contacts": {
        "new": _("new reported contacts"),
        "known": _("contacts that were reported already"),
        "left_out": _("rows left out because an end is unknown"),
    },
    "results": {"new": _("new results"), "known": _("results that were recorded already")},
}
"""By kind of file: what each count of an `Outcome` is called, in the order in which it is told."""


MEANINGS: dict[str, dict[str, str | Promise]] = {
    "sex": {"F": _("female"), "M": _("male")},
    "status": {
        "confirmed": _("confirmed"), "probable": _("probable"), "suspected": _("suspected"),
        "discarded": _("discarded"),
    },
    "outcome": {"recovered": _("recovered"), "died": _("died"), "alive": _("not known yet")},
    "test": {"rt_pcr": "RT-PCR", "antigen": _("rapid antigen"), "self_antigen": _("self-test"),
             "antibody": _("antibodies"), "igm": "IgM", "igg_pair": "IgG"},
    "result": {"positive": _("positive"), "negative": _("negative"), "indeterminate": _("indeterminate"),
               "invalid": _("invalid")},
}  # fmt: skip


def meanings(name: str) -> list[tuple[str, str]]:
    """What a word of a field may mean, each as a word that the field knows, and how it reads."""
    return [(word, str(label)) for word, label in MEANINGS[name].items()]


def shown(known: Mapping[str, str]) -> str:
    """Two words for each meaning, the first of which is English and the second Vietnamese."""
    by_meaning: dict[str, list[str]] = {}
    for word, meaning in known.items():
        by_meaning.setdefault(meaning, []).append(word)
    return ", ".join(word for words in by_meaning.values() for word in words[:2])


def told(kind: str, counts: Mapping[str, int]) -> list[tuple[int, str]]:
    """The counts with their words; of those that are zero only the first, which is what was wanted."""
    named = [(counts.get(word, 0), str(label)) for word, label in COUNTS[kind].items()]
    return [pair for i, pair in enumerate(named) if pair[0] or i == 0]


FIELD_NAMES: dict[str, str | Promise] = {
    "status": _("status"), "onset_on": _("onset"), "sampled_on": _("sample"), "result_on": _("result"),
    "isolated_at": _("isolated"), "outcome": _("outcome"), "outcome_on": _("day of the outcome"),
    "place_infected": _("where the infection happened"), "note": _("note"), "full_name": _("full name"),
    "full_name.last": _("family and middle names"), "full_name.first": _("given name"), "sex": _("sex"),
    "birth_year": _("year of birth"), "birth_date": _("date of birth"), "age": _("age"), "phone": _("telephone"),
    "id_number": _("identity number"), "commune": _("commune"), "unit": _("commune"), "unit_id": _("commune"),
    "address": _("address"),
}  # fmt: skip
"""What a field of a case or a person is called where it is shown beside its value."""


def value_in_words(name: str, text: str) -> str:
    """A value as `StagedRow.changes` keeps it, as a page shows it."""
    if not text:
        return "–"
    if name in MEANINGS:
        return str(MEANINGS[name].get(text, text))
    if name.endswith("_on") or name == "birth_date":
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    if name.endswith("_at"):
        return date_format(localtime(datetime.fromisoformat(text)), "SHORT_DATETIME_FORMAT")
    return text
