"""On which occasions a case met its close contacts, as events tell it."""

from __future__ import annotations

import pytest

from tests.factories import CaseFactory, PersonFactory, SiteFactory
from tuyendau.core.places.models import SiteKind
from tuyendau.records.contacts.models import Contact, Evidence, Exposure, Grade
from tuyendau.records.contacts.queries import met_by_setting
from tuyendau.science.epi.settings import GROUPS, Setting

pytestmark = pytest.mark.django_db


def test_people_are_counted_once_on_each_kind_of_occasion() -> None:
    case = CaseFactory(status="confirmed")
    line = SiteFactory()
    workshop = SiteFactory(kind=SiteKind.WORKSHOP, setting=Setting.WORKSHOP)
    room = SiteFactory(kind=SiteKind.ROOM, setting=Setting.ROOM)

    def meet(grade: Grade, *sites: object) -> None:
        contact = Contact.objects.create(
            case=case, person=PersonFactory(), grade=grade, rank=1, probability=0.1, seconds=1
        )
        for site in sites:
            Exposure.objects.create(contact=contact, site=site, evidence=Evidence.VISITS, seconds=1)

    assert met_by_setting(case) == {}
    meet(Grade.CLOSE, line, workshop)
    meet(Grade.CLOSE, line, room)
    meet(Grade.CLOSE, None)
    meet(Grade.AROUND, room)
    assert met_by_setting(case) == {"work": 2, "home": 1, "other": 1}


def test_every_setting_is_of_a_known_kind() -> None:
    assert {setting.group for setting in Setting} == set(GROUPS)
