"""Deciding who is one person: the queue, a pair side by side, many at once, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.acting import as_program
from tuyendau.lib import clock
from tuyendau.records.people import actions, queries, tasks
from tuyendau.records.people.forms import ApartForm, BatchForm, MergeForm, reasons
from tuyendau.records.people.models import Candidate, Identifier, Merge, MergeBatch, Person
from tuyendau.records.people.rules.likeness import thresholds
from tuyendau.records.people.views.common import seen

MERGE = Permission.PERSON_MERGE
_EXAMPLES = 5


@require_GET
def pairs(request: SignedRequest) -> HttpResponse:
    """The pairs that are to be decided, likest first."""
    found = queries.queue(request.viewer)
    rows = [(pair, [r for r in reasons(pair.parts) if not r.plain]) for pair in found.pairs]
    return render(request, "people/duplicates.html", {"queue": found, "rows": rows, "sure": thresholds()[0]})


@require_GET
def pair(request: SignedRequest, public_id: str) -> HttpResponse:
    """One pair side by side, field by field."""
    found = _pair_or_404(request, public_id)
    for each in (found.first, found.second):
        seen(request, "person.read", each.public_id)
    return render(request, "people/pair.html", _beside(request, found))


def _pair_or_404(request: SignedRequest, public_id: str) -> Candidate:
    try:
        return queries.pair_by_public_id(request.viewer, public_id)
    except Candidate.DoesNotExist:
        raise Http404(_("This pair was decided already, or is not within your area.")) from None


def _beside(request: SignedRequest, found: Candidate) -> dict[str, Any]:
    people = found.first, found.second
    fields = [
        ("full_name", _("Name"), [p.full_name for p in people]),
        ("sex", _("Sex"), [p.get_sex_display() if p.sex else "" for p in people]),
        ("birth", _("Born"), [_born(p) for p in people]),
        ("phone", _("Phone"), [p.phone for p in people]),
        ("unit", _("Commune"), [p.unit.name if p.unit else "" for p in people]),
        ("address", _("Address"), [p.address for p in people]),
    ]
    numbers = [list(Identifier.objects.filter(person=p).order_by("kind", "value")) for p in people]
    belongs = [list(queries.assignments_of(request.viewer, p)[:6]) for p in people]
    # Whoever's record says more stays unless told otherwise.
    known = [sum(bool(values[n]) for _name, _label, values in fields) + len(numbers[n]) for n in (0, 1)]
    survivor = "second" if known[1] > known[0] else "first"
    return {
        "pair": found,
        "people": people,
        "fields": [
            {
                "name": name, "label": label, "values": values, "differs": values[0] != values[1] and all(values),
                "chosen": _better(values, survivor),
            }
            for name, label, values in fields
        ],
        "numbers": numbers,
        "belongs": belongs,
        "survivor": survivor,
        "reasons": reasons(found.parts),
        "sure": found.bits >= thresholds()[0],
    }  # fmt: skip


def _better(values: list[str], survivor: str) -> str:
    """Whose value stands unless told otherwise: the one that is written with marks, else that of who stays."""
    marked = [not value.isascii() and value != value.upper() for value in values]
    if marked[0] != marked[1] and all(values):
        return "first" if marked[0] else "second"
    return survivor


def _born(person: Person) -> str:
    return f"{person.birth_date:%d/%m/%Y}" if person.birth_date else str(person.birth_year or "")


@require_POST
def merge(request: SignedRequest, public_id: str) -> HttpResponse:
    """Make one person of a pair, with the values chosen, and go on to the next pair."""
    found = _pair_or_404(request, public_id)
    form = MergeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose which of the two stays."))
        return redirect("people:pair", public_id)
    stays, goes = (
        (found.first, found.second)
        if form.cleaned_data["survivor"] == "first"
        else (found.second, found.first)
    )
    try:
        actions.merge(
            stays.public_id, goes.public_id, take=form.taken(), viewer=request.viewer, by=request.user,
            at=clock.now(), ground=form.cleaned_data["ground"],
        )  # fmt: skip
    except actions.MergeRefused as error:
        messages.error(request, str(error))
        return redirect("people:pair", public_id)
    messages.success(
        request, _("%(name)s is one person now. It can be taken back under “Merged”.") % {"name": stays}
    )
    return _next(request)


@require_POST
def apart(request: SignedRequest, public_id: str) -> HttpResponse:
    """Decide that a pair are two people; they are never asked about again."""
    found = _pair_or_404(request, public_id)
    form = ApartForm(request.POST)
    ground = form.cleaned_data["ground"] if form.is_valid() else ""
    actions.keep_apart(found.public_id, viewer=request.viewer, by=request.user, at=clock.now(), ground=ground)
    messages.success(request, _("They are two people. You will not be asked again."))
    return _next(request)


def _next(request: SignedRequest) -> HttpResponse:
    """On to the likest pair that is left, or to the queue where there is none."""
    left = queries.pairs_in_reach(request.viewer, most=1)
    following = Candidate.objects.filter(pk__in=left).values_list("public_id", flat=True).first()
    return redirect("people:pair", following) if following else redirect("people:pairs")


@require_GET
def merges(request: SignedRequest) -> HttpResponse:
    """What was merged lately, and in which batches, each with its undo."""
    request.viewer.require(MERGE)
    context = {"merges": queries.merges(request.viewer), "batches": queries.batches(request.viewer)}
    return render(request, "people/merges.html", context)


@require_POST
def undo(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take a merge apart."""
    request.viewer.require(MERGE)
    try:
        made = actions.unmerge(public_id, viewer=request.viewer, by=request.user, at=clock.now())
    except Merge.DoesNotExist:
        raise Http404(_("This merge was taken back already, or is not within your area.")) from None
    messages.success(
        request,
        _("%(one)s and %(other)s are two people again.") % {"one": made.survivor, "other": made.merged},
    )
    return redirect("people:merges")


