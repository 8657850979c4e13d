"""The lists behind the indicators: who is missed, what is wanting of each, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Unit
from tuyendau.insight.situation.queries.indicators.cases import case_facts
from tuyendau.insight.situation.queries.indicators.people import Late, Unseen, late_contacts, unseen
from tuyendau.insight.situation.queries.scope import Scope
from tuyendau.insight.situation.rules import Window
from tuyendau.insight.situation.rules import indicators as rules
from tuyendau.insight.situation.rules.indicators import CaseFacts, Definition
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.followup.queries import visible as visible_followups
from tuyendau.records.people.queries import visible_people


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next about somebody, and where."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One who is missed, as the viewer sees them: `wanting` says what of, `since` when it began to be."""

    public_id: str
    person: Any
    unit: str
    url: str
    wanting: str
    since: date | datetime
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """The list behind an indicator: `total` in the number, `seen` row numbers of those whom the viewer may see.

    The others are counted and not told of.
    """

    definition: Definition
    viewer: Viewer
    total: int
    seen: tuple[int, ...] = ()
    rows_of: Callable[[Viewer, Sequence[int]], list[Row]] = field(default=lambda viewer, numbers: [])

    @property
    def unseen(self) -> int:
        """How many are out of the viewer's reach."""
        return self.total - len(self.seen)

    def page(self, first: int, count: int) -> list[Row]:
        """So many rows from the one of that place, counted from 0, in the list's order."""
        return self.rows_of(self.viewer, self.seen[first : first + count])


def missed(
    viewer: Viewer, at: datetime, unit: Unit | None, window: Window, code: str, disease: str = ""
) -> Missed:
    """Whom an indicator misses. Raises `Denied`, and `KeyError` where there is no indicator of that code."""
    definition = rules.DEFINITIONS[code]
    of = Scope(viewer, at, unit, disease)
    if code == "quarantined":
        return _contacts(of, definition, window)
    if code == "followed":
        return _followups(of, definition, window)
    return _cases(of, definition, window)


def _cases(of: Scope, definition: Definition, window: Window) -> Missed:
    facts = {case.row: case for case in case_facts(of, window) if rules.missed(definition.code, case, of.at)}
    if not of.viewer.may(Permission.CASE_VIEW):
        return Missed(definition, of.viewer, len(facts))
    with as_program():
        there = set(visible_cases(of.viewer).filter(pk__any_of=list(facts)).values_list("pk", flat=True))

    def rows(viewer: Viewer, numbers: Sequence[int]) -> list[Row]:
        found = {case.pk: case for case in visible_cases(viewer).filter(pk__any_of=list(numbers))}
        return [_case_row(definition.code, viewer, found[pk], facts[pk]) for pk in numbers if pk in found]

    return Missed(definition, of.viewer, len(facts), tuple(pk for pk in facts if pk in there), rows)


def _case_row(code: str, viewer: Viewer, case: Any, facts: CaseFacts) -> Row:
    return Row(
        case.public_id,
        case.person,
        case.unit.name if case.unit else "",
        reverse("cases:detail", args=[case.public_id]),
        _wanting(code, facts),
        facts.reported,
        tuple(_case_steps(code, viewer, case.public_id, case.person.public_id, facts)),
    )


def _wanting(code: str, facts: CaseFacts) -> str:
    if code == "reported" and facts.sampled is not None:
        days = (facts.reported - facts.sampled).days
        return ngettext(
            "sampled on %(day)s, reported %(n)d day later",
            "sampled on %(day)s, reported %(n)d days later",
            days,
        ) % {"day": date_format(facts.sampled, "SHORT_DATE_FORMAT"), "n": days}
    if code == "interviewed":
        return "; ".join(_lateness(facts))
    if code in ("interviews_needed", "result_to_interview"):
        return _("not interviewed yet")
    if code in ("no_contacts", "contacts"):
        return (
            _("no close contact listed") if facts.interviewed_at else _("no close contact; not interviewed")
        )
    ill = date_format(facts.ill_on, "SHORT_DATE_FORMAT")
    words = {
        "known": _("in nobody’s list when reported; ill since %(day)s"),
        "apart": _("under no order on %(day)s, when they fell ill"),
        "unlinked": _("no earlier case met; ill since %(day)s"),
        "onset_to_result": _("no date of a result; ill since %(day)s"),
    }
    return words[code] % {"day": ill}


def _lateness(facts: CaseFacts) -> list[str]:
    found = []
    if facts.interviewed_at is None:
        found.append(_("not interviewed yet"))
    elif facts.interviewed_at > facts.due_by:
        found.append(_("interviewed late: %(at)s") % {"at": _moment(facts.interviewed_at)})
    if facts.isolated_at is None:
        found.append(_("isolation not entered"))
    elif facts.isolated_at > facts.due_by:
        found.append(_("isolated late: %(at)s") % {"at": _moment(facts.isolated_at)})
    return found


