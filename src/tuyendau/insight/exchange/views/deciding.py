"""What somebody says of a staged import: its columns, its values, whom rows mean, which changes are taken over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.insight.exchange.actions import staging
from tuyendau.insight.exchange.actions.staging.deciding import choices
from tuyendau.insight.exchange.actions.staging.reading import opened
from tuyendau.insight.exchange.forms.layout import guesses
from tuyendau.insight.exchange.forms.planned import KEPT_AS_TEXT
from tuyendau.insight.exchange.forms.problems import FileRefused
from tuyendau.insight.exchange.forms.specs import SPECS
from tuyendau.insight.exchange.forms.words import FIELD_NAMES, value_in_words
from tuyendau.insight.exchange.models import StagedFile, StagedImport, StagedRow, Verdict
from tuyendau.insight.exchange.queries import commune_code
from tuyendau.insight.exchange.queries import staged as queries
from tuyendau.insight.exchange.queries.register import reached_people
from tuyendau.insight.exchange.rules.plans import OPEN, Plan
from tuyendau.insight.exchange.views.staged import checked, found
from tuyendau.lib import clock
from tuyendau.records.people.forms import reasons
from tuyendau.records.people.models import Person

PAGE = 25


@require_http_methods(["GET", "POST"])
def columns(request: SignedRequest, public_id: str) -> HttpResponse:
    """Which column is what, with what stands in it."""
    staged = found(request, public_id)
    chosen: list[str] | None = None
    error = ""
    if request.method == "POST":
        chosen = request.POST.getlist("column")
        try:
            staging.map_columns(
                staged, chosen, viewer=request.viewer, by=request.user, at=clock.now(),
                sheet=_number(request.POST.get("sheet")), header=_rows(request.POST.get("header")),
            )  # fmt: skip
            return checked(request, staged)
        except FileRefused as refusal:
            error = str(refusal)
    context = _columns(staged, chosen)
    if context is None:
        messages.error(request, _("The file is no longer kept. Bring it again."))
        return redirect("exchange:staged", public_id)
    return render(request, "exchange/columns.html", context | {"error": error}, status=422 if error else 200)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _rows(text: str | None) -> tuple[int, int] | None:
    """Rows of headings, as "3" or "3-4"."""
    first, _between, last = (text or "").partition("-")
    if not first.strip().isdigit():
        return None
    begin = max(int(first), 1)
    return begin, max(int(last), begin) if last.strip().isdigit() else begin


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, as the page shows it."""

    heading: str
    samples: list[str]
    chosen: str
    guessed: bool
    open: bool


