"""The pages: what was typed comes back, what is refused says why, and no page asks the database by the row."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from tests.integration.interviews.world import DAY, HOUR, MORNING, NOW, World
from tuyendau.core.audit.models import Event
from tuyendau.lib import clock
from tuyendau.records.contacts.actions import trace_confirmed
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.models import Answer, Declaration, Interview, Milestone, Named, Stay, Verdict

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(monkeypatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return World()


@pytest.fixture
def interview(world) -> Interview:
    return world.begin()


def at(name, *args) -> str:
    return reverse(f"interviews:{name}", args=args)


@pytest.mark.parametrize("step", ["identity", "illness", "places", "people", "source", "finish"])
def test_every_step_opens(world, interview, step) -> None:
    page = world.client().get(at("step", interview.public_id, step))
    assert page.status_code == 200
    assert "Trần Thị Ca" in page.content.decode()


def test_a_step_is_kept_and_leads_on_and_what_is_not_understood_comes_back(world, interview) -> None:
    client = world.client()
    where = at("step", interview.public_id, "illness")
    got = client.post(
        where, {"base": "0", "ill": "yes", "onset_on": "14/05/2021", "symptoms": ["fever", "cough"]}
    )
    assert (got.status_code, got.headers["Location"]) == (302, at("step", interview.public_id, "places"))
    values = queries.values_of(queries.answers_of(interview))
    assert (values["onset_on"], values["symptoms"]) == ("2021-05-14", "fever,cough")
    got = client.post(where, {"base": "1", "ill": "no", "onset_on": "không nhớ", "symptoms": ["fever"]})
    assert got.status_code == 200
    assert "không nhớ" in got.content.decode()
    assert queries.values_of(queries.answers_of(interview))["ill"] == "no", "what was understood is kept"


def test_saving_while_typing_tells_what_is_kept_and_what_is_wrong(world, interview) -> None:
    sent = {"step": "identity", "base": "0", "field": ["work", "phone"], "work": "chuyền 7", "phone": "12"}
    told = world.client().post(at("save", interview.public_id), sent).json()
    assert told["saved"] == ["work"]
    assert "12" in told["errors"]["phone"]
    late = (
        world.client(world.second).post(at("save", interview.public_id), sent | {"work": "chuyền 9"}).json()
    )
    assert late["beside"] == ["work"]
    page = world.client().get(at("step", interview.public_id, "identity")).content.decode()
    assert "chuyền 7" in page
    assert "chuyền 9" in page
    actions.finish(interview.public_id, **world.acting())
    assert world.client().post(at("save", interview.public_id), sent).status_code == 409


def span(times) -> str:
    return "-".join(str(int(moment.timestamp())) for moment in times)


def test_taps_on_the_calendar(world, interview) -> None:
    client = world.client()
    tap = {"site": world.line.public_id, "span": span(world.at_work), "verdict": "confirmed"}
    page = client.post(at("judge", interview.public_id), tap, headers=HTMX).content.decode()
    assert "was there" in page
    market = {"site": world.market.public_id, "span": span(world.shopping)}
    refused = client.post(at("judge", interview.public_id), market | {"verdict": "denied"}, headers=HTMX)
    assert (refused.status_code, "Say why" in refused.content.decode()) == (422, True)
    told = market | {"verdict": "corrected", "begins": "16:30", "ends": "17.15"}
    client.post(at("judge", interview.public_id), told, headers=HTMX)
    stay = Stay.objects.get(site=world.market)
    assert (stay.verdict, stay.start, stay.end) == ("corrected", MORNING + 9.5 * HOUR, MORNING + 10.25 * HOUR)
    drop = at("drop_stay", interview.public_id, stay.public_id)
    client.post(drop, {"day": DAY.isoformat()}, headers=HTMX)
    assert Stay.objects.count() == 1


def test_a_place_in_words_that_was_typed_for_a_site_is_not_lost(world, interview) -> None:
    told = {
        "day": DAY.isoformat(),
        "site": "",
        "site_name": "đám cưới ông Tư",
        "begins": "23:00",
        "ends": "01:00",
    }
    got = world.client().post(at("add_stay", interview.public_id), told, headers=HTMX)
    assert got.status_code == 200
    stay = Stay.objects.get()
    assert (stay.words, stay.end - stay.start) == ("đám cưới ông Tư", 2 * HOUR)
    told |= {"begins": "25:00", "commune": "00000"}
    got = world.client().post(at("add_stay", interview.public_id), told, headers=HTMX)
    assert (got.status_code, "25:00" in got.content.decode()) == (422, True)
    assert Stay.objects.count() == 1


def test_people_are_found_in_reach_only_and_a_refused_form_comes_back(world, interview) -> None:
    client = world.client()
    page = client.get(at("found_people", interview.public_id), {"who": "le van"}).content.decode()
    assert "Lê Văn Cùng" in page
    assert (
        "Phạm Thị Bán"
        not in client.get(at("found_people", interview.public_id), {"who": "pham"}).content.decode()
    )
    told = {"way": "work", "who": "Người Mới", "phone": "123", "last_on": "13/05/2021"}
    got = client.post(at("name_person", interview.public_id), told, headers=HTMX)
    assert (got.status_code, "Người Mới" in got.content.decode()) == (422, True)
    client.post(at("name_person", interview.public_id), told | {"phone": "0912 345 678"}, headers=HTMX)
    named = Named.objects.get()
    assert (named.full_name, named.phone, named.last_on) == ("Người Mới", "+84912345678", DAY)
    again = told | {"who": "người mới", "phone": "0912345678"}
    got = client.post(at("name_person", interview.public_id), again, headers=HTMX)
    assert got.status_code == 422
    assert "người mới is in this list already." in got.content.decode()
    assert 'value="người mới"' in got.content.decode()
    namesake = told | {"phone": "0912 345 679"}
    got = client.post(at("name_person", interview.public_id), namesake, headers=HTMX)
    assert (got.status_code, Named.objects.count()) == (200, 2)
    assert 'value="Người Mới"' not in got.content.decode(), "the form is empty for the next one"
    Named.objects.exclude(pk=named.pk).delete()
    client.post(at("unname", interview.public_id, named.public_id), {}, headers=HTMX)
    assert not Named.objects.exists()


def test_finishing_leads_to_the_list(world, interview) -> None:
    got = world.client().post(at("finish", interview.public_id), follow=True)
    assert got.redirect_chain[-1][0] == reverse("contacts:list_of_case", args=[world.case.public_id])
    assert "The interview is finished" in got.content.decode()


def test_the_milestones_of_a_case_and_the_notice_that_names_nobody(world, interview) -> None:
    client = world.client()
    where = at("milestones_of_case", world.case.public_id)
    (key,) = queries.proposals(world.acting()["viewer"], world.case, at=NOW)
    assert "Chợ Mới" in client.get(where).content.decode()
    client.post(where, {"proposal": key})
    made = Milestone.objects.get()
    client.post(at("milestone_state", made.public_id), {"state": "sent"})
    assert "Chợ Mới" in client.get(at("milestones"), {"day": "13/05/2021", "state": "sent"}).content.decode()
    notice = client.get(at("notice", made.public_id)).content.decode()
    assert "Chợ Mới" in notice
    assert "Trần Thị Ca" not in notice
    assert client.get(at("milestone", made.public_id)).status_code == 200
    told = {
        "by_hand": "1",
        "words": "quán",
        "start": "10:00 13/05/2021",
        "end": "09:00 13/05/2021",
        "exposure": "meal",
    }
    got = client.post(where, told)
    assert (got.status_code, Milestone.objects.count()) == (200, 1)
    assert "quán" in got.content.decode()


def test_forms_are_printed_and_what_came_back_is_entered(world) -> None:
    trace_confirmed(world.case.pk, at=NOW)
    client = world.client()
    printed = client.get(at("print_forms", world.case.public_id)).content.decode()
    assert "Lê Văn Cùng" in printed
    assert "Trần Thị Ca" not in printed, "the form tells nobody who the case is"
    where = f"{at('declare', world.colleague.public_id)}?case={world.case.public_id}"
    line = {"lines": "5", "returned_on": "15/05/2021", "p0-full_name": "Vợ", "p0-last_met_on": "14/05/2021"}
    wrong = client.post(where, line | {"p1-full_name": "Con", "p1-phone": "9"})
    assert wrong.status_code == 200
    assert "Write the day." in wrong.content.decode()
    assert not Declaration.objects.exists()
    assert client.post(where, line).status_code == 302
    assert Declaration.objects.get().people.get().full_name == "Vợ"
    assert "Lê Văn Cùng" not in client.get(at("print_forms", world.case.public_id)).content.decode()
    more = client.post(where, line | {"more": "1"}).content.decode()
    assert 'name="lines" value="10"' in more
    got = client.post(where, {"lines": "5", "returned_on": "15/05/2021"})
    assert "met nobody" in got.content.decode()


def test_the_sheet_tells_everything_and_is_on_record(world, interview) -> None:
    actions.judge(interview.public_id, world.known("market"), Verdict.DENIED, note="ở nhà", **world.acting())
    actions.save_answers(interview.public_id, {"onset_on": "2021-05-14"}, base=0, **world.acting())
    page = world.client().get(at("sheet", interview.public_id)).content.decode()
    for text in ("Trần Thị Ca", "14/05/2021", "ở nhà", "Chuyền Bảy"):
        assert text in page
    assert Event.objects.filter(kind="interview.printed").exists()


def test_a_place_is_picked_by_name_and_nobody_is_named(world) -> None:
    client = world.client()
    where = reverse("places:pick")
    found = client.get(where, {"site_name": "cho moi"}).content.decode()
    assert 'data-pick="CHO"' in found, "a market of another commune"
    assert "Chợ Mới" not in world.client(world.officer).get(where, {"site_name": "cho moi"}).content.decode()
    assert "Chuyền Bảy" in world.client(world.officer).get(where, {"site_name": "bay"}).content.decode()
    commune = client.get(where, {"what": "commune", "commune_name": world.beside.name}).content.decode()
    assert world.beside.code in commune


def test_pages_ask_as_often_for_many_as_for_few(world, interview, django_assert_max_num_queries) -> None:
    client = world.client()
    client.get(at("overview"))
    for number in range(30):
        actions.add_stay(
            interview.public_id, MORNING + number * HOUR / 4, MORNING + (number + 1) * HOUR / 4, site_code="QUAN",
            **world.acting(),
        )  # fmt: skip
        actions.name_person(
            interview.public_id, actions.NewNamed(way="work", full_name=f"N{number}"), **world.acting()
        )
    for name, most in (("places", 45), ("people", 50), ("finish", 55)):
        with django_assert_max_num_queries(most):
            client.get(at("step", interview.public_id, name))
    with django_assert_max_num_queries(40):
        client.get(at("overview"))
    with django_assert_max_num_queries(40):
        client.get(at("milestones"))


def test_the_company_sees_nothing_of_it(world, interview) -> None:
    officer = world.client(world.officer)
    page = officer.get(reverse("cases:detail", args=[world.case.public_id])).content.decode()
    assert at("of_case", world.case.public_id) not in page
    for where in (at("of_case", world.case.public_id), at("sheet", interview.public_id), at("overview")):
        assert officer.get(where).status_code == 403
    assert not Answer.objects.exists()
    assert queries.due(world.acting()["viewer"], date(2021, 5, 15)).begun_count == 1
