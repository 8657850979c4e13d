"""The indicators in words: what each is, what is counted of what, where it is from, and what to do about the missed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tuyendau.insight.situation.rules.indicators import Dated, Measure

Text = str | Promise

RTSL = _("Resolve to Save Lives, COVID-19 Contact Tracing Playbook: metrics checklist (2020)")
WHO = _("WHO, Public health criteria to adjust public health and social measures (12 May 2020)")
USDR = _("U.S. Digital Response, Contact Tracing Playbook: monitoring and evaluation (2020)")
RTSL_WHO = format_lazy("{}; {}", RTSL, WHO)
CATALONIA = _("Catalonia, evaluation of key performance indicators (BMC Public Health 2022; 22:1397)")


@dataclass(frozen=True, slots=True)
class Words:
    """An indicator for a reader. `parts` name what must come together; `missed` heads the list behind it."""

    title: Text
    numerator: Text
    denominator: Text
    source: Text
    missed: Text
    step: Text
    target: Text = ""
    parts: tuple[Text, ...] = ()


MEASURES: dict[str, Text] = {
    Measure.PERCENT: "%",
    Measure.DAYS: _("days"),
    Measure.CONTACTS: _("contacts a case"),
    Measure.INTERVIEWS: _("interviews"),
}
DATED: dict[str, Text] = {
    Dated.REPORT: _("by the date of report"),
    Dated.LISTING: _("by the day on which the contact was listed"),
    Dated.DAY: _("by the day of follow-up; days that are over"),
}

SETTINGS: dict[str, Text] = {
    "home": _("at home, lodging"),
    "work": _("at work"),
    "meal": _("at meals"),
    "transport": _("on a bus"),
    "trade": _("market, shop"),
    "school": _("at school"),
    "care": _("health care"),
    "quarantine": _("in quarantine"),
    "other": _("elsewhere or not known"),
}
"""The kinds of occasion on which contacts are met."""

_CASES = _("Confirmed cases reported in the window")
_DUE_CASES = _("Confirmed cases reported in the window whose time is over")

_WORDS: dict[str, Words] = {
    "reported": Words(
        _("Reported within 24 hours of sampling"),
        _(
            "Those reported no more than 24 hours after their sample was taken; by days where no hour is known"
        ),
        _("Confirmed cases reported in the window with a date of sampling"),
        RTSL,
        _("Cases reported late"),
        _("Ask the place that took the sample what held the report up"),
    ),
    "interviewed": Words(
        _("Interviewed and isolated within 24 hours of report"),
        _("Those with an interview finished and isolated no more than 24 hours after their report"),
        _DUE_CASES,
        RTSL,
        _("Cases not interviewed or not isolated in time"),
        _("Interview now; enter when they were isolated"),
        parts=(_("interviewed in time"), _("isolated in time")),
    ),
    "quarantined": Words(
        _("Contacts notified and quarantined within 24 hours of being listed"),
        _(
            "Those who were spoken to and for whom an order of quarantine was signed within 24 hours of being listed"
        ),
        _(
            "Close contacts (F1) listed in the window whose time is over, each once; without those who were cases by"
            " then"
        ),
        RTSL,
        _("Contacts not notified or without an order in time"),
        _("Call them today; draft the order of quarantine"),
        parts=(_("notified in time"), _("quarantined in time")),
    ),
    "followed": Words(
        _("Contacts followed daily"),
        _("Days on which the person was seen or spoken to and answered"),
        _("Days of follow-up of close contacts (F1) in the window"),
        WHO,
        _("Contacts whom nobody saw on some day"),
        _("Check them today; ask for help where they are not reached"),
        target=_("at least 80 percent of contacts are monitored"),
    ),
    "no_contacts": Words(
        _("Cases with no contacts"),
        _("Those in whose list stands no close contact (F1)"),
        _CASES,
        USDR,
        _("Cases with no contacts"),
        _("Interview again; look at the places of the infectious window"),
        target=_("contacts elicited for at least 90 percent of cases"),
    ),
    "contacts": Words(
        _("Contacts per case, median"),
        _("Close contacts (F1) in the list of each case: median and quartiles over cases"),
        _CASES,
        CATALONIA,
        _("Cases with no contacts"),
        _("Interview again; look at the places of the infectious window"),
    ),
    "known": Words(
        _("New cases that were known contacts"),
        _("Those who stood in another case’s list of close or near contacts before they were reported"),
        _CASES,
        WHO,
        _("Cases that nobody had listed as a contact"),
        _("Find out by whom they were missed: trace backwards from their onset"),
        target=_("at least 80 percent of cases are from contact lists"),
    ),
    "apart": Words(
        _("New cases that were in quarantine"),
        _(
            "Those whom a signed order of quarantine bound on the day of their onset, or without symptoms on that of"
            " their sample"
        ),
        _CASES,
        RTSL,
        _("Cases that were not in quarantine"),
        _("Trace first: they met others while infectious"),
    ),
    "unlinked": Words(
        _("New cases without a known source"),
        _(
            "Those who share no contact list with a case that fell ill earlier, and of whom nobody decided by whom"
            " they were infected"
        ),
        _CASES,
        RTSL_WHO,
        _("Cases without a known source"),
        _("Ask about the 14 days before onset; look at the likely infectors"),
        target=_("at least 80 percent of cases can be linked to known clusters"),
    ),
    "interviews_needed": Words(
        _("Interviews needed for one contact in quarantine"),
        _("Cases reported in the window that were interviewed"),
        _("Close contacts (F1) listed in the window for whom an order of quarantine was signed"),
        RTSL,
        _("Cases not interviewed"),
        _("Interview now"),
    ),
    "onset_to_result": Words(
        _("From symptoms to diagnosis, median"),
        _("Days from the first symptoms to the result: median and quartiles over cases"),
        _("Confirmed cases reported in the window with both dates, the result not before the symptoms"),
        CATALONIA,
        _("Cases without a date of result"),
        _("Enter the date of the result"),
    ),
    "result_to_interview": Words(
        _("From diagnosis to interview, median"),
        _("Days from the result to the first interview that was finished: median and quartiles over cases"),
        _("Confirmed cases reported in the window that were interviewed, with a date of result"),
        CATALONIA,
        _("Cases not interviewed"),
        _("Interview now"),
    ),
}


def words_of(code: str) -> Words:
    """The words of an indicator. Raises `KeyError` where there is none of that code."""
    return _WORDS[code]