@require_GET
def batch(request: SignedRequest) -> HttpResponse:
    """What merging everything beyond doubt would do: how many pairs, and examples of the least alike."""
    request.viewer.require(MERGE)
    form = BatchForm(request.GET or None)
    least = form.cleaned_data["least"] if form.is_bound and form.is_valid() else thresholds()[0]
    ids = [] if form.errors else queries.pairs_in_reach(request.viewer, least=least)
    # The least alike are the ones to be looked at before anything is done.
    examples = Candidate.objects.select_related("first__unit", "second__unit").in_bulk(ids[-_EXAMPLES:])
    rows = [
        (examples[pk], reasons(examples[pk].parts)) for pk in reversed(ids[-_EXAMPLES:]) if pk in examples
    ]
    return render(
        request, "people/batch.html", {"form": form, "least": least, "count": len(ids), "rows": rows}
    )


@require_POST
def run_batch(request: SignedRequest) -> HttpResponse:
    """Have the worker merge all pairs beyond doubt."""
    form = BatchForm(request.POST)
    request.viewer.require(MERGE)
    if not form.is_valid():
        messages.error(request, _("Pairs that are open to doubt are decided one by one."))
        return redirect("people:batch")
    try:
        with as_program():
            made = actions.plan_batch(
                form.cleaned_data["least"], viewer=request.viewer, by=request.user, at=clock.now()
            )
            tasks.run_batch.defer(batch=made.public_id)
    except actions.MergeRefused as error:
        messages.error(request, str(error))
        return redirect("people:batch")
    n = len(made.pairs)
    messages.success(
        request,
        ngettext("%(n)d pair is being merged.", "%(n)d pairs are being merged.", n) % {"n": n},
    )
    return redirect("people:merges")


@require_POST
def undo_batch(request: SignedRequest, public_id: str) -> HttpResponse:
    """Have the worker take a whole batch apart."""
    request.viewer.require(MERGE)
    own = MergeBatch.objects.filter(by=request.user, public_id=public_id, undone_at__isnull=True)
    if not own.exists():
        raise Http404(_("This batch was taken back already, or is not yours."))
    with as_program():
        tasks.undo_batch.defer(batch=public_id, user=request.user.pk)
    messages.success(request, _("The batch is being taken apart."))
    return redirect("people:merges")
