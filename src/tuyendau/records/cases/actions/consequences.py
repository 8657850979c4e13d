"""What a positive result does to the case of its person, by the disease's definition, in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions.cases import decided, gather_samples, lock_person
from tuyendau.records.cases.actions.refusals import SampleRefused
from tuyendau.records.cases.models import Case, CaseStatus, Effect, Sample, TestResult
from tuyendau.records.cases.queries import decidable_cases
from tuyendau.science.epi.diseases import disease

_EFFECTS = {
    rules.Status.SUSPECTED: Effect.OPENED,
    rules.Status.PROBABLE: Effect.PROBABLE,
    rules.Status.CONFIRMED: Effect.CONFIRMED,
}


def follow(sample: Sample, made: TestResult, *, by: AbstractBaseUser | None, at: datetime) -> Effect:
    """Let a positive open the person's case, or take it further; a later negative never comes here.

    The caller holds the person's row locked, so that two positives of one person open one case. Whoever subscribed to
    what happens to the case acts in this transaction too: a confirmed one is traced.
    """
    cases = Case.objects.filter(person=sample.person_id, disease=sample.disease).select_for_update(
        of=("self",)
    )
    case = cases.exclude(status=CaseStatus.DISCARDED).first()
    taken = clock.local_day(sample.taken_at)
    since = taken - rules.results.ASKED_AGAIN
    discarded = cases.filter(status=CaseStatus.DISCARDED, reported_on__gte=since).order_by("-pk").first()
    what = rules.results.consequence(
        disease(sample.disease).test(made.test).means(taken),
        rules.Status(case.status) if case is not None else None,
        discarded_lately=discarded is not None,
    )
    if what.waits:
        sample.case = discarded
        return Effect.WAITS
    if case is None and what.opens:
        case = _opened(sample, by=by, at=at)
    if case is None:
        return Effect.NONE
    sample.case = case
    _take_dates(case, sample, made, by=by, at=at, become=what.become)
    if what.become is None or what.become is rules.Status(case.status):
        return Effect.OPENED if what.opens else Effect.NONE
    decided(case, what.become, by=by, at=at, ground=_ground(sample, made))
    return _EFFECTS[what.become]


def _opened(sample: Sample, *, by: AbstractBaseUser | None, at: datetime) -> Case:
    """A suspected case of the sample's person, reported now."""
    case = Case.objects.create(
        person=sample.person,
        unit_id=sample.person.unit_id,
        disease=sample.disease,
        reported_on=clock.local_day(at),
    )
    gather_samples(case)
    data = {"disease": sample.disease, "sample": sample.public_id}
    audit.record("case.reported", by=by, at=at, subject=case.public_id, data=data)
    return case


def _take_dates(
    case: Case,
    sample: Sample,
    made: TestResult,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    become: rules.Status | None,
) -> None:
    """Bring the days of sample and result to the case: of the test that decides, and of a positive before it.

    A case that is confirmed already keeps its own, but for a sample that was positive earlier: it was infectious then,
    and is traced anew.
    """
    taken, resulted = clock.local_day(sample.taken_at), clock.local_day(made.resulted_at)
    before = {name: str(getattr(case, name) or "") for name in ("sampled_on", "result_on")}
    positive = TestResult.objects.filter(sample__case=case, result="positive", corrected_by=None)
    first = min([taken, *(clock.local_day(t) for t in positive.values_list("sample__taken_at", flat=True))])
    if become is not None:
        case.sampled_on, case.result_on = first, resulted
    elif case.sampled_on is None or first < case.sampled_on:
        case.sampled_on = first
        case.result_on = case.result_on or resulted
    after = {name: str(getattr(case, name) or "") for name in before}
    if after == before:
        return
    case.version += 1
    case.save(update_fields=["sampled_on", "result_on", "version"])
    data = {"before": before, "sample": sample.public_id, "version": case.version}
    # Whoever confirms traces anyway.
    kind = "case.edited" if become is not None else "case.dates_corrected"
    audit.record(kind, by=by, at=at, subject=case.public_id, data=data)


def _ground(sample: Sample, made: TestResult) -> str:
    """The ground of what a result decided, as the event keeps it: the same words in the language of the register."""
    name = disease(sample.disease).test(made.test).name["vi"]
    ct = f", Ct {made.ct}" if made.ct is not None else ""
    return f"{name} (+){ct}, mẫu {sample.number}"


@as_program()
def decide_waiting(
    public_id: str, *, reopen: bool, ground: str, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> TestResult:
    """Decide on a positive that came after its case was discarded: open the case again, or set the result aside.

    Reopened, the case becomes what the result makes of it by the disease's definition. Raises `SampleRefused` without
    a ground or where it no longer waits, Case.DoesNotExist where the viewer may not decide on the case.
    """
    if not ground.strip():
        text = _("Say on what ground.")
        raise SampleRefused(text, {"ground": text})
    with transaction.atomic():
        of_person = Sample.objects.filter(results__public_id=public_id).values_list("person_id", flat=True)
        lock_person(of_person.first() or 0)
        made = (
            TestResult.objects.select_for_update(of=("self",))
            .select_related("sample__person", "sample__case")
            .filter(public_id=public_id)
            .first()
        )
        if made is None or made.sample.case_id is None:
            raise Case.DoesNotExist(public_id)
        case = decidable_cases(viewer).select_for_update(of=("self",)).get(pk=made.sample.case_id)
        if made.effect != Effect.WAITS or made.corrected_by_id is not None:
            raise SampleRefused(_("Somebody has decided on this result already."))
        made.effect = Effect.SET_ASIDE
        if reopen:
            if case.status == CaseStatus.DISCARDED:
                decided(case, rules.Status.SUSPECTED, by=by, at=at, ground=ground)
            made.effect = follow(made.sample, made, by=by, at=at)
            made.sample.save(update_fields=["case"])
        made.save(update_fields=["effect"])
        data = {"case": case.public_id, "effect": made.effect, "ground": ground[:500]}
        audit.record("result.decided", by=by, at=at, subject=made.sample.public_id, data=data)
        return made
