"""What the pages of chains share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.chains.forms import FilterForm
from tuyendau.records.chains.queries import diseases_in_chains
from tuyendau.records.chains.queries.diseases import name_of


def filter_form(request: SignedRequest) -> FilterForm:
    """The filters of the address, with the diseases that have chains and the viewer's units. Raises `Denied`."""
    request.viewer.require(Permission.CASE_VIEW, Permission.CONTACT_VIEW)
    language = get_language() or "vi"
    codes = diseases_in_chains() or ["covid19"]
    diseases = [(code, name_of(code, language)) for code in codes]
    return FilterForm(request.GET, viewer=request.viewer, diseases=diseases)


def seen(request: SignedRequest, kind: str, subject: str, data: dict[str, Any] | None = None) -> None:
    """Put on record that the viewer looked."""
    audit.record_read(
        kind,
        viewer=request.viewer,
        permission=Permission.CONTACT_VIEW,
        subject=subject,
        at=clock.now(),
        data=data,
    )