@as_program()
def _columns(staged: StagedImport, chosen: list[str] | None) -> dict[str, Any] | None:
    try:
        file = opened(staged)
    except (StagedFile.DoesNotExist, FileRefused):
        return None
    known = queries.known_source(staged.kind, staged.fingerprint, staged.label)
    found_guesses = guesses(file.spec, file.layout, known.columns if known else {})
    shown = []
    for index, (head, name, guess) in enumerate(
        zip(file.layout.heads, file.plan.columns, found_guesses, strict=True)
    ):
        is_open = name == OPEN
        said = chosen[index] if chosen and index < len(chosen) else None
        now = said if said is not None else (guess.name if is_open else name)
        shown.append(Column(head, file.layout.samples(index), now, is_open and guess.name != OPEN, is_open))
    return {
        "staged": staged, "spec": file.spec, "columns": shown, "choices": list(choices(staged.kind).items()),
        "sheets": list(enumerate(file.layout.sheets)), "sheet": file.layout.sheet,
        "header": "-".join(str(row) for row in dict.fromkeys(file.layout.header)),
        "required": [f.heading for f in file.spec.required_fields],
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
def values(request: SignedRequest, public_id: str) -> HttpResponse:
    """What words, communes and sites mean, and in which order dates are written."""
    staged = found(request, public_id)
    if request.method == "POST":
        answers: dict[str, dict[str, str]] = {}
        orders: dict[str, str] = {}
        for number, question in enumerate(staged.questions):
            said = (request.POST.get(f"other-{number}") or request.POST.get(f"q-{number}") or "").strip()
            if said == "" or (said not in _allowed(question) and question["name"] != "commune"):
                continue
            if question["key"] == "":
                orders[question["name"]] = said
            else:
                meant = commune_code(said) if question["name"] == "commune" and said != KEPT_AS_TEXT else said
                answers.setdefault(question["name"], {})[question["key"]] = meant
        try:
            staging.answer(staged, answers, orders, viewer=request.viewer, by=request.user, at=clock.now())
            return checked(request, staged)
        except FileRefused as refusal:
            messages.error(request, str(refusal))
    return render(
        request, "exchange/values.html", {"staged": staged, "spec": SPECS[staged.kind], "kept": KEPT_AS_TEXT}
    )


def _allowed(question: dict[str, Any]) -> set[str]:
    return {option[0] for option in question["options"]}


@require_http_methods(["GET", "POST"])
def people(request: SignedRequest, public_id: str) -> HttpResponse:
    """Rows that may mean somebody on record: the same person, another one, or left out."""
    staged = found(request, public_id)
    if request.method == "POST":
        said = {
            int(name.removeprefix("row-")): value
            for name, value in request.POST.items()
            if name.removeprefix("row-").isdigit() and isinstance(value, str) and value
        }
        try:
            staging.decide(staged, said, viewer=request.viewer)
            return checked(request, staged)
        except FileRefused as refusal:
            messages.error(request, str(refusal))
    rows = queries.rows(staged, [Verdict.OPEN], most=PAGE)
    if rows:
        audit.record_read(
            "import.read", viewer=request.viewer, permission=SPECS[staged.kind].permission,
            subject=staged.public_id, at=clock.now(),
        )  # fmt: skip
    context = {"staged": staged, "spec": SPECS[staged.kind], "rows": _alike(request, staged, rows),
               "more": queries.verdicts(staged)[Verdict.OPEN] - len(rows)}  # fmt: skip
    return render(request, "exchange/alike.html", context)


@as_program()
def _alike(request: SignedRequest, staged: StagedImport, rows: list[StagedRow]) -> list[dict[str, Any]]:
    """Each row with what it says, and the people whom it may mean; of those out of reach only the commune is told."""
    ids = {each[0] for row in rows for each in row.candidates}
    known = Person.objects.select_related("unit").in_bulk(ids)
    reached = reached_people(request.viewer, SPECS[staged.kind].permission, list(ids))
    plan, shown = Plan.of(staged.plan), []
    for row in rows:
        told = [
            (FIELD_NAMES.get(name, name), cell)
            for name, cell in zip(plan.columns, row.cells, strict=False)
            if cell and name.partition(".")[0] in _WHO
        ]
        likely = [
            {
                "place": place,
                "person": known[pk],
                "in_reach": pk in reached,
                "bits": bits,
                "reasons": reasons(parts),
            }
            for place, (pk, bits, parts) in enumerate(row.candidates)
            if pk in known
        ]
        shown.append({"number": row.number, "told": told, "candidates": likely})
    return shown


_WHO = {
    "full_name",
    "sex",
    "birth_year",
    "birth_date",
    "age",
    "phone",
    "id_number",
    "commune",
    "unit",
    "address",
}


@require_http_methods(["GET", "POST"])
def changes(request: SignedRequest, public_id: str) -> HttpResponse:
    """Rows that say otherwise than what is on record, field by field: taken over, or left as it is."""
    staged = found(request, public_id)
    if request.method == "POST":
        listed = {int(n) for n in request.POST.getlist("row") if n.isdigit()}
        take = {int(n) for n in request.POST.getlist("take") if n.isdigit()} & listed
        try:
            staging.decide_updates(staged, take, listed - take, viewer=request.viewer)
            return redirect("exchange:staged", public_id)
        except FileRefused as refusal:
            messages.error(request, str(refusal))
    first = _number(request.GET.get("from")) or 0
    rows = queries.rows(staged, [Verdict.CHANGED], first, PAGE)
    shown = [
        {"row": row, "who": _who(staged, row),
         "fields": [(FIELD_NAMES.get(name, name), value_in_words(name, was), value_in_words(name, now))
                    for name, was, now in row.changes]}
        for row in rows
    ]  # fmt: skip
    count = queries.verdicts(staged)[Verdict.CHANGED]
    context = {"staged": staged, "spec": SPECS[staged.kind], "rows": shown, "count": count, "next": first + PAGE,
               "more": count > first + PAGE}  # fmt: skip
    return render(request, "exchange/changes.html", context)


def _who(staged: StagedImport, row: StagedRow) -> str:
    plan = Plan.of(staged.plan)
    told = [
        cell
        for name, cell in zip(plan.columns, row.cells, strict=False)
        if cell and name in ("code", "full_name")
    ]
    return " · ".join(told)
