"""Finding pairs among all people, the queue, many at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tuyendau.access import Grant, ScopeKind, Viewer
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.records.people import actions
from tuyendau.records.people.models import Candidate, Merge, MergeBatch, Person
from tuyendau.records.people.rules.likeness import thresholds

pytestmark = pytest.mark.django_db
AT = datetime(2021, 5, 20, 3, tzinfo=UTC)
BORN = {"birth_year": 1994, "birth_date": date(1994, 3, 12)}


@pytest.fixture
def commune() -> Unit:
    return UnitFactory(parent=UnitFactory(level=UnitLevel.PROVINCE))


@pytest.fixture
def signed_in(client: Client, commune: Unit) -> Client:
    client.force_login(make_user("dich_te", "epidemiologist", unit=commune.parent, language="en"))
    return client


def double(commune: Unit, name: str = "Nguyễn Thị Hà", **more: Any) -> tuple[Person, Person]:
    """Two records of one person, beyond doubt."""
    fields: dict[str, Any] = {"unit": commune, "sex": "F", "phone": "+84912345678"} | BORN | more
    return PersonFactory(full_name=name, **fields), PersonFactory(full_name=name.upper(), **fields)


def find() -> set[tuple[int, int]]:
    actions.find_duplicates(at=AT)
    return set(Candidate.objects.filter(verdict="").values_list("first_id", "second_id"))


def test_doubles_are_found_and_others_are_not(commune: Unit) -> None:
    sure = double(commune)
    swapped = [
        PersonFactory(full_name="Trần Văn Dũng", unit=commune, birth_year=1980, birth_date=day)
        for day in (date(1980, 2, 5), date(1980, 5, 2))
    ]
    year_only = [
        PersonFactory(full_name=name, unit=commune, birth_year=1970, birth_date=day)
        for name, day in (("Lê Thị Mơ", date(1970, 7, 7)), ("Mơ Lê Thị", None))
    ]
    PersonFactory(full_name="Nguyễn Thị Lan", unit=commune, sex="F", phone="+84912345678", **BORN)
    PersonFactory(full_name="Trần Văn Dũng", unit=commune, birth_year=1955, birth_date=date(1955, 1, 9))
    pairs = {tuple(sorted(p.pk for p in pair)) for pair in (sure, swapped, year_only)}
    assert find() == pairs
    first = Candidate.objects.order_by("-bits")[0]
    assert {first.first_id, first.second_id} == {p.pk for p in sure}
    assert first.bits >= thresholds()[0]
    assert find() == pairs


def test_what_is_corrected_leaves_the_queue_and_a_decision_stays(commune: Unit) -> None:
    _one, other = double(commune)
    kept, apart = double(commune, "Phạm Văn Sáng", sex="M", phone="+84987654321")
    find()
    pair = Candidate.objects.get(first__in=[kept.pk, apart.pk])
    viewer = Viewer(1, (Grant("epidemiologist", ScopeKind.UNIT, str(commune.parent.path)),))
    by = make_user("dich_te", "epidemiologist", unit=commune.parent)
    actions.keep_apart(pair.public_id, viewer=viewer, by=by, at=AT, ground="hai anh em họ")
    Person.objects.filter(pk=other.pk).update(full_name="Vũ Minh Tú", folded="vu minh tu", birth_date=None)
    assert find() == set()
    pair.refresh_from_db()
    assert (pair.verdict, pair.ground) == ("different", "hai anh em họ")
    with pytest.raises(Candidate.DoesNotExist):
        actions.keep_apart(pair.public_id, viewer=viewer, by=by, at=AT)


def test_the_queue_shows_pairs_and_goes_on_to_the_next(signed_in: Client, commune: Unit) -> None:
    one, other = double(commune)
    double(commune, "Phạm Văn Sáng", sex="M", phone="+84987654321")
    find()
    queue = signed_in.get("/people/duplicates/").content.decode()
    assert "2 pairs" in queue
    pair = Candidate.objects.get(first=one)
    page = signed_in.get(f"/people/duplicates/{pair.public_id}/").content.decode()
    assert "almost surely the same" in page
    answer = signed_in.post(
        f"/people/duplicates/{pair.public_id}/merge/", {"survivor": "second", "full_name": "first"}
    )
    following = Candidate.objects.exclude(pk=pair.pk).get()
    assert answer["Location"] == f"/people/duplicates/{following.public_id}/"
    merge = Merge.objects.get()
    assert (merge.survivor_id, merge.merged_id) == (other.pk, one.pk)
    assert Person.objects.get(pk=other.pk).full_name == "Nguyễn Thị Hà"
    signed_in.post(f"/people/duplicates/{following.public_id}/apart/", {"ground": "đã hỏi"})
    assert "No pair is to be decided" in signed_in.get("/people/duplicates/").content.decode()
    assert signed_in.get(f"/people/duplicates/{following.public_id}/").status_code == 404
    assert signed_in.get(f"/people/{one.public_id}/")["Location"] == f"/people/{other.public_id}/"
    assert "Take apart" in signed_in.get("/people/merges/").content.decode()
    signed_in.post(f"/people/merges/{merge.public_id}/undo/")
    assert Person.objects.get(pk=one.pk).merged_into_id is None
    assert "1 pair" in signed_in.get("/people/duplicates/").content.decode()


def test_two_open_cases_are_told_of_on_the_page(signed_in: Client, commune: Unit) -> None:
    one, other = double(commune)
    CaseFactory(person=one, code="BN1")
    CaseFactory(person=other, code="BN2")
    find()
    pair = Candidate.objects.get()
    answer = signed_in.post(f"/people/duplicates/{pair.public_id}/merge/", {"survivor": "first"}, follow=True)
    assert "Both have an open case: BN1" in answer.content.decode()
    assert not Merge.objects.exists()


def test_a_district_decides_only_on_pairs_that_are_wholly_its_own(client: Client, commune: Unit) -> None:
    _one, other = double(commune)
    Person.objects.filter(pk=other.pk).update(unit=UnitFactory(parent=commune.parent))
    find()
    client.force_login(make_user("huyen", "district_officer", unit=commune, language="en"))
    assert "No pair is to be decided" in client.get("/people/duplicates/").content.decode()
    assert client.get(f"/people/duplicates/{Candidate.objects.get().public_id}/").status_code == 404


def test_all_beyond_doubt_are_shown_then_merged_then_taken_apart(signed_in: Client, commune: Unit) -> None:
    doubles = [
        double(commune, f"Nguyễn Thị {name}", phone=f"+8491234567{n}") for n, name in enumerate(["Hà", "Mơ"])
    ]
    for n, person in enumerate(double(commune, "Bùi Thị Sen", phone="+84912345699")):
        CaseFactory(person=person, code=f"BN{n}")
    PersonFactory(full_name="Vũ Thị Na", unit=commune, birth_year=1980)
    PersonFactory(full_name="Vũ Thị Na", unit=commune, birth_year=1980, birth_date=date(1980, 1, 2))
    find()
    before = list(Person.objects.order_by("pk").values())
    page = signed_in.get("/people/duplicates/all/").content.decode()
    assert "3 pairs would be merged" in page
    assert not Merge.objects.exists()
    low = signed_in.post("/people/duplicates/all/run/", {"least": "3"}, follow=True).content.decode()
    assert "decided one by one" in low
    signed_in.post("/people/duplicates/all/run/", {"least": str(thresholds()[0])})
    batch = MergeBatch.objects.get()
    assert not Merge.objects.exists()
    actions.run_batch(batch.public_id, at=AT)
    batch.refresh_from_db()
    assert (Merge.objects.count(), batch.refused) == (2, 1)
    assert {m.merged_id for m in Merge.objects.all()} <= {p.pk for pair in doubles for p in pair}
    actions.run_batch(batch.public_id, at=AT)
    assert Merge.objects.count() == 2
    viewer = Viewer(1, (Grant("epidemiologist", ScopeKind.UNIT, str(commune.parent.path)),))
    assert actions.undo_batch(batch.public_id, viewer=viewer, by=batch.by, at=AT) == 2
    assert list(Person.objects.order_by("pk").values()) == before
    assert Event.objects.get(kind="people.batch_undone").data == {"merges": 2}
    with pytest.raises(MergeBatch.DoesNotExist):
        actions.undo_batch(batch.public_id, viewer=viewer, by=batch.by, at=AT)


def test_three_records_of_one_person_become_one_in_a_batch(commune: Unit) -> None:
    double(commune)
    PersonFactory(full_name="NGUYỄN THỊ HÀ", unit=commune, sex="F", phone="+84912345678", **BORN)
    assert len(find()) == 3
    viewer = Viewer(1, (Grant("epidemiologist", ScopeKind.UNIT, str(commune.parent.path)),))
    by = make_user("dich_te", "epidemiologist", unit=commune.parent)
    before = list(Person.objects.order_by("pk").values())
    batch = actions.plan_batch(thresholds()[0], viewer=viewer, by=by, at=AT)
    actions.run_batch(batch.public_id, at=AT)
    assert Person.objects.filter(merged_into__isnull=True).count() == 1
    actions.undo_batch(batch.public_id, viewer=viewer, by=by, at=AT)
    assert list(Person.objects.order_by("pk").values()) == before
