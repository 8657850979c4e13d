"""Beginning, finishing and taking up an interview. Finishing takes what was told into the records, and traces once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.access import Denied, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.actions import Difference, trace_case
from tuyendau.records.interviews.actions.errors import InterviewRefused, held
from tuyendau.records.interviews.actions.linking import link_named
from tuyendau.records.interviews.models import Interview, InterviewState, Stay, Verdict
from tuyendau.records.interviews.queries import answers_of, cases_to_ask, values_of
from tuyendau.records.people.models import Person
from tuyendau.records.visits import actions as visits
from tuyendau.records.visits.models import ToldBy, Visit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What finishing changed: visits by verdict, people linked, people new on record, and the case's list."""

    confirmed: int
    denied: int
    corrected: int
    added: int
    linked: int
    new_people: int
    difference: Difference | None = None


@as_program()
def begin(case_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Interview:
    """Begin the interview of a case (a public id); one that is under way is gone on with.

    Raises Case.DoesNotExist where the case is out of reach, and `Denied`.
    """
    case = cases_to_ask(viewer).select_for_update(of=("self",)).get(public_id=case_id)
    under_way = Interview.objects.filter(case=case, state=InterviewState.BEGUN).first()
    if under_way is not None:
        return under_way
    made = Interview.objects.create(case=case, begun_at=at, begun_by_id=by.pk)
    audit.record("interview.begun", by=by, at=at, subject=case.public_id, data={"interview": made.public_id})
    return made


@as_program()
def take_up(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Interview:
    """Go on with an interview that was finished. Raises `InterviewRefused` where another of the case is under way."""
    interview = held(public_id, viewer, begun=False)
    if interview.state == InterviewState.BEGUN:
        return interview
    if Interview.objects.filter(case=interview.case, state=InterviewState.BEGUN).exists():
        raise InterviewRefused(_("Another interview of this case is under way. Go on with that one."))
    interview.state = InterviewState.BEGUN
    interview.save(update_fields=["state"])
    audit.record(
        "interview.taken_up", by=by, at=at, subject=interview.case.public_id, data={"interview": public_id}
    )
    return interview


def finish(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Outcome:
    """Take what was told into the visits and contacts, end the interview, and trace the case once.

    All that was told is taken in or nothing: raises `InterviewRefused`, which names the stay that cannot be, and
    Interview.DoesNotExist. Tracing follows in a transaction of its own, since it reads only what is committed.
    """
    taken = _take_in(public_id, viewer, by, at)
    return replace(taken, difference=_traced(public_id, by, at))


@as_program()
def _take_in(public_id: str, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Outcome:
    # The case first, as everybody does who rewrites its list.
    case = Case.objects.select_for_update().filter(interviews__public_id=public_id).first()
    interview = held(public_id, viewer)
    if case is None:
        raise Interview.DoesNotExist
    told_by = values_of(answers_of(interview)).get("told_by") or ToldBy.PERSON
    said = {"viewer": viewer, "by": by, "at": at}
    counts = dict.fromkeys(Verdict.values, 0)
    waiting = Stay.objects.filter(interview=interview, taken_at__isnull=True, site__isnull=False)
    for stay in waiting.select_related("site").order_by("start", "pk"):
        _take(stay, case.person, told_by, said)
        counts[stay.verdict] += 1
    waiting.update(taken_at=at)
    linked, new = link_named(interview, case, told_by, by=by, at=at)
    interview.state, interview.finished_at, interview.finished_by_id = InterviewState.FINISHED, at, by.pk
    interview.save(update_fields=["state", "finished_at", "finished_by"])
    data = counts | {"interview": public_id, "linked": linked, "new_people": new}
    audit.record("interview.finished", by=by, at=at, subject=case.public_id, data=data)
    return Outcome(
        counts[Verdict.CONFIRMED],
        counts[Verdict.DENIED],
        counts[Verdict.CORRECTED],
        counts[Verdict.ADDED],
        linked,
        new,
    )


@as_program()
def _traced(public_id: str, by: AbstractBaseUser, at: datetime) -> Difference | None:
    """Trace the case of an interview, if it is confirmed."""
    case = Case.objects.select_for_update().get(interviews__public_id=public_id)
    return trace_case(case, by=by, at=at) if case.status == CaseStatus.CONFIRMED else None


def _take(stay: Stay, person: Person, told_by: str, said: dict[str, Any]) -> None:
    """Have the visits say what was told of one stay. A visit that is gone meanwhile is denied already."""
    if stay.site is None:
        return
    try:
        if stay.known_start and stay.known_end:
            key = visits.Key(person.public_id, stay.site.public_id, stay.known_start, stay.known_end)
            if not _settle(stay, key, said):
                return
        if stay.verdict != Verdict.DENIED:
            visits.record_interview(
                person.public_id,
                stay.site.code,
                stay.start,
                stay.end,
                told_by=told_by,
                note=stay.note,
                **said,
            )
    except visits.CorrectionRefused as error:
        raise InterviewRefused(_refusal(stay, str(error))) from error
    except (Denied, Person.DoesNotExist) as error:
        raise InterviewRefused(
            _refusal(
                stay,
                _(
                    "you may not record where this person was. Correct their commune on their page, or have somebody "
                    "finish the interview who answers for it."
                ),
            )
        ) from error


def _settle(stay: Stay, key: visits.Key, said: dict[str, Any]) -> bool:
    """Correct or take out the visit that was asked about; whether there is anything left to record."""
    ground = stay.note or _("told in the interview")
    try:
        if stay.verdict == Verdict.DENIED:
            visits.remove_visit(key, ground=ground, **said)
            return False
        visit = Visit.objects.filter(
            person__public_id=key.person, site__public_id=key.site, start=key.start, end=key.end
        ).first()
        if stay.verdict == Verdict.CORRECTED or (visit is not None and visit.end_assumed):
            visits.correct_visit(key, stay.start, stay.end, ground=ground, **said)
    except Visit.DoesNotExist:
        return stay.verdict != Verdict.DENIED
    return True


def _refusal(stay: Stay, why: str) -> str:
    return _("%(site)s, %(when)s: %(why)s") % {
        "site": stay.site or stay.words,
        "when": date_format(localtime(stay.start), "SHORT_DATETIME_FORMAT"),
        "why": why,
    }
