"""The pages of chains: what they show, to whom, and what is taken away."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, SiteFactory, make_user
from tests.integration.chains.conftest import AT, Outbreak, met
from tuyendau.core.audit.models import Event
from tuyendau.records.cases.queries import CaseFilter
from tuyendau.records.chains import actions, queries
from tuyendau.records.chains.models import Decision, Link, Standing, Verdict
from tuyendau.records.chains.queries.links import places_of

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture
def seen(outbreak: Outbreak):
    outbreak.compute()

    def get(user, name, *args, expected: int = 200, **asked):
        client = Client()
        client.force_login(user)
        answer = client.get(reverse(f"chains:{name}", args=args), asked)
        assert answer.status_code == expected, answer.content[:400]
        return answer

    return get


def nodes(columns) -> dict[str, str | None]:
    """The infector of each node by number; "?" for one of whom nothing is told."""
    called = [code or "?" for code in columns["code"]]
    return {
        code: called[parent] if parent >= 0 else None
        for code, parent in zip(called, columns["parent"], strict=True)
    }


def test_the_drawing_has_every_case_with_its_infector(outbreak: Outbreak, seen) -> None:
    columns = seen(outbreak.officer, "chart").json()
    assert nodes(columns) == {"BN01": None, "BN02": "BN01", "BN03": "BN01", "BN04": "BN03"}
    assert columns["day"][1] - columns["day"][0] == 5
    assert columns["generation"] == [0, 1, 1, 2]
    assert [columns["setting"]["values"][v] for v in columns["setting"]["of"]] == ["", "room", "room", "line"]
    page = seen(outbreak.officer, "page").content.decode()
    assert "Chains of transmission" in page
    assert Event.objects.filter(kind="chains.read", by=outbreak.officer).count() == 1


def test_a_case_out_of_reach_has_no_name_no_date_and_no_place(outbreak: Outbreak, seen) -> None:
    far = outbreak.case("BN09", 8, unit=outbreak.there)
    near = outbreak.case("BN10", 13)
    met(outbreak.a, far, outbreak.room, date(2021, 5, 4), 40)
    met(far, near, outbreak.room, date(2021, 5, 9), 40)
    outbreak.compute()
    columns = seen(outbreak.nurse, "chart").json()
    assert nodes(columns)["BN10"] == "?"
    hidden = columns["kind"].index(queries.ELSEWHERE)
    for name in ("id", "code", "name", "day", "onset", "sample", "reported"):
        assert not columns[name][hidden], name
    assert columns["commune"]["values"][columns["commune"]["of"][hidden]] == ""
    for text in (far.public_id, far.person.full_name, "BN09"):
        for name, args in (
            ("page", ()),
            ("links", ()),
            ("of_case", (near.public_id,)),
            ("of_case", (outbreak.a.public_id,)),
        ):
            assert text not in seen(outbreak.nurse, name, *args).content.decode()
    card = seen(outbreak.nurse, "of_case", near.public_id).content.decode()
    assert "a case elsewhere" in card
    assert "1 case elsewhere" in seen(outbreak.nurse, "of_case", outbreak.a.public_id).content.decode()
    seen(outbreak.nurse, "of_case", far.public_id, expected=404)
    # The other side sees its own case and nothing of the infector's.
    assert nodes(seen(outbreak.elsewhere, "chart").json()) == {"BN09": "?", "?": None}


def test_a_company_is_told_of_its_own_sites_only(outbreak: Outbreak, seen) -> None:
    company = SiteFactory(kind="company", unit=outbreak.here)
    own = SiteFactory(parent=company, unit=outbreak.here, name="Chuyền riêng")
    for case in (outbreak.a, outbreak.b, outbreak.c, outbreak.d):
        AssignmentFactory(person=case.person, site=own)
    officer = make_user("cty", "company_officer", site=company, language="en")
    Link.objects.filter(infectee=outbreak.d).update(site=own)
    columns = seen(officer, "chart").json()
    places = [columns["setting"]["values"][v] for v in columns["setting"]["of"]]
    assert places == ["", "", "", "line"]
    (b,) = places_of(outbreak.viewer(officer), [outbreak.b])
    assert {one.site for one in b.infectors} == {None}
    assert "Phòng 12" not in seen(officer, "links").content.decode()
    assert "Chuyền riêng" in seen(officer, "links").content.decode()


def test_filters_narrow_and_keep_the_infector_as_beyond(outbreak: Outbreak, seen) -> None:
    columns = seen(outbreak.officer, "chart", **{"from": "2021-05-10", "axis": "onset"}).json()
    assert nodes(columns) == {"BN03": None, "BN04": "BN03"}
    assert columns["kind"] == [queries.BEYOND, queries.MATCHED]
    other = outbreak.case("BN20", 9, unit=outbreak.there)
    outbreak.compute()
    assert nodes(seen(outbreak.officer, "chart", unit=outbreak.there.code).json()) == {other.code: None}
    AssignmentFactory(person=outbreak.d.person, site=outbreak.line)
    assert set(nodes(seen(outbreak.officer, "chart", site=outbreak.line.code).json())) == {"BN03", "BN04"}
    assert set(nodes(seen(outbreak.officer, "chart", site=outbreak.line.name).json())) == {"BN03", "BN04"}
    assert nodes(seen(outbreak.officer, "chart", status="probable").json()) == {}
    page = seen(outbreak.officer, "page", site="Không có nơi này").content.decode()
    assert "There is no site of that name" in page
    assert "No case matches" in seen(outbreak.officer, "page", status="probable").content.decode()


def test_the_numbers_are_those_of_the_forest(outbreak: Outbreak) -> None:
    outbreak.compute()
    outbreak.case("BN30", 2)
    outbreak.compute()
    found = queries.summary(
        queries.chart(outbreak.viewer(outbreak.officer), "covid19", CaseFilter(status=("all",)))
    )
    assert (found.cases, found.unlinked, found.trees, found.largest, found.generations) == (5, 2, 1, 4, 3)
    assert found.spread.mean == pytest.approx(3 / 5)
    assert found.intervals is not None
    assert (found.intervals.pairs, found.intervals.mean) == (3, 5)


def test_the_drawing_costs_few_queries(outbreak: Outbreak, django_assert_max_num_queries) -> None:
    for number in range(60):
        met(outbreak.a, outbreak.case(f"BY{number:02d}", 9), outbreak.room, date(2021, 5, 4))
    outbreak.compute()
    client = Client()
    client.force_login(outbreak.officer)
    client.get(reverse("chains:page"))
    for name, most in (("page", 30), ("chart", 24), ("links", 40)):
        with django_assert_max_num_queries(most):
            client.get(reverse(f"chains:{name}"))
    with django_assert_max_num_queries(40):
        client.get(reverse("chains:of_case", args=[outbreak.a.public_id]))


def test_the_list_says_the_same_in_words(outbreak: Outbreak, seen) -> None:
    text = seen(outbreak.officer, "links").content.decode()
    for told in ("Phòng 12", "Chuyền 3", "BN01", "5 days between", "nobody in the list"):
        assert told in text


def test_deciding_on_the_card(outbreak: Outbreak, seen) -> None:
    client = Client()
    client.force_login(outbreak.officer)
    where = reverse("chains:decide", args=[outbreak.d.public_id])
    sent = {
        "verdict": "infected_by",
        "infector": "another",
        "another": "bn02",
        "reason": "Ăn cùng mâm",
        "card": "1",
    }
    answer = client.post(where, sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "chains:changed"
    assert "Ăn cùng mâm" in answer.content.decode()
    assert Standing.objects.get(case=outbreak.d).infector == outbreak.b
    refused = client.post(where, sent | {"another": "BN99"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert 'value="BN99"' in refused.content.decode()
    assert 'value="Ăn cùng mâm"' in refused.content.decode()
    decision = Decision.objects.get()
    back = reverse("chains:withdraw", args=[decision.public_id])
    assert client.post(back, {"reason": ""}, headers={"HX-Request": "true"}).status_code == 422
    assert client.post(back, {"reason": "nhầm"}).status_code == 302
    assert Standing.objects.get(case=outbreak.d).infector == outbreak.c
    assert "nhầm" in seen(outbreak.officer, "of_case", outbreak.d.public_id).content.decode()


def test_a_nurse_sees_and_does_not_decide(outbreak: Outbreak, seen) -> None:
    text = seen(outbreak.nurse, "of_case", outbreak.d.public_id).content.decode()
    assert "BN03" in text
    assert reverse("chains:decide", args=[outbreak.d.public_id]) not in text


def test_links_as_csv(outbreak: Outbreak, seen) -> None:
    outbreak.b.code = "=1+1"
    outbreak.b.save()
    answer = seen(outbreak.officer, "csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_case = {row["Case"]: row for row in rows}
    assert by_case["BN04"]["Infected by"] == "BN03"
    assert by_case["BN04"]["Site"] == "Chuyền 3"
    assert by_case["BN04"]["Days between"] == "5"
    assert by_case["BN01"]["Infected by"] == "nobody in the list"
    assert "'=1+1" in by_case
    assert outbreak.a.person.full_name not in answer.content.decode()
    event = Event.objects.get(kind="chains.exported")
    assert (event.by, event.data["as"], event.data["rows"]) == (outbreak.officer, "csv", 4)


def test_the_forest_as_graphml(outbreak: Outbreak, seen) -> None:
    """As a reader of networks parses it: keys that are declared, nodes before edges, ends that are nodes."""
    far = outbreak.case("BN<9>&", 8, unit=outbreak.there)
    met(outbreak.a, far, outbreak.room, date(2021, 5, 4), 40)
    outbreak.compute()
    viewer = outbreak.viewer(outbreak.officer)
    actions.decide(
        outbreak.d.public_id, outbreak.b.public_id, Verdict.INFECTED_BY, reason="x", viewer=viewer,
        by=outbreak.officer, at=AT,
    )  # fmt: skip
    root = ET.fromstring(seen(outbreak.officer, "graphml").content)
    kinds = {key.get("id"): (key.get("for"), key.get("attr.type")) for key in root.iter(f"{GRAPHML}key")}
    graph = root.find(f"{GRAPHML}graph")
    assert graph is not None
    assert graph.get("edgedefault") == "directed"
    codes = {}
    for node in graph.iter(f"{GRAPHML}node"):
        told = {data.get("key"): data.text for data in node}
        assert {kinds[key][0] for key in told} == {"node"}
        codes[node.get("id")] = told["code"]
    edges = {}
    for edge in graph.iter(f"{GRAPHML}edge"):
        told = {data.get("key"): data.text for data in edge}
        assert 0 < float(told["weight"]) <= 1
        edges[codes[edge.get("target")]] = (codes[edge.get("source")], told["decided"])
    assert edges["BN04"] == ("BN02", "true")
    assert edges["BN<9>&"] == ("BN01", "false")
    assert outbreak.a.person.full_name not in json.dumps(codes)
    hidden = ET.fromstring(seen(outbreak.elsewhere, "graphml").content)
    told = {data.text for data in hidden.iter(f"{GRAPHML}data")}
    assert not told & {"BN01", outbreak.here.name}


def test_a_picture_is_put_on_record(outbreak: Outbreak, seen) -> None:
    client = Client()
    client.force_login(outbreak.officer)
    answer = client.post(reverse("chains:picture"))
    assert answer.json()["name"].endswith(".png")
    assert Event.objects.get(kind="chains.exported").data["as"] == "png"


def test_old_chains_go_with_their_time(outbreak: Outbreak) -> None:
    outbreak.compute()
    from tuyendau.records.chains.actions.keeping import KEEPING

    held = frozenset([outbreak.d.person.public_id])
    would = KEEPING.preview(date(2021, 6, 1), held)
    assert KEEPING.remove(date(2021, 6, 1), held) == would
    assert list(Standing.objects.values_list("case__code", flat=True)) == ["BN04"]
    assert KEEPING.preview(date(2021, 1, 1), frozenset()).total == 0
