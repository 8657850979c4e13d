"""Reads of samples and results. Whoever may take samples of a person sees them; a laboratory those sent to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, Prefetch, Q, QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import under
from tuyendau.records.cases.models import Case, Effect, Sample, TestResult
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import living_in, within

LATE = timedelta(hours=24)
"""A result that is awaited for longer is asked after."""


@dataclass(frozen=True, slots=True)
class SampleFilter:
    """What the list of samples is narrowed to; `laboratory` is a public id of a site.

    `results` are what a result that stands must say. `first_from` and `first_to` bound the first result of a sample.
    `unit` is a code valid on `unit_on`: of people who live at or below it.
    """

    q: str = ""
    disease: str = ""
    laboratory: str = ""
    awaited: bool = True
    late: bool = False
    waits: bool = False
    taken_from: datetime | None = None
    taken_to: datetime | None = None
    first_from: datetime | None = None
    first_to: datetime | None = None
    results: tuple[str, ...] = ()
    unit: str = ""
    unit_on: date | None = None


def _reach(viewer: Viewer, permission: Permission) -> Q:
    """The condition that a sample is of a person in reach, or was sent to a laboratory of the viewer's."""
    reach = within(viewer, permission, person="person__") if viewer.may(permission) else Q(pk__in=[])
    paths = viewer.paths(Permission.RESULT_RECORD, ScopeKind.SITE)
    if paths:
        reach |= Q(laboratory__in=Site.objects.filter(under(paths)))
    return reach


def samples_in_reach(viewer: Viewer) -> QuerySet[Sample]:
    """The samples that the viewer may see; `read` tells them. Raises `Denied`."""
    viewer.require(Permission.SAMPLE_TAKE)
    return Sample.objects.filter(_reach(viewer, Permission.SAMPLE_TAKE))


def read(found: QuerySet[Sample], first: int = 0, most: int = 500) -> list[Sample]:
    """Samples of `found`, from `first` on, each with its `current` results, its person and its case.

    They are found by the program and read by whoever asks, whom the database lets see only their own. Of whose sample
    was sent to it a laboratory then sees what stands on the slip, though the person's record is out of its reach.
    """
    with as_program():
        numbers = list(found.values_list("pk", flat=True)[first : first + most])
    current = TestResult.objects.filter(corrected_by=None).order_by("resulted_at", "pk")
    seen = {
        sample.pk: sample
        for sample in Sample.objects.filter(pk__any_of=numbers)
        .select_related("laboratory", "taken_by")
        .prefetch_related(Prefetch("results", queryset=current, to_attr="current"))
    }
    samples: list[Sample] = [seen[number] for number in numbers if number in seen]
    with as_program():
        people = Person.objects.in_bulk({sample.person_id for sample in samples})
        cases = Case.objects.in_bulk({sample.case_id for sample in samples if sample.case_id})
    for sample in samples:
        sample.person = people[sample.person_id]
        sample.case = cases[sample.case_id] if sample.case_id else None
    return samples


def recordable_samples(viewer: Viewer) -> QuerySet[Sample]:
    """The samples of which the viewer may record results. Raises `Denied`."""
    viewer.require(Permission.RESULT_RECORD)
    return Sample.objects.filter(_reach(viewer, Permission.RESULT_RECORD))


def sample_by_public_id(viewer: Viewer, public_id: str) -> Sample:
    """One sample with its person, laboratory, case and results. Raises `Denied`, Sample.DoesNotExist."""
    found = read(samples_in_reach(viewer).filter(public_id=public_id))
    if not found:
        raise Sample.DoesNotExist(public_id)
    return found[0]


def samples_of_person(viewer: Viewer, person: Person) -> list[Sample]:
    """The samples of a person that the viewer may see, latest first, each with its `current` results."""
    return read(samples_in_reach(viewer).filter(person=person).order_by("-taken_at", "-pk"))


