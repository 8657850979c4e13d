"""Editing a case on one page, and what its disease's form and definitions say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases import actions, queries
from tuyendau.records.cases.actions.editing import EditedMeanwhile, Values, edit_case, kept_of
from tuyendau.records.cases.forms.details import sections_of
from tuyendau.records.cases.forms.editing import EditForm
from tuyendau.records.cases.forms.words import in_language
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries.editing import editable_cases, edits_since
from tuyendau.records.cases.rules import details
from tuyendau.records.cases.rules.editing import Difference
from tuyendau.records.people.queries import communes_in_reach
from tuyendau.science.epi import ContactPolicy
from tuyendau.science.epi.diseases import Disease, DiseaseError, disease, diseases, standing
from tuyendau.science.epi.diseases.parts import Dated, Group, in_force

T = TypeVar("T")
SALT = "cases.edit"
MAIN = ("onset_on", "sampled_on", "result_on", "reported_on", "isolated_at", "outcome", "outcome_on")
PLACE = ("code", "unit", "place_infected", "note")


@require_http_methods(["GET", "POST"])
def edit(request: SignedRequest, public_id: str) -> HttpResponse:
    """Everything of a case on one page. What somebody else changed meanwhile is laid beside what was typed."""
    case = _editable(request, public_id)
    if request.method == "GET":
        _seen(request, case)
        values = kept_of(case)
        return _page(request, case, _form(request, case, values=values), _opened(case, values.flat()))
    try:
        opened = signing.loads(request.POST.get("opened", ""), salt=SALT)
    except signing.BadSignature:
        messages.error(
            request, _("This page was open for too long. What you see now is how the case stands.")
        )
        return redirect("cases:edit", public_id)
    form = _form(request, case, data=request.POST)
    if not form.is_valid() or not _picked(request, form, opened):
        return _page(request, case, form, opened)
    values = _with_picks(request, form, opened)
    try:
        edit_case(
            public_id, values, version=opened["version"], seen=opened["seen"],
            viewer=request.viewer, by=request.user, at=clock.now(),
        )  # fmt: skip
    except EditedMeanwhile as meanwhile:
        fresh = _form(request, case, values=Values.of_flat(meanwhile.together))
        now = {"version": meanwhile.version, "seen": meanwhile.now, "since": opened["version"]}
        asked = [[d.name, d.before, d.now, d.mine] for d in meanwhile.differences]
        return _page(request, case, fresh, now | {"asked": asked})
    except actions.CaseRefused as refused:
        if refused.fields:
            form.say(refused.fields)
        else:
            form.add_error(None, str(refused))
        return _page(request, case, form, opened)
    messages.success(request, _("The case is saved."))
    return redirect("cases:detail", public_id)


def _form(request: SignedRequest, case: Case, *, data: Any = None, values: Values | None = None) -> EditForm:
    permission = (
        Permission.CASE_DECIDE if request.viewer.may(Permission.CASE_DECIDE) else Permission.CASE_CREATE
    )
    return EditForm(data, case=case, communes=communes_in_reach(request.viewer, permission), values=values)


def _opened(case: Case, seen: dict[str, Any]) -> dict[str, Any]:
    return {"version": case.version, "seen": seen, "asked": [], "since": case.version}


def _differences(opened: dict[str, Any]) -> list[Difference]:
    return [Difference(*each) for each in opened.get("asked", [])]


def _picked(request: SignedRequest, form: EditForm, opened: dict[str, Any]) -> bool:
    """Whether for each field that both changed one version was chosen; where not, the form says so."""
    left = [
        form.label(d.name)
        for d in _differences(opened)
        if d.both and request.POST.get(f"pick_{d.name}") not in ("mine", "theirs")
    ]
    if left:
        form.add_error(None, _("Choose which version stands: %(fields)s.") % {"fields": ", ".join(left)})
    return not left


def _with_picks(request: SignedRequest, form: EditForm, opened: dict[str, Any]) -> Values:
    flat = form.values().flat()
    for difference in _differences(opened):
        if difference.both and request.POST.get(f"pick_{difference.name}") == "theirs":
            flat[difference.name] = opened["seen"].get(difference.name)
    return Values.of_flat(flat)


def _page(request: SignedRequest, case: Case, form: EditForm, opened: dict[str, Any]) -> HttpResponse:
    found = [
        {
            "name": d.name,
            "label": form.label(d.name),
            "before": form.shown(d.name, d.before),
            "now": form.shown(d.name, d.now),
            "mine": form.shown(d.name, d.mine),
            "both": d.both,
            "picked": request.POST.get(f"pick_{d.name}", ""),
        }
        for d in _differences(opened)
    ]
    with as_program():
        editors = list(edits_since(case, opened.get("since", case.version))) if found else []
    context = {
        "case": case,
        "form": form,
        "main": [form[name] for name in MAIN],
        "place": [form[name] for name in PLACE],
        "sections": sections_of(form, form.of),
        "disease": form.of,
        "opened": signing.dumps(opened, salt=SALT, compress=True),
        "found": found,
        "editors": editors,
    }
    return render(request, "cases/edit.html", context)


def _editable(request: SignedRequest, public_id: str) -> Case:
    with as_program():
        mine = editable_cases(request.viewer).filter(public_id=public_id).exists()
    # Read as whoever asks, so that the database has its say too.
    case = Case.objects.select_related("person", "unit").filter(public_id=public_id).first() if mine else None
    if case is None:
        request.viewer.require(Permission.CASE_DECIDE)
        raise Http404
    return case


@require_GET
def definition(request: SignedRequest, public_id: str) -> HttpResponse:
    """What is known of the illness, and how the case stands by the definitions of its disease; a part of its page.

    Whoever sees the case as an employer does is told nothing of it.
    """
    case = queries.visible_cases(request.viewer).filter(public_id=public_id).first()
    if case is None:
        raise Http404
    if not getattr(case, "in_full", False):
        return HttpResponse("")
    of = disease(case.disease)
    kept = details.read(case.details)
    on = case.onset_on or case.sampled_on or case.reported_on
    form = EditForm(case=case, communes=[], values=kept_of(case))
    flat = kept_of(case).flat()
    answers = [
        (form.label(question.code), form.shown(question.code, flat[question.code]))
        for question in of.form.fields
        if question.code in flat
    ]
    symptoms = [(form.label(f"symptom_{code}"), day) for code, day in sorted(kept.symptoms.items())]
    with as_program():
        may_edit = _may_edit(request, case)
    context = {
        "case": case,
        "disease": of,
        "symptoms": symptoms,
        "answers": answers,
        "standings": standing(of, kept.facts(queries.positive_tests(case)), on),
        "on": on,
        "may_edit": may_edit,
    }
    return render(request, "cases/definition.html", context)


def _may_edit(request: SignedRequest, case: Case) -> bool:
    viewer = request.viewer
    if not viewer.may(Permission.CASE_CREATE) and not viewer.may(Permission.CASE_DECIDE):
        return False
    return bool(editable_cases(viewer).filter(pk=case.pk).exists())


@require_GET
def disease_page(request: SignedRequest, code: str) -> HttpResponse:
    """What the program knows of a disease, each figure with its source and how far it is verified."""
    request.viewer.require(Permission.CASE_VIEW)
    try:
        of = disease(code)
    except DiseaseError as error:
        raise Http404 from error
    today = clock.local_day(clock.now())
    context = {"disease": of, "diseases": diseases(), "today": today, "blocks": _in_force(of, today)}
    return render(request, "cases/disease.html", context)


def _in_force(of: Disease, today: date) -> list[dict[str, Any]]:
    """The dated figures, each list with what is in force today marked."""

    def block(title: str, entries: Sequence[Dated[T]], said: Callable[[T], str]) -> dict[str, Any]:
        now = in_force(entries, today)
        return {"title": title, "rows": [(entry, said(entry.value), entry is now) for entry in entries]}

    def until(days: int | None) -> str:
        if days is None:
            return _("isolation")
        return _("%(days)s days after the reference day, or isolation") % {"days": days}

    def group(value: Group) -> str:
        said = {"group": value.letter, "hours": value.report_within_hours}
        return _("group %(group)s, report within %(hours)s hours") % said

    return [
        block(_("Group of the law"), of.groups, group),
        block(
            _("Infectious from"),
            of.lookback,
            lambda d: _("%(days)s days before the reference day") % {"days": d},
        ),
        block(_("Infectious until"), of.infectious_after, until),
        block(_("Contact policy"), of.policies, lambda p: in_language(ContactPolicy.bundled(p).title)),
    ]


def _seen(request: SignedRequest, case: Case) -> None:
    audit.record_read(
        "case.read",
        viewer=request.viewer,
        permission=Permission.CASE_DECIDE
        if request.viewer.may(Permission.CASE_DECIDE)
        else Permission.CASE_CREATE,
        subject=case.public_id,
        at=clock.now(),
        data={"person": case.person.public_id},
    )
