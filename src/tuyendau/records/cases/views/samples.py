"""Pages of samples: taking one, its results, the list, the quick list of a laboratory, and its print."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Max, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases import actions, queries
from tuyendau.records.cases.forms.samples import CorrectionForm, ResultForm, SampleFilterForm, SampleForm
from tuyendau.records.cases.forms.words import in_language
from tuyendau.records.cases.models import Case, Sample, TestResult
from tuyendau.records.cases.queries.samples import read
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import person_by_public_id
from tuyendau.science.epi.diseases import disease

PAGE = 50
PRINTED = 500
JUST_NOW = timedelta(hours=12)


@require_GET
def samples(request: SignedRequest) -> HttpResponse:
    """Samples as filtered by the URL: at first those whose results are awaited, oldest first."""
    request.viewer.require(Permission.SAMPLE_TAKE)
    form, found = _listed(request)
    with as_program():
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [_shown(sample) for sample in read(found, max(page.start_index() - 1, 0), PAGE)]
    _seen(request, "samples.read", "samples", {"filter": request.GET.urlencode()})
    template = "cases/samples.html#rows" if request.htmx else "cases/samples.html"
    return render(request, template, {"form": form, "page": page, "rows": rows, "now": clock.now()})


@require_GET
def samples_print(request: SignedRequest) -> HttpResponse:
    """The list as filtered, on paper for the laboratory; at most `PRINTED` samples, and it says so."""
    request.viewer.require(Permission.SAMPLE_TAKE)
    form, found = _listed(request)
    rows = [_shown(sample) for sample in read(found, 0, PRINTED + 1)]
    audit.record_export(
        "samples.printed",
        viewer=request.viewer,
        permission=Permission.SAMPLE_TAKE,
        subject="samples",
        at=clock.now(),
        data={"filter": request.GET.urlencode()},
    )
    laboratory = dict(form.fields["laboratory"].choices).get(form.wanted().laboratory or "-")  # type: ignore[attr-defined]
    context = {
        "rows": rows[:PRINTED],
        "more": len(rows) > PRINTED,
        "laboratory": laboratory,
        "now": clock.now(),
    }
    return render(request, "cases/samples_print.html", context)


def _listed(request: SignedRequest) -> tuple[SampleFilterForm, Any]:
    form = SampleFilterForm(
        request.GET or QueryDict("show=awaited"),
        sites=queries.laboratories(request.viewer),
        decides=request.viewer.may(Permission.CASE_DECIDE),
    )
    return form, queries.samples_wanted(request.viewer, form.wanted(), at=clock.now())


@require_http_methods(["GET", "POST"])
def sample_new(request: SignedRequest, person_id: str) -> HttpResponse:
    """Record a sample of a person; another disease chosen offers its specimens."""
    person = _person(request, person_id)
    data = request.POST if request.method == "POST" else None
    form = SampleForm(
        data, sites=queries.laboratories(request.viewer), code=request.GET.get("disease", "covid19")
    )
    if data is not None and "choose" not in data and form.is_valid():
        given = form.cleaned_data
        given["disease_code"] = given.pop("disease")
        try:
            sample = actions.take_sample(
                person, viewer=request.viewer, by=request.user, at=clock.now(), **given
            )
        except actions.SampleRefused as refused:
            _say(form, refused)
        else:
            messages.success(request, _("Sample %(number)s is recorded.") % {"number": sample.number})
            return redirect("samples:detail", sample.public_id)
    return render(request, "cases/sample_new.html", {"form": form, "person": person})


@require_GET
def sample(request: SignedRequest, public_id: str) -> HttpResponse:
    """One sample, what was found in it, and what can be recorded now."""
    found = _sample(request, public_id)
    _seen(request, "sample.read", found.public_id, {"person": found.person.public_id})
    return _sample_page(request, found)


@require_POST
def result_new(request: SignedRequest, public_id: str) -> HttpResponse:
    """Record a result of a sample."""
    request.viewer.require(Permission.RESULT_RECORD)
    found = _sample(request, public_id)
    form = ResultForm(request.POST, sample=found)
    if form.is_valid():
        row = actions.ResultRow(number=found.number, sample=found.public_id, **form.cleaned_data)
        try:
            made = actions.record_result(row, viewer=request.viewer, by=request.user, at=clock.now())
        except actions.SampleRefused as refused:
            _say(form, refused)
        else:
            _tell(request, made)
            return redirect("samples:detail", public_id)
    return _sample_page(request, found, form=form)


@require_POST
def result_correct(request: SignedRequest, public_id: str, result_id: str) -> HttpResponse:
    """Put another result in the place of a wrong one, with the reason."""
    request.viewer.require(Permission.RESULT_RECORD)
    found = _sample(request, public_id)
    form = CorrectionForm(request.POST, sample=found, prefix=result_id)
    if form.is_valid():
        try:
            made = actions.correct_result(
                result_id, viewer=request.viewer, by=request.user, at=clock.now(), **form.cleaned_data
            )
        except TestResult.DoesNotExist:
            form.add_error(None, _("Somebody has corrected this result already. Load the page again."))
        except actions.SampleRefused as refused:
            _say(form, refused)
        else:
            _tell(request, made)
            return redirect("samples:detail", public_id)
    return _sample_page(request, found, correcting={result_id: form})


@require_POST
def result_decide(request: SignedRequest, public_id: str, result_id: str) -> HttpResponse:
    """Decide on a positive that came after its case was discarded."""
    request.viewer.require(Permission.CASE_DECIDE)
    found = _sample(request, public_id)
    try:
        actions.decide_waiting(
            result_id,
            reopen=request.POST.get("act") == "reopen",
            ground=request.POST.get("ground", ""),
            viewer=request.viewer,
            by=request.user,
            at=clock.now(),
        )
    except Case.DoesNotExist as error:
        raise Http404 from error
    except actions.CaseRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your decision is recorded."))
    return redirect("samples:detail", found.public_id)


@require_http_methods(["GET", "POST"])
def results_quick(request: SignedRequest) -> HttpResponse:
    """Results by barcode and keyboard: scan a tube, see whose it is, choose the result, and on to the next."""
    request.viewer.require(Permission.RESULT_RECORD)
    number = request.POST.get("number", "").strip()
    context: dict[str, Any] = {"number": number}
    if number:
        context |= _entered(request, number)
    context["recent"] = [_shown(sample) for sample in read(_just_now(request), 0, 20)]
    with as_program():
        context["awaited"] = queries.recordable_samples(request.viewer).filter(resulted_at=None).count()
    template = "cases/results_quick.html#quick" if request.htmx else "cases/results_quick.html"
    return render(request, template, context)


def _just_now(request: SignedRequest) -> QuerySet[Sample]:
    """The samples of which the user recorded results lately, the latest first."""
    mine = TestResult.objects.filter(recorded_by=request.user, recorded_at__gte=clock.now() - JUST_NOW)
    found = queries.recordable_samples(request.viewer).filter(pk__in=mine.values("sample"))
    return found.annotate(entered=Max("results__recorded_at")).order_by("-entered", "-pk")


def _entered(request: SignedRequest, number: str) -> dict[str, Any]:
    """What the page says of a number that was scanned, or of a result that was given for it."""
    mine = queries.recordable_samples(request.viewer).filter(number=number)
    mine = mine.order_by(F("resulted_at").asc(nulls_first=True), "-taken_at")
    if chosen := request.POST.get("sample"):
        mine = mine.filter(public_id=chosen)
    found = read(mine, 0, 5)
    if not found:
        return {"unknown": True}
    if len(found) > 1:
        return {"several": [_shown(sample) for sample in found]}
    only = found[0]
    if "result" not in request.POST and "ct" not in request.POST:
        return {
            "sample": _shown(only),
            "form": ResultForm(sample=only, test=request.POST.get("last_test", "")),
        }
    form = ResultForm(request.POST, sample=only)
    if form.is_valid():
        row = actions.ResultRow(number=only.number, sample=only.public_id, **form.cleaned_data)
        try:
            made = actions.record_result(row, viewer=request.viewer, by=request.user, at=clock.now())
        except actions.SampleRefused as refused:
            _say(form, refused)
        else:
            return {"done": made, "number": "", "last_test": made.test}
    return {"sample": _shown(only), "form": form}


@require_GET
def samples_of_person(request: SignedRequest, person_id: str) -> HttpResponse:
    """The samples of a person, as a part of their page and of the page of a case."""
    person = _person(request, person_id)
    rows = [_shown(sample) for sample in queries.samples_of_person(request.viewer, person)]
    code = request.GET.get("disease", "covid19")
    context = {"person": person, "rows": rows, "now": clock.now(), "code": code}
    return render(request, "cases/samples_of_person.html", context)


def _shown(sample: Sample) -> dict[str, Any]:
    """A sample with the words of its disease."""
    of = disease(sample.disease)
    current = getattr(sample, "current", [])
    return {
        "sample": sample,
        "disease": in_language(of.name),
        "specimen": in_language(of.specimen(sample.specimen).name),
        "results": [(in_language(of.test(each.test).name), each) for each in current],
        "late": sample.resulted_at is None and sample.taken_at < clock.now() - queries.LATE,
        "hours": sample.resulted_at and (sample.resulted_at - sample.taken_at).total_seconds(),
    }


def _sample_page(
    request: SignedRequest,
    found: Sample,
    *,
    form: ResultForm | None = None,
    correcting: dict[str, CorrectionForm] | None = None,
) -> HttpResponse:
    with as_program():
        records = request.viewer.may(Permission.RESULT_RECORD) and (
            queries.recordable_samples(request.viewer).filter(pk=found.pk).exists()
        )
        decides = found.case is not None and queries.decides(request.viewer, found.case)
        sees = _sees(request, found.case)
        knows = request.viewer.may(Permission.PERSON_VIEW) and _knows(request, found)
    results = [
        {
            "result": each,
            "test": disease(found.disease).test(each.test),
            "form": _correction(found, each, correcting or {})
            if records and not each.corrected_by_id
            else None,
            "errors": bool(correcting and each.public_id in correcting),
        }
        for each in queries.results_of_sample(found)
    ]
    context = _shown(found) | {
        "results_all": results,
        "form": form or (ResultForm(sample=found) if records else None),
        "decides": decides,
        "sees_case": sees,
        "knows": knows,
        "now": clock.now(),
    }
    return render(request, "cases/sample.html", context)


def _sees(request: SignedRequest, case: Case | None) -> bool:
    if case is None or not request.viewer.may(Permission.CASE_VIEW):
        return False
    return bool(queries.visible_cases(request.viewer).filter(pk=case.pk).exists())


def _knows(request: SignedRequest, found: Sample) -> bool:
    try:
        person_by_public_id(request.viewer, found.person.public_id)
    except Person.DoesNotExist:
        return False
    return True


def _correction(found: Sample, result: TestResult, given: dict[str, CorrectionForm]) -> CorrectionForm:
    if result.public_id in given:
        return given[result.public_id]
    initial = {"result": result.result, "ct": result.ct, "resulted_at": result.resulted_at}
    return CorrectionForm(sample=found, prefix=result.public_id, initial=initial)


def _tell(request: SignedRequest, made: TestResult) -> None:
    """Say what a result did."""
    if made.effect:
        messages.success(
            request, _("The result is recorded: it %(effect)s.") % {"effect": made.get_effect_display()}
        )
    else:
        messages.success(request, _("The result is recorded."))


def _say(form: Any, refused: actions.CaseRefused) -> None:
    """Put a refusal beside the fields that it names, or above the form."""
    known = {name: text for name, text in refused.fields.items() if name in form.fields}
    for name, text in known.items():
        form.add_error(name, text)
    if not known:
        form.add_error(None, str(refused))


def _seen(request: SignedRequest, kind: str, subject: str, data: dict[str, Any]) -> None:
    audit.record_read(
        kind,
        viewer=request.viewer,
        permission=Permission.SAMPLE_TAKE,
        subject=subject,
        at=clock.now(),
        data=data,
    )


def _sample(request: SignedRequest, public_id: str) -> Sample:
    try:
        return queries.sample_by_public_id(request.viewer, public_id)
    except Sample.DoesNotExist as error:
        raise Http404 from error


def _person(request: SignedRequest, person_id: str) -> Person:
    try:
        return person_by_public_id(request.viewer, person_id, Permission.SAMPLE_TAKE)
    except Person.DoesNotExist as error:
        raise Http404 from error