def results_of_sample(sample: Sample) -> list[TestResult]:
    """Every result of a sample, corrected ones too, in the order of recording; for whoever may see the sample."""
    found = TestResult.objects.filter(sample=sample).select_related(
        "recorded_by", "corrected_by", "laboratory"
    )
    return list(found.order_by("recorded_at", "pk"))


def samples_wanted(viewer: Viewer, wanted: SampleFilter, *, at: datetime) -> QuerySet[Sample]:
    """The list of samples as filtered: awaited ones oldest first, others latest first. `read` tells them."""
    found = samples_in_reach(viewer)
    if wanted.disease:
        found = found.filter(disease=wanted.disease)
    if wanted.laboratory:
        found = found.filter(laboratory__public_id=wanted.laboratory)
    if wanted.q:
        found = found.filter(number__startswith=wanted.q.strip())
    if wanted.taken_from:
        found = found.filter(taken_at__gte=wanted.taken_from)
    if wanted.taken_to:
        found = found.filter(taken_at__lt=wanted.taken_to)
    if wanted.unit and wanted.unit_on is not None:
        found = found.filter(living_in(wanted.unit, wanted.unit_on, person="person__"))
    found = _resulted(found, wanted)
    if wanted.waits:
        return found.filter(pk__in=_waiting()).order_by("-taken_at", "-pk")
    if wanted.awaited:
        found = found.filter(resulted_at=None)
        if wanted.late:
            found = found.filter(taken_at__lt=at - LATE)
        return found.order_by("taken_at", "pk")
    return found.order_by("-taken_at", "-pk")


def _resulted(found: QuerySet[Sample], wanted: SampleFilter) -> QuerySet[Sample]:
    if wanted.results:
        stands = TestResult.objects.filter(corrected_by=None, result__in=wanted.results)
        found = found.filter(pk__in=stands.values("sample"))
    if wanted.first_from or wanted.first_to:
        found = found.annotate(first_at=Min("results__resulted_at"))
    if wanted.first_from:
        found = found.filter(Q(**{"first_at__gte": wanted.first_from}))
    return found.filter(Q(**{"first_at__lt": wanted.first_to})) if wanted.first_to else found


def _waiting() -> Any:
    return TestResult.objects.filter(effect=Effect.WAITS, corrected_by=None).values("sample")


@as_program()
def laboratories(viewer: Viewer) -> list[Site]:
    """Sites to which samples can be sent: laboratories and hospitals, and whatever received one before."""
    viewer.require(Permission.SAMPLE_TAKE)
    sent = Sample.objects.exclude(laboratory=None).values("laboratory").distinct()
    return list(Site.objects.filter(Q(kind__in=["laboratory", "hospital"]) | Q(pk__in=sent)).order_by("name"))


@dataclass(frozen=True, slots=True)
class DueSamples:
    """What waits: results awaited for more than `LATE`, since when the first; positives that wait for a decision."""

    late: int
    oldest: datetime | None
    waiting: int


@as_program()
def due_samples(viewer: Viewer, on: datetime) -> DueSamples:
    """What of samples waits for the viewer at a moment; nothing for who takes none."""
    if not viewer.may(Permission.SAMPLE_TAKE):
        return DueSamples(0, None, 0)
    mine = Sample.objects.filter(_reach(viewer, Permission.SAMPLE_TAKE))
    late = mine.filter(resulted_at=None, taken_at__lt=on - LATE)
    oldest = late.order_by("taken_at").values_list("taken_at", flat=True).first()
    waiting = mine.filter(pk__in=_waiting()).count() if viewer.may(Permission.CASE_DECIDE) else 0
    return DueSamples(late.count() if oldest else 0, oldest, waiting)


@as_program()
def positive_tests(case: Case) -> frozenset[str]:
    """The kinds of test that were positive of a case's samples; for whoever may see the case."""
    found = TestResult.objects.filter(sample__case=case, result="positive", corrected_by=None)
    return frozenset(found.values_list("test", flat=True))
