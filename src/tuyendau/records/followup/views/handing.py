"""Handing people in follow-up to officers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.records.followup import actions, queries
from tuyendau.records.followup.forms import HandForm, WorkForm
from tuyendau.records.followup.queries.worklist import ALL
from tuyendau.records.followup.views.common import act, today


@require_http_methods(["GET", "POST"])
def hand_out(request: SignedRequest) -> HttpResponse:
    """Give whom the address shows, or all of somebody who is away, to officers: in turn or by place."""
    request.viewer.require(Permission.FOLLOWUP_ASSIGN)
    asked = request.GET.copy()
    asked.setdefault("show", ALL)
    filters = WorkForm(asked)
    officers = queries.officers_for(request.viewer)
    form = HandForm(request.POST or None)
    names = [(o.public_id, o.get_full_name()) for o in officers]
    form.fields["officers"].choices = names  # type: ignore[attr-defined]
    form.fields["absent"].choices = [("", _("whom the list shows")), *names]  # type: ignore[attr-defined]
    found = queries.narrowed(request.viewer, filters.wanted(), today())
    if request.method == "POST" and form.is_valid():
        chosen, how, absent = (form.cleaned_data[name] for name in ("officers", "how", "absent"))
        if absent:
            given = act(request, actions.hand_over, absent, chosen, how=how)
        else:
            given = act(request, actions.hand_out, found, chosen, how=how)
        if given is not None:
            said = ngettext("%(n)s person was handed over.", "%(n)s people were handed over.", given)
            messages.success(request, said % {"n": given})
            return redirect("followup:worklist")
    context = {
        "form": form,
        "wanted": filters.wanted(),
        "progress": queries.progress(request.viewer, filters.wanted(), today()),
        "loads": queries.loads(request.viewer),
        "sites": queries.sites_of(request.viewer, filters.wanted()),
    }
    return render(request, "followup/hand_out.html", context)


@require_POST
def take(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take somebody upon oneself."""
    request.viewer.require(Permission.FOLLOWUP_RECORD)
    act(request, actions.take, public_id)
    return redirect("followup:detail", public_id)