def _case_steps(code: str, viewer: Viewer, public_id: str, person_id: str, facts: CaseFacts) -> list[Step]:
    """The next steps that the viewer may take, the first being the one to take."""
    if code == "reported" and viewer.may(Permission.SAMPLE_TAKE):
        return [Step(_("Samples"), reverse("samples:of_person", args=[person_id]))]
    steps: list[tuple[bool, Permission, str, str]] = [
        (
            facts.interviewed_at is None and code not in ("reported", "onset_to_result"),
            Permission.INTERVIEW_RECORD,
            _("Interview"),
            "interviews:of_case",
        ),
        (
            (code == "interviewed" and facts.isolated_at is None) or code == "onset_to_result",
            Permission.CASE_CREATE,
            _("Enter the date"),
            "cases:edit",
        ),
        (
            code in ("no_contacts", "contacts", "apart"),
            Permission.CONTACT_VIEW,
            _("Contacts"),
            "contacts:list_of_case",
        ),
        (code in ("unlinked", "known"), Permission.CONTACT_VIEW, _("Likely infectors"), "chains:of_case"),
    ]
    return [
        Step(title, reverse(name, args=[public_id]))
        for wanted, permission, title, name in steps
        if wanted and viewer.may(permission)
    ]


def _contacts(of: Scope, definition: Definition, window: Window) -> Missed:
    late = late_contacts(of, window)
    if not of.viewer.may(Permission.CONTACT_VIEW):
        return Missed(definition, of.viewer, len(late))
    with as_program():
        people = visible_people(of.viewer, Permission.CONTACT_VIEW)
        there = set(people.filter(pk__any_of=[one.person for one in late]).values_list("pk", flat=True))
    # One person may stand here for two diseases: rows are numbered by their place.
    places = tuple(place for place, one in enumerate(late) if one.person in there)

    def rows(viewer: Viewer, numbers: Sequence[int]) -> list[Row]:
        asked = visible_people(viewer, Permission.CONTACT_VIEW).select_related("unit")
        found = {person.pk: person for person in asked.filter(pk__any_of=[late[n].person for n in numbers])}
        return [
            _contact_row(viewer, found[late[n].person], late[n]) for n in numbers if late[n].person in found
        ]

    return Missed(definition, of.viewer, len(late), places, rows)


def _contact_row(viewer: Viewer, person: Any, late: Late) -> Row:
    wanting = []
    if not late.told:
        wanting.append(
            _("spoken to late: %(at)s") % {"at": _moment(late.told_at)}
            if late.told_at
            else _("not spoken to")
        )
    if not late.apart:
        wanting.append(
            _("order signed late: %(at)s") % {"at": _moment(late.signed_at)}
            if late.signed_at
            else _("no order of quarantine")
        )
    steps = [
        (not late.told_at, Permission.FOLLOWUP_RECORD, _("Check"), "followup:of_person"),
        (not late.signed_at, Permission.ORDER_DRAFT, _("Draft an order"), "orders:new"),
    ]
    return Row(
        person.public_id,
        person,
        person.unit.name if person.unit else "",
        reverse("contacts:of_person", args=[person.public_id]),
        "; ".join(wanting),
        late.listed_at,
        tuple(
            Step(title, reverse(name, args=[person.public_id]))
            for wanted, permission, title, name in steps
            if wanted and viewer.may(permission)
        ),
    )


def _followups(of: Scope, definition: Definition, window: Window) -> Missed:
    found = {one.followup: one for one in unseen(of, window)}
    if not of.viewer.may(Permission.CONTACT_VIEW):
        return Missed(definition, of.viewer, len(found))
    with as_program():
        visible = visible_followups(of.viewer).filter(pk__any_of=list(found))
        there = set(visible.values_list("pk", flat=True))

    def rows(viewer: Viewer, numbers: Sequence[int]) -> list[Row]:
        asked = visible_followups(viewer).select_related("person__unit").filter(pk__any_of=list(numbers))
        followups = {followup.pk: followup for followup in asked}
        return [_followup_row(viewer, followups[pk], found[pk]) for pk in numbers if pk in followups]

    return Missed(definition, of.viewer, len(found), tuple(pk for pk in found if pk in there), rows)


def _followup_row(viewer: Viewer, followup: Any, unseen_of: Unseen) -> Row:
    wanting = ngettext("%(n)d day not seen", "%(n)d days not seen", unseen_of.days) % {"n": unseen_of.days}
    if unseen_of.seen_on is not None:
        last = date_format(unseen_of.seen_on, "SHORT_DATE_FORMAT")
        wanting += "; " + _("last seen on %(day)s") % {"day": last}
    person, url = followup.person, reverse("followup:detail", args=[followup.public_id])
    check = followup.ended_at is None and viewer.may(Permission.FOLLOWUP_RECORD)
    steps = (Step(_("Check"), reverse("followup:check", args=[followup.public_id])),) if check else ()
    return Row(
        followup.public_id, person, person.unit.name if person.unit else "", url, wanting, followup.began_on, steps
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")
