"""Taking an applied import back, as long as nobody has built on what it brought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import Event, acts_since, kind_in_words
from tuyendau.insight.exchange.actions.staging.applying import StagedRefused
from tuyendau.insight.exchange.forms.specs import SPECS
from tuyendau.insight.exchange.models import StagedImport, State
from tuyendau.insight.exchange.queries.register import KEPT_OF_PEOPLE
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions import CaseRefused, classify, complete, correct_dates
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Exposure
from tuyendau.records.people.models import Assignment, Person
from tuyendau.records.visits.models import Visit

SHOWN = 20


def _made(staged: StagedImport) -> list[dict[str, Any]]:
    """What applying wrote, the last first."""
    kept = staged.rows.exclude(made={}).order_by("-number").values_list("made", flat=True)
    return [each for made in kept for each in made["all"]]


@as_program()
def hindrances(staged: StagedImport) -> list[str]:
    """What stands in the way of taking an applied import back: everything that somebody did with it since."""
    made = _made(staged)
    if any("result" in each for each in made):
        return [
            _("A result of a test is not taken back: a wrong one is corrected on its page, with the reason.")
        ]
    cases = Case.objects.in_bulk([each["case"] for each in made if "case" in each])
    people = Person.objects.in_bulk([each["person"] for each in made if _new_person(each)])
    subjects = {case.public_id: case.code or case.public_id for case in cases.values()}
    subjects |= {person.public_id: str(person) for person in people.values()}
    told = [
        _told(subjects[event.subject], event)
        for event in acts_since(staged.applied_event or 0, subjects.keys())
    ]
    told += _changed_since(made, cases)
    been = Visit.objects.filter(person__in=list(people)).values_list("person", flat=True)
    for person in been.distinct():
        told.append(_("%(who)s: has been somewhere since, by what is on record") % {"who": people[person]})
    return told


def _told(what: str, event: Event) -> str:
    return _("%(what)s: %(event)s (%(who)s, %(when)s)") % {
        "what": what,
        "event": kind_in_words(event.kind),
        "who": event.by.get_full_name() if event.by else "",
        "when": date_format(localtime(event.at), "SHORT_DATETIME_FORMAT"),
    }


def _new_person(each: dict[str, Any]) -> bool:
    return each.get("person") is not None and not each.get("before") and "contact_of" not in each


def _changed_since(made: list[dict[str, Any]], cases: dict[int, Case]) -> Iterator[str]:
    """Cases whose fields are no longer as the import left them, and cases that are gone."""
    for each in made:
        if "case" not in each or "after" not in each or each["case"] not in cases:
            continue
        case = cases[each["case"]]
        for name, value in each["after"].items():
            if _text(getattr(case, name)) != value:
                yield _("%(case)s: “%(field)s” was changed since") % {
                    "case": case.code or case.public_id,
                    "field": name,
                }


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value or "")


def undo(staged: StagedImport, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> dict[str, int]:
    """Take an applied import back: what it made is gone, what it changed is as before. How much, by word.

    A case of which something is left that cannot go stays as a discarded one, without its code; somebody who is
    needed elsewhere by now stays. Raises `StagedRefused` with what stands in the way.
    """
    viewer.require(SPECS[staged.kind].permission)
    with as_program():
        staged = StagedImport.objects.select_for_update(of=("self",)).get(pk=staged.pk)
        if staged.state != State.APPLIED:
            raise StagedRefused(_("This import is %(state)s.") % {"state": staged.get_state_display()})
        if stands := hindrances(staged):
            raise StagedRefused("\n".join(stands[:SHOWN]))
        counts = {"cases": 0, "people": 0, "kept": 0, "restored": 0, "reports": 0}
        try:
            for each in _made(staged):
                _take_back(each, counts, staged, {"viewer": viewer, "by": by, "at": at})
        except (CaseRefused, Case.DoesNotExist) as error:
            raise StagedRefused(str(error)) from error
        staged.state = State.UNDONE
        staged.save(update_fields=["state"])
        staged.rows.update(made={})
        audit.record("import.undone", by=by, at=at, subject=staged.public_id, data=dict(counts))
    return counts


def _take_back(
    each: dict[str, Any], counts: dict[str, int], staged: StagedImport, who: dict[str, Any]
) -> None:
    if "contact_of" in each:
        _take_reports_back(each, counts)
    elif "after" in each and "case" in each:
        _restore_case(each, who)
        counts["restored"] += 1
    elif "case" in each:
        _take_case_back(each, counts, staged, who)
    else:
        _take_person_back(each, counts)


def _take_case_back(
    each: dict[str, Any], counts: dict[str, int], staged: StagedImport, who: dict[str, Any]
) -> None:
    case = Case.objects.get(pk=each["case"])
    if case.status != rules.Status.DISCARDED:
        # Whatever followed from the case is taken back by whoever made it follow.
        ground = _("The import “%(name)s” was taken back.") % {"name": staged.name}
        case = classify(case.public_id, rules.Status.DISCARDED, ground=ground, **who)
    if _gone(case):
        counts["cases"] += 1
    else:
        Case.objects.filter(pk=case.pk).update(code=None)
        counts["kept"] += 1
    if each.get("person") is not None:
        counts["people"] += _gone(Person.objects.get(pk=each["person"]))


def _gone(thing: Case | Person) -> bool:
    """Whether something could be deleted: nothing else refers to it."""
    try:
        with transaction.atomic():
            thing.delete()
    except (ProtectedError, IntegrityError):
        return False
    return True


def _restore_case(each: dict[str, Any], who: dict[str, Any]) -> None:
    case = Case.objects.get(pk=each["case"])
    before = {name: _value(name, text) for name, text in each["before"].items()}
    dates = ("onset_on", "sampled_on", "result_on", "isolated_at")
    if any(name in before for name in dates):
        settled = {name: before.get(name, getattr(case, name)) for name in dates}
        correct_dates(case.public_id, **settled, **who)
    rest = {name: value for name, value in before.items() if name not in (*dates, "status")}
    if rest:
        complete(case.public_id, rest, **who)
    if "status" in before and rules.may_become(
        rules.Status(case.status), rules.Status(str(before["status"]))
    ):
        classify(
            case.public_id, rules.Status(str(before["status"])), ground=_("An import was taken back."), **who
        )


def _value(name: str, text: str) -> Any:
    if name.endswith("_on"):
        return date.fromisoformat(text) if text else None
    if name.endswith("_at"):
        return datetime.fromisoformat(text) if text else None
    return text


def _take_person_back(each: dict[str, Any], counts: dict[str, int]) -> None:
    """Take a row of a list of people back: where it put them, and what it said of them, or them themselves."""
    Assignment.objects.filter(pk__in=each["assignments"]).delete()
    person = Person.objects.filter(pk=each["person"], merged_into=None).first()
    if person is None:
        return
    if each["before"] is None:
        counts["people"] += _gone(person)
        return
    as_left, changed = each["after"] or {}, []
    for name in KEPT_OF_PEOPLE:
        before = each["before"][name]
        if as_left.get(name) != before and _json(getattr(person, name)) == as_left.get(name):
            setattr(person, name, date.fromisoformat(before) if name == "birth_date" and before else before)
            changed.append(name)
    if changed:
        person.save(update_fields=changed)
        counts["restored"] += 1


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else getattr(value, "pk", value)


def _take_reports_back(each: dict[str, Any], counts: dict[str, int]) -> None:
    counts["reports"] += Exposure.objects.filter(pk__in=each["reports"]).delete()[0]
    Contact.objects.filter(case=each["contact_of"], person=each["person"], exposures__isnull=True).delete()
