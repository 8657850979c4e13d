"""Events in words. What stands for a place or a role is told by the apps above, which register themselves here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from django.contrib.auth import get_user_model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.core.audit.models import Event
from tuyendau.core.audit.queries.chain import Break, Fault

KINDS: dict[str, str | Promise] = {
    "audit.exported": gettext_lazy("Took the record of events away"),
    "audit.read": gettext_lazy("Looked into the record of events"),
    "boundaries.drawn": gettext_lazy("Drew approximate outlines of communes"),
    "boundaries.loaded": gettext_lazy("Loaded outlines of units"),
    "case.completed": gettext_lazy("Added to the case what a list says of it"),
    "case.confirmed": gettext_lazy("Confirmed the case"),
    "case.contacts_read": gettext_lazy("Looked at the contact list of the case"),
    "case.contacts_taken_back": gettext_lazy("Took the contacts of the case back"),
    "case.dates_corrected": gettext_lazy("Corrected the dates of the case"),
    "case.discarded": gettext_lazy("Discarded the case"),
    "case.edited": gettext_lazy("Changed the case"),
    "case.presence_read": gettext_lazy("Looked at where the case was"),
    "case.probable": gettext_lazy("Classified the case as probable"),
    "case.read": gettext_lazy("Looked at the case"),
    "case.reported": gettext_lazy("Reported a suspected case"),
    "case.suspected": gettext_lazy("Opened the case again as suspected"),
    "case.traced": gettext_lazy("Traced the contacts of the case"),
    "cases.exported": gettext_lazy("Took the line list away"),
    "cases.imported": gettext_lazy("Imported cases"),
    "cases.searched": gettext_lazy("Searched the cases"),
    "contacts.exported": gettext_lazy("Took the contact list of the case away"),
    "contacts.reported": gettext_lazy("Recorded contacts that were reported"),
    "demo.begun": gettext_lazy("Began to load the demonstration"),
    "demo.loaded": gettext_lazy("Loaded the demonstration"),
    "device.added": gettext_lazy("Made a device"),
    "device.closed": gettext_lazy("Closed a device"),
    "device.key_made": gettext_lazy("Made a key of a device"),
    "device.key_revoked": gettext_lazy("Revoked a key of a device"),
    "encounters.added": gettext_lazy("Added encounters"),
    "file.imported": gettext_lazy("Imported a file"),
    "import.applied": gettext_lazy("Took the rows of an import in"),
    "import.dropped": gettext_lazy("Put an import aside"),
    "import.read": gettext_lazy("Looked at the rows of an import"),
    "import.rows_exported": gettext_lazy("Took the bad rows of an import away"),
    "import.staged": gettext_lazy("Brought a file for import"),
    "import.undone": gettext_lazy("Took an import back"),
    "map.layer_exported": gettext_lazy("Took a layer of the map away"),
    "map.layer_read": gettext_lazy("Read a layer of the map with a tool"),
    "map.pictured": gettext_lazy("Took a picture of the map away"),
    "map.read": gettext_lazy("Looked at a layer of the map"),
    "indicator.read": gettext_lazy("Looked at whom an indicator misses"),
    "people.added": gettext_lazy("Added people from a list"),
    "people.assigned": gettext_lazy("Recorded where people belong"),
    "people.batch_planned": gettext_lazy("Planned to join people who are one"),
    "people.batch_undone": gettext_lazy("Took a joining of many people back"),
    "people.duplicates_found": gettext_lazy("Looked for people recorded twice"),
    "people.searched": gettext_lazy("Searched for people"),
    "person.added": gettext_lazy("Added a person"),
    "person.assigned": gettext_lazy("Recorded where the person belongs"),
    "person.assignment_ended": gettext_lazy("Ended where the person belongs"),
    "person.edited": gettext_lazy("Corrected what is known of the person"),
    "person.kept_apart": gettext_lazy("Decided that two records are two people"),
    "person.merged": gettext_lazy("Joined two records of one person"),
    "person.presence_read": gettext_lazy("Looked at where the person was"),
    "person.read": gettext_lazy("Looked at the person"),
    "person.unmerged": gettext_lazy("Took two records of one person apart again"),
    "pseudonyms.cases_exported": gettext_lazy("Took the line list away under pseudonyms"),
    "pseudonyms.contacts_exported": gettext_lazy("Took contacts away under pseudonyms"),
    "pseudonyms.parks_exported": gettext_lazy("Took the counts of a park away"),
    "pseudonyms.read": gettext_lazy("Looked at lists without names"),
    "result.corrected": gettext_lazy("Corrected the result of a sample"),
    "result.decided": gettext_lazy("Decided on a positive result after the case was discarded"),
    "result.recorded": gettext_lazy("Recorded the result of a sample"),
    "retention.approved": gettext_lazy("Approved a version of the periods of retention"),
    "retention.carried_out": gettext_lazy("Removed what was kept long enough"),
    "retention.changed": gettext_lazy("Proposed other periods of retention"),
    "retention.held": gettext_lazy("Kept data of the person from removal"),
    "retention.released": gettext_lazy("Ended the keeping from removal"),
    "sample.read": gettext_lazy("Looked at the sample"),
    "sample.taken": gettext_lazy("Recorded a sample"),
    "samples.printed": gettext_lazy("Took a list of samples away"),
    "samples.read": gettext_lazy("Looked at samples"),
    "site.presence_read": gettext_lazy("Looked at who was at the site"),
    "sites.loaded": gettext_lazy("Loaded sites"),
    "units.linked": gettext_lazy("Linked units to those that followed them"),
    "units.loaded": gettext_lazy("Loaded administrative units"),
    "user.added": gettext_lazy("Made an account"),
    "user.codes_made": gettext_lazy("Made recovery codes"),
    "user.disabled": gettext_lazy("Closed an account"),
    "user.enabled": gettext_lazy("Opened an account again"),
    "user.factor_added": gettext_lazy("Added a second factor"),
    "user.factor_removed": gettext_lazy("Removed a second factor"),
    "user.factor_reset": gettext_lazy("Reset the second factor of an account"),
    "user.key_made": gettext_lazy("Made a key for a tool"),
    "user.key_revoked": gettext_lazy("Revoked a key of a tool"),
    "user.password_changed": gettext_lazy("Changed their own password"),
    "user.password_set": gettext_lazy("Gave an account another password"),
    "user.role_approved": gettext_lazy("Approved a role"),
    "user.role_ended": gettext_lazy("Ended a role"),
    "user.role_given": gettext_lazy("Gave a role"),
    "user.sessions_ended": gettext_lazy("Ended the sessions of an account"),
    "user.unlocked": gettext_lazy("Unlocked an account"),
    "visit.corrected": gettext_lazy("Corrected a visit"),
    "visit.in": gettext_lazy("Recorded that the person came in"),
    "visit.out": gettext_lazy("Recorded that the person went out"),
    "visit.removed": gettext_lazy("Removed a visit"),
    "visits.added": gettext_lazy("Added visits"),
    "visits.corrected": gettext_lazy("Corrected visits"),
    "visits.dropped": gettext_lazy("Dropped days of presence"),
}
"""What each kind of event says. An app that writes events of its own kinds adds them with `name_kinds`."""

Names = Callable[[Iterable[str]], Mapping[str, str]]
_namers: dict[str, Names] = {}
_GRANT = re.compile(r"(\w+)@(unit|site):([^\s;]+)")


def name_kinds(kinds: Mapping[str, str | Promise]) -> None:
    """Say what further kinds of events are in words. Call it in AppConfig.ready."""
    KINDS.update(kinds)


def name_by(what: str, names: Names) -> None:
    """Have `names` give the words of roles (`what` "role": codes), units ("unit") or sites ("site": paths).

    Call it in AppConfig.ready.
    """
    _namers[what] = names


def kind_in_words(kind: str) -> str:
    """What happened, in the reader's language; the kind itself where nobody named it."""
    return str(KINDS.get(kind, kind))


