"""Every route for every role, at their own place and at another's. A route that is missing here fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.accounts.models import User
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.records.cases.models import Case

ROLES = ("epidemiologist", "commune_officer", "company_officer", "outsider", "nobody")
SEES, GONE, DENIED, SIGN_IN, DONE = 200, 404, 403, 302, 302

# What a role is answered where the thing is within its reach, and where it is not. `nobody` has not signed in.
# Lists and pages that name no one thing have one answer.
OPEN = {"account_login", "account_inactive", "set_language"}
PAGES: dict[str, tuple[int, int, int, int]] = {
    "home": (302, 302, 302, SEES),
    "account_logout": (200, 200, 200, 200),
    "situation:map": (SEES, SEES, DENIED, DENIED),
    "situation:communes": (SEES, SEES, DENIED, DENIED),
    "cases:list": (SEES, SEES, SEES, DENIED),
    "cases:export": (SEES, SEES, SEES, DENIED),
    "people:list": (SEES, SEES, SEES, DENIED),
    "places:sites": (SEES, SEES, SEES, DENIED),
    "visits:scan": (SEES, SEES, SEES, DENIED),
    "audit:events": (DENIED, DENIED, DENIED, DENIED),
    "audit:export": (DENIED, DENIED, DENIED, DENIED),
    # The stream itself is beside Django; see `tests/integration/live`.
    "live:stream": (204, 204, 204, 204),
    "exchange:imports": (SEES, DENIED, SEES, DENIED),
    "exchange:template": (SEES, DENIED, SEES, DENIED),
}
THINGS: dict[str, tuple[int, int, int, int]] = {
    "cases:detail": (SEES, SEES, SEES, DENIED),
    "cases:presence": (SEES, SEES, SEES, DENIED),
    "contacts:list_of_case": (SEES, SEES, SEES, DENIED),
    "contacts:summary_of_case": (SEES, SEES, SEES, DENIED),
    "contacts:changes": (SEES, SEES, SEES, DENIED),
    "contacts:export": (SEES, SEES, SEES, DENIED),
    "cases:of_person": (SEES, SEES, SEES, DENIED),
    "contacts:of_person": (SEES, SEES, SEES, DENIED),
    "visits:of_person": (SEES, SEES, SEES, DENIED),
    "visits:of_site": (SEES, SEES, SEES, DENIED),
    "people:detail": (SEES, SEES, SEES, DENIED),
    "places:site": (SEES, SEES, SEES, DENIED),
    "cases:new": (SEES, SEES, DENIED, DENIED),
    "audit:of_subject": (DENIED, DENIED, DENIED, DENIED),
}
POSTS: dict[str, tuple[int, int, int, int]] = {
    "cases:classify": (DONE, DENIED, DENIED, DENIED),
    "cases:dates": (DONE, DENIED, DENIED, DENIED),
    "contacts:trace_again": (DONE, DENIED, DENIED, DENIED),
}
TABLE = PAGES | THINGS | POSTS


def routes() -> Iterator[str]:
    """The names of all routes."""

    def walk(resolver: URLResolver, space: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
            else:
                yield f"{space}{entry.name}"

    return walk(get_resolver(), "")


def test_every_route_is_in_the_table():
    assert set(routes()) == TABLE.keys() | OPEN


class Province:
    """Two communes, each with a person who is a confirmed case; one of them works in a company."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        here, there = UnitFactory(parent=self.province), UnitFactory(parent=self.province)
        elsewhere = UnitFactory(level=UnitLevel.PROVINCE, code="01")
        company = SiteFactory(kind=SiteKind.COMPANY, unit=here)
        self.own = self.case(here, SiteFactory(parent=company, unit=here))
        self.others = self.case(there, SiteFactory(unit=there))
        abroad = UnitFactory(parent=elsewhere)
        self.foreign = self.case(abroad, SiteFactory(unit=abroad))
        self.users: dict[str, User | None] = {
            "epidemiologist": make_user("dich_te", "epidemiologist", unit=self.province),
            "commune_officer": make_user("y_ta", "commune_officer", unit=here),
            "company_officer": make_user("cong_ty", "company_officer", site=company),
            "outsider": User.objects.create(username="nguoi_ngoai", full_name="Người ngoài"),
            "nobody": None,
        }

    def case(self, commune: Any, site: Any) -> dict[str, str]:
        person = PersonFactory(unit=commune)
        AssignmentFactory(person=person, site=site)
        case = CaseFactory(person=person, status="confirmed", onset_on=date(2021, 5, 14))
        return {"case": case.public_id, "person": person.public_id, "site": site.public_id}


@pytest.fixture
def province(transactional_db: None, segments: None) -> Province:
    return Province()


def address(name: str, thing: dict[str, str]) -> str:
    """The address of a route, for the things of one place."""
    if name == "exchange:template":
        return reverse(name, args=["visits"])
    if name == "cases:classify":
        return reverse(name, args=[thing["case"], "discarded"])
    if name not in THINGS | POSTS:
        return reverse(name)
    kind = "site" if name in {"places:site", "visits:of_site"} else "person" if name in _OF_PERSON else "case"
    return reverse(name, args=[thing[kind]])


_OF_PERSON = {"cases:of_person", "contacts:of_person", "visits:of_person", "people:detail", "cases:new"}


def answer(user: User | None, name: str, thing: dict[str, str]) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    where = address(name, thing)
    return client.post(where, {"ground": "sai mẫu"}) if name in POSTS else client.get(where)


def test_the_whole_table(province):
    """One world serves all rows: what a row writes is undone before the next."""
    wrong = []
    for name, expected in TABLE.items():
        for place, role, status in _rows(name, expected):
            thing = getattr(province, place)
            got = answer(province.users[role], name, thing)
            signed_out = got.status_code == 302 and reverse("account_login") in got.headers["Location"]
            if role == "nobody" and name != "account_logout":
                ok = signed_out
            else:
                ok = got.status_code == status and not (signed_out and name in POSTS)
            if not ok:
                wrong.append(f"{name} as {role} at {place}: {got.status_code}, not {status}")
            Case.objects.filter(public_id=thing["case"]).update(status="confirmed")
    assert not wrong, "\n".join(wrong)


def _rows(name: str, expected: tuple[int, int, int, int]) -> Iterator[tuple[str, str, int]]:
    for role, status in zip(ROLES, (*expected, SIGN_IN), strict=True):
        yield "own", role, status
        if name in PAGES or role == "nobody":
            continue
        # Out of reach, a thing is not there; who may not do the thing at all is told so first.
        yield "foreign", role, status if status == DENIED else GONE
        if role in ("commune_officer", "company_officer"):
            yield "others", role, status if status == DENIED else GONE
