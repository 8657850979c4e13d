"""An interview: nothing typed is lost, what was told stands beside the records, and finishing takes it in at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import stay
from tests.integration.interviews.world import DAY, HOUR, MORNING, NOW, World
from tuyendau.access import Denied
from tuyendau.core.acting import as_program
from tuyendau.core.audit.models import Event
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Evidence
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.models import Interview, InterviewState, Named, Stay, Verdict
from tuyendau.records.people.models import Person
from tuyendau.records.visits.actions.batches import Columns, store
from tuyendau.records.visits.models import Statement, Visit, VisitSource

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]


@pytest.fixture
def world() -> World:
    return World()


def save(world, interview, values, *, base=0, user=None):
    return actions.save_answers(interview.public_id, values, base=base, **world.acting(user))


def standing(interview) -> dict:
    return queries.values_of(queries.answers_of(interview))


def test_an_interview_under_way_is_gone_on_with(world) -> None:
    one, same = world.begin(), world.begin(world.second)
    assert one == same
    assert Event.objects.filter(kind="interview.begun", subject=world.case.public_id).count() == 1


def test_who_may_not_hold_it_cannot(world) -> None:
    with pytest.raises(Denied):
        world.begin(world.officer)
    with pytest.raises(Case.DoesNotExist):
        world.begin(world.stranger)
    interview = world.begin()
    with pytest.raises(Interview.DoesNotExist):
        save(world, interview, {"work": "x"}, user=world.stranger)
    with pytest.raises(Denied):
        queries.visible_interviews(world.acting(world.officer)["viewer"])


def test_answers_add_up_and_what_was_before_is_kept(world) -> None:
    interview = world.begin()
    assert save(world, interview, {"work": "chuyền 7", "address": "thôn Núi"}).written == ["address", "work"]
    assert save(world, interview, {"work": "chuyền 7"}, base=1).written == []
    save(world, interview, {"work": "chuyền 8"}, base=1)
    found = queries.answers_of(interview)
    assert (found["work"].value, [each.value for each in found["work"].earlier]) == ("chuyền 8", ["chuyền 7"])
    with pytest.raises(actions.InterviewRefused, match="no such question"):
        save(world, interview, {"none": "x"})


def test_of_two_who_answer_at_once_neither_loses_anything(world) -> None:
    interview = world.begin()
    save(world, interview, {"work": "chuyền 7"})
    late = save(world, interview, {"work": "chuyền 9", "address": "thôn Núi"}, base=0, user=world.second)
    assert (late.written, late.beside) == (["address", "work"], ["work"])
    found = queries.answers_of(interview)["work"]
    assert (found.value, found.now.by) == ("chuyền 7", "Y Tá")
    assert [(each.value, each.by) for each in found.beside] == [("chuyền 9", "Y Tá Hai")]
    actions.choose_answer(interview.public_id, "work", found.beside[0].number, **world.acting(world.second))
    found = queries.answers_of(interview)["work"]
    assert (found.value, found.beside) == ("chuyền 9", [])
    assert {each.value for each in found.earlier} == {"chuyền 7", "chuyền 9"}


def test_the_calendar_shows_what_is_known_and_asks_for_the_rest(world) -> None:
    interview = world.begin()
    days = queries.calendar(interview, viewer=world.acting()["viewer"], at=NOW)
    day = next(each for each in days if each.day == DAY)
    assert [item.site.name for item in day.items] == ["Chuyền Bảy", "Chợ Mới"]
    assert day.unanswered == 2
    shown = [(gap.start - MORNING, gap.end - MORNING) for gap in day.gaps]
    assert shown == [(-7 * HOUR, 0 * HOUR), (8 * HOUR, 10 * HOUR), (11 * HOUR, 17 * HOUR)]
    actions.judge(interview.public_id, world.known("market"), Verdict.DENIED, note="ở nhà", **world.acting())
    days = queries.calendar(interview, viewer=world.acting()["viewer"], at=NOW)
    day = next(each for each in days if each.day == DAY)
    assert day.unanswered == 1
    assert [(gap.start - MORNING) for gap in day.gaps] == [-7 * HOUR, 8 * HOUR]


def test_before_it_is_finished_the_records_are_as_they_were(world) -> None:
    interview = world.begin()
    actions.judge(interview.public_id, world.known("market"), Verdict.DENIED, note="ở nhà", **world.acting())
    assert Visit.objects.filter(person=world.person, site=world.market).exists()
    assert not Event.objects.filter(kind="case.traced").exists()


def told_much(world, interview) -> None:
    """One visit confirmed, one denied, a shop added, a colleague and a friend named."""
    acting = world.acting()
    actions.judge(interview.public_id, world.known("line"), Verdict.CONFIRMED, **acting)
    actions.judge(interview.public_id, world.known("market"), Verdict.DENIED, note="ở nhà", **acting)
    actions.add_stay(
        interview.public_id,
        MORNING + 12 * HOUR,
        MORNING + 13 * HOUR,
        site_code="QUAN",
        note="ăn phở",
        **acting,
    )
    actions.name_person(
        interview.public_id,
        actions.NewNamed(way="work", person=world.colleague.public_id, near="face"),
        **acting,
    )
    friend = actions.NewNamed(
        way="place",
        full_name="Bạn Mới",
        phone="+84912345678",
        unit=world.commune,
        last_on=DAY,
        note="ăn cùng",
    )
    actions.name_person(interview.public_id, friend, **acting)
    actions.name_person(interview.public_id, actions.NewNamed(way="place", people=5), **acting)


def test_finishing_takes_in_what_was_told_and_traces_once(world) -> None:
    interview = world.begin()
    save(world, interview, {"told_by": "family"})
    told_much(world, interview)
    outcome = actions.finish(interview.public_id, **world.acting())
    assert (outcome.confirmed, outcome.denied, outcome.corrected, outcome.added) == (1, 1, 0, 1)
    assert (outcome.linked, outcome.new_people) == (2, 1)
    assert Event.objects.filter(kind="case.traced").count() == 1
    there = {visit.site.code for visit in Visit.objects.filter(person=world.person)}
    assert there == {"CHUYEN", "QUAN"}
    assert {(each.site.code, each.told_by) for each in Statement.objects.all()} == {
        ("CHUYEN", "family"), ("QUAN", "family"),
    }  # fmt: skip
    friend = Person.objects.get(full_name="Bạn Mới")
    listed = {contact.person: contact for contact in Contact.objects.filter(case=world.case)}
    assert listed.keys() == {world.colleague, friend}
    reported = listed[friend].exposures.get(evidence=Evidence.REPORTED)
    assert "ăn cùng" in reported.note
    interview.refresh_from_db()
    assert (interview.state, interview.finished_by) == (InterviewState.FINISHED, world.nurse)
    with pytest.raises(actions.InterviewRefused, match="finished"):
        save(world, interview, {"work": "x"}, base=1)


def test_taken_up_and_finished_again_only_what_is_new_is_taken_in(world) -> None:
    interview = world.begin()
    told_much(world, interview)
    actions.finish(interview.public_id, **world.acting())
    actions.take_up(interview.public_id, **world.acting(world.second))
    taken = Stay.objects.get(interview=interview, verdict=Verdict.CONFIRMED)
    with pytest.raises(actions.InterviewRefused, match="in the records already"):
        actions.drop_stay(interview.public_id, taken.public_id, **world.acting())
    days = queries.calendar(interview, viewer=world.acting()["viewer"], at=NOW)
    assert sum(day.unanswered for day in days) == 0, "what was told is not asked about again"
    people, visits = Person.objects.count(), Visit.objects.count()
    outcome = actions.finish(interview.public_id, **world.acting(world.second))
    assert (outcome.confirmed, outcome.denied, outcome.added, outcome.linked, outcome.new_people) == (0,) * 5
    assert (Person.objects.count(), Visit.objects.count()) == (people, visits)


def test_a_corrected_visit_has_the_times_that_were_told(world) -> None:
    interview = world.begin()
    start, end = MORNING + HOUR, MORNING + 5 * HOUR
    actions.judge(
        interview.public_id,
        world.known("line"),
        Verdict.CORRECTED,
        start=start,
        end=end,
        note="về sớm",
        **world.acting(),
    )
    actions.finish(interview.public_id, **world.acting())
    visit = Visit.objects.get(person=world.person, site=world.line)
    assert (visit.start, visit.end, visit.end_assumed) == (start, end, False)
    contact = Contact.objects.get(case=world.case, person=world.colleague)
    assert contact.seconds == 4 * 3600


def test_a_stay_that_only_a_roster_supposed_becomes_seen(world) -> None:
    begins, ends = MORNING + 24 * HOUR, MORNING + 32 * HOUR
    span = (int(begins.timestamp()), int(ends.timestamp()))
    row = (world.person.pk, world.line.pk, *span, True, VisitSource.ROSTER)
    with as_program():
        store(Columns.of([row]), at=NOW)
    interview = world.begin()
    assert actions.confirm_day(interview.public_id, DAY + timedelta(days=1), **world.acting()) == 1
    actions.finish(interview.public_id, **world.acting())
    visit = Visit.objects.get(person=world.person, start=begins)
    assert (visit.source, visit.end_assumed) == (VisitSource.INTERVIEW, False)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"site_code": "KHONG-CO"}, "site"),
        ({}, "site"),
        ({"site_code": "CHO", "end": -HOUR}, "end"),
        ({"site_code": "CHO", "end": 400 * HOUR}, "end"),
    ],
)
def test_a_stay_that_cannot_be_is_refused(world, told, field) -> None:
    interview = world.begin()
    end = MORNING + told.pop("end", HOUR)
    with pytest.raises(actions.InterviewRefused) as refused:
        actions.add_stay(interview.public_id, MORNING, end, **told, **world.acting())
    assert refused.value.field == field
    assert not Stay.objects.exists()


def test_nobody_is_doubled_and_a_source_is_no_contact(world) -> None:
    world.seller.phone = "+84987654321"
    world.seller.save()
    interview = world.begin()
    told = actions.NewNamed(way="place", full_name="pham thi ban", phone="+84987654321")
    actions.name_person(interview.public_id, told, **world.acting())
    ill = actions.NewNamed(way="other", full_name="Người Ốm", source=True, unit=world.commune)
    actions.name_person(interview.public_id, ill, **world.acting())
    outcome = actions.finish(interview.public_id, **world.acting())
    assert (outcome.linked, outcome.new_people) == (1, 1)
    listed = set(
        Contact.objects.filter(case=world.case, exposures__evidence="reported").values_list(
            "person", flat=True
        )
    )
    assert listed == {world.seller.pk}
    assert Named.objects.get(source=True).person.full_name == "Người Ốm"


def test_due_tells_the_hours_and_leaves_out_who_was_asked(world) -> None:
    viewer = world.acting()["viewer"]
    due = queries.due(viewer, date(2021, 5, 15))
    assert due.waiting_count == 1
    assert [each.case for each in due.waiting] == [world.case]
    world.begin()
    due = queries.due(viewer, date(2021, 5, 15))
    assert (due.waiting_count, due.begun_count) == (0, 1)
    assert queries.due(world.acting(world.stranger)["viewer"], date(2021, 5, 15)).begun_count == 0


def test_a_whole_is_not_asked_about_beside_its_part(world) -> None:
    """Line and company were recorded for the same hours: one tap answers for both, and taking it back for both."""
    stay(world.person, world.company, *world.at_work)
    interview = world.begin()
    days = queries.calendar(interview, viewer=world.acting()["viewer"], at=NOW)
    items = next(day for day in days if day.day == DAY).items
    assert [(item.site.name, len(item.around)) for item in items] == [("Chuyền Bảy", 1), ("Chợ Mới", 0)]
    told = actions.judge(
        interview.public_id, world.known("line"), Verdict.DENIED, note="nghỉ", **world.acting()
    )
    assert {each.site for each in Stay.objects.all()} == {world.line, world.company}
    actions.judge(interview.public_id, world.known("line"), Verdict.CONFIRMED, **world.acting())
    assert {each.verdict for each in Stay.objects.all()} == {"confirmed"}, "another word goes for both"
    actions.drop_stay(interview.public_id, told.public_id, **world.acting())
    assert not Stay.objects.exists()
    assert actions.confirm_day(interview.public_id, DAY, **world.acting()) == 3
