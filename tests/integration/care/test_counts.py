"""How many are in care, by whom, as it was known at any time; how full facilities are."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.factories import PersonFactory
from tuyendau.access import Denied, Viewer
from tuyendau.response.care import actions
from tuyendau.response.care.models import Assessment
from tuyendau.response.care.queries import facilities, in_care, occupancy, rooms_of


def counted(clinic, user, at=None, **given):
    found = in_care(clinic.viewer(user), at or clinic.now, **given)
    return dict(found.by_severity), found.contacts


def test_each_counts_what_is_theirs(clinic):
    clinic.admit(level="severe")
    clinic.admit(PersonFactory(unit=clinic.commune), site=clinic.quarantine)
    clinic.admit()
    whole = ({"severe": 1, "": 1}, 1)
    assert counted(clinic, clinic.leader) == whole
    assert counted(clinic, clinic.chief) == whole
    assert counted(clinic, clinic.far_chief) == ({}, 0)
    assert counted(clinic, clinic.doctor) == ({"severe": 1, "": 1}, 0)
    assert counted(clinic, clinic.manager) == ({}, 1)
    assert counted(clinic, clinic.leader, units=[clinic.commune.pk]) == whole
    assert counted(clinic, clinic.leader, units=[clinic.far_commune.pk]) == ({}, 0)
    with pytest.raises(Denied):
        in_care(Viewer(1), clinic.now)
    found = in_care(clinic.viewer(clinic.leader), clinic.now)
    assert [(f.name, f.cases, f.contacts) for f in found.facilities] == [
        ("Cơ sở BV-A", 2, 0), ("Cơ sở CL", 0, 1),
    ]  # fmt: skip
    assert (found.cases, found.severe) == (2, 1)


def test_the_past_stays_as_it_was_known(clinic):
    """Recorded five hours ago, assessed three hours ago, corrected and discharged since."""
    person = clinic.patient()
    admission = actions.Admission(clinic.hospital, clinic.ago(hours=9), level="mild")
    chief = {"viewer": clinic.viewer(clinic.chief), "by": clinic.chief}
    stay = actions.admit(person, admission, **chief, at=clinic.ago(hours=5))
    actions.assess(stay.public_id, "critical", **chief, at=clinic.ago(hours=3))
    wrong = Assessment.objects.get(level="critical")
    actions.correct_assessment(wrong.public_id, "severe", "nhầm", **chief, at=clinic.ago(hours=2))
    actions.end_stay(stay.public_id, "home", clinic.ago(hours=4), **chief, at=clinic.ago(hours=1))
    seen = {
        hours: counted(clinic, clinic.leader, clinic.ago(hours=hours))[0] for hours in (6, 4.5, 2.5, 1.5, 0.5)
    }
    assert seen == {6: {}, 4.5: {"mild": 1}, 2.5: {"critical": 1}, 1.5: {"severe": 1}, 0.5: {}}


def test_counting_takes_few_queries(clinic, django_assert_max_num_queries):
    for _each in range(3):
        clinic.admit(beyond=True)
    viewer = clinic.viewer(clinic.leader)
    with django_assert_max_num_queries(6):
        assert in_care(viewer, clinic.now).by_severity == Counter({"": 3})


def test_how_full_facilities_are(clinic, django_assert_max_num_queries):
    clinic.admit(ward=clinic.ward, level="critical")
    coming = clinic.propose(clinic.admit())
    actions.accept_transfer(coming.public_id, **clinic.as_doctor(clinic.other_doctor))
    viewer = clinic.viewer(clinic.chief)
    with django_assert_max_num_queries(8):
        found = {room.site.code: room for room in occupancy([*facilities(viewer), clinic.other])}
    here, there, unsaid = found["BV-A"], found["BV-B"], found["CL"]
    assert (here.capacity, here.present, here.free, here.severe, here.per_cent) == (2, 2, 0, 1, 100)
    assert (there.capacity, there.present, there.expected, there.free) == (10, 0, 1, 9)
    assert (unsaid.capacity, unsaid.free, unsaid.per_cent) == (None, None, None)
    assert [(room.site, room.present) for room in rooms_of(clinic.hospital)] == [(clinic.ward, 1)]