def subjects_in_words(events: Iterable[Event]) -> dict[str, str]:
    """What stands for each subject: the name of a user or of a list; ids of people, cases and the like stay ids."""
    subjects = {event.subject for event in events}
    lists = {
        "cases": _("all cases"),
        "people": _("all people"),
        "pseudonyms": _("lists without names"),
        "audit": _("record of events"),
        "map": _("the map"),
    }
    numbers = [int(s[5:]) for s in subjects if s.startswith("user:") and s[5:].isdecimal() and len(s) < 15]
    users = get_user_model().objects.in_bulk(numbers) if numbers else {}
    named = {f"user:{pk}": _("user %(name)s") % {"name": user.get_username()} for pk, user in users.items()}
    return {subject: named.get(subject) or lists.get(subject, subject) for subject in subjects}


def grounds_in_words(events: Iterable[Event]) -> dict[int, str]:
    """For each event (row number) its ground in words: the roles with their places, or what somebody wrote."""
    events = list(events)
    grants = {match.groups() for event in events for match in _GRANT.finditer(event.ground)}
    words = {"role": _named("role", {role for role, _, _ in grants})}
    for kind in ("unit", "site"):
        words[kind] = _named(kind, {path for _, of, path in grants if of == kind})

    def spoken(match: re.Match[str]) -> str:
        role, kind, path = match.groups()
        return f"{words['role'].get(role, role)}, {words[kind].get(path, path)}"

    return {event.pk: _GRANT.sub(spoken, event.ground) for event in events}


def _named(what: str, keys: set[str]) -> Mapping[str, str]:
    return _namers[what](keys) if keys and what in _namers else {}


def break_in_words(found: Break) -> str:
    """One fault of the chain, with the number of the event, in the reader's language."""
    told = {"seq": found.seq, "event": found.event, "until": found.until, "name": found.name}
    words = {
        Fault.CHANGED: _("Event %(event)s, number %(seq)s in the chain, was changed."),
        Fault.REMOVED: _("Event %(event)s, number %(seq)s in the chain, was removed."),
        Fault.REORDERED: _(
            "Event %(event)s was put at number %(seq)s in the chain, where another one stood."
        ),
        Fault.LINKS_REMOVED: _("The numbers %(seq)s to %(until)s of the chain were removed."),
        Fault.UNCHAINED: _("Event %(event)s stands outside the chain."),
        Fault.UNGUARDED: _("The database's own guard %(name)s is switched off."),
        Fault.CUT: _(
            "The chain no longer has what was noted at number %(seq)s: its end was cut off, or it was computed anew."
        ),
    }
    return words[found.fault] % told
