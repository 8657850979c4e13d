"""The page of the map, what it loads of a layer, and the table behind it."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import shapely
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import SiteFactory, UnitFactory, make_user
from tests.integration.map.province import AT, DAY, Province, province
from tests.integration.map.reading import layer, unpacked
from tuyendau.access import Permission
from tuyendau.config import basemap
from tuyendau.core.audit.models import Event
from tuyendau.core.places import actions
from tuyendau.insight.map.layers import Asked, Class, Column, Features, Kind, Layer, Option, base
from tuyendau.lib import clock

__all__ = ["province"]
pytestmark = pytest.mark.django_db
ADDRESS = {"at": "2021-05-31"}
COMMUNES = "/map/layers/communes/features"


@pytest.fixture
def epi(client: Client, province: Province) -> Client:
    """An epidemiologist of the province, signed in."""
    client.force_login(make_user("epi", "epidemiologist", unit=province.root))
    return client


def table(client: Client, code: str = "communes", **asked: str) -> Any:
    """The table of a layer."""
    return client.get(reverse("map:table", args=[code]), asked)


class Dots(Layer):
    """Points of people, one of which nobody knows where it is."""

    code, title, group = "dots", "Dots", "Tests"
    kind, clustered, sensitive = Kind.POINT, True, True
    permission = Permission.CASE_VIEW
    options = (
        Option("kind", "Kind", (("a", "A"), ("b", "B")), "a"),
        Option("of", "Of whom", (), ""),
    )
    columns = (Column("name", "Name"), Column("day", "Day", "day"), Column("n", "Number", "integer"))

    def features(self, asked: Asked) -> Features:
        if self.chosen(asked, "kind") == "b":
            raise RuntimeError("this layer cannot be asked")
        places = np.array([shapely.Point(106.1, 21.2), None, shapely.Point(106.3, 21.4)], dtype=object)
        days = [date(2021, 5, 2), None, date(2021, 5, 1)]
        columns = {"name": ["Ân", "Bê\nBa", "An"], "day": days, "n": [10, None, 9]}
        labels = [f"{name} {self.chosen(asked, 'of')}" for name in columns["name"]]
        return Features(places, ["x", "y", "z"], [1, 0, -1], labels, ["/a/", None, None], columns)

    def legend(self, asked: Asked) -> list[Class]:
        return [Class(0, "none", "#fff"), Class(1, "some", "#f00", "1–9", base.Shape.STAR)]


@pytest.fixture
def dots(monkeypatch: pytest.MonkeyPatch) -> Layer:
    """A layer of the tests among those that there are."""
    found = Dots()
    known = dict(base._discovered())
    monkeypatch.setattr(base, "_discovered", lambda: known | {"dots": found})
    return found


def test_a_layer_takes_as_many_queries_for_many_communes_as_for_few(epi: Client, province: Province) -> None:
    layer(epi, **ADDRESS)
    with CaptureQueriesContext(connection) as few:
        layer(epi, **ADDRESS)
    for _ in range(20):
        province.report(UnitFactory.create(parent=province.district), 31)
    with CaptureQueriesContext(connection) as many:
        found = layer(epi, **ADDRESS)
    assert found.head["count"] == 23
    assert len(many) == len(few)


def test_communes_link_to_their_cases_and_those_without_are_told_of(epi: Client) -> None:
    found = layer(epi, **ADDRESS, **{"communes.days": "14"})
    assert found.texts["ids"] == ["07807", "07795", "07777"]
    urls = {row.name: row.url for row in table(epi, **ADDRESS).context["rows"]}
    link = urlsplit(urls["07807"])
    assert link.path == reverse("cases:list")
    assert parse_qs(link.query) == {
        "unit": ["07807"], "unit_on": ["2021-05-31"], "from": ["2021-05-18"], "to": ["2021-05-31"],
        "basis": ["reported"], "status": ["confirmed"],
    }  # fmt: skip
    assert len(epi.get(urls["07807"]).context["page"].object_list) == 13
    (note,) = found.head["notes"]
    assert note["text"].startswith("4 ")
    assert len(epi.get(note["url"]).context["page"].object_list) == 4


def test_all_not_discarded_is_the_same_on_the_map_and_in_the_list(epi: Client) -> None:
    found = layer(epi, **ADDRESS, **{"communes.status": "all"})
    nenh = next(
        row.url
        for row in table(epi, **ADDRESS, **{"communes.status": "all"}).context["rows"]
        if row.name == "07795"
    )
    assert ": 5 " in found.by_id("labels")["07795"]
    assert len(epi.get(nenh).context["page"].object_list) == 5


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"at": "31-31-2021"}, "31-31-2021"),
        ({"at": "2999-01-01"}, "2999-01-01"),
        ({"communes.days": "15"}, "15"),
        ({"communes.status": "discarded"}, "discarded"),
    ],
)
def test_what_cannot_be_understood_is_said_and_not_answered(
    epi: Client, asked: dict[str, str], told: str
) -> None:
    answer = epi.get(COMMUNES, asked)
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 1
    table = epi.get(reverse("map:table", args=["communes"]), asked)
    assert answer.json()["errors"][0] in table.content.decode()
    page = epi.get(reverse("map:page"), asked)
    assert page.status_code == 200
    if "at" in asked:
        assert page.context["form"].errors["at"]
        assert told in page.content.decode()


@pytest.mark.parametrize("written", ["2021-05-31", "31/05/2021", "23:59 31/05/2021", "2021-05-31T23:59"])
def test_a_day_stands_for_its_end_however_it_is_written(epi: Client, written: str) -> None:
    found = layer(epi, at=written)
    assert clock.local_day(datetime.fromisoformat(found.head["at"])) == DAY
    assert ": 13 " in found.by_id("labels")["07807"]


def test_today_and_no_moment_are_now(epi: Client) -> None:
    before = clock.now()
    for asked in ({}, {"at": clock.local_day(before).isoformat()}):
        assert before <= datetime.fromisoformat(layer(epi, **asked).head["at"]) <= clock.now()


def test_the_page_turns_on_what_its_address_names(epi: Client, dots: Layer) -> None:
    def shown(**asked: str) -> dict[str, bool]:
        page = epi.get(reverse("map:page"), asked)
        groups = page.context["groups"].values()
        return {entry["layer"].code: entry["shown"] for group in groups for entry in group}

    assert shown()["dots"] is False
    assert shown(layers="dots")["dots"] is True
    assert not any(shown(layers="").values())
    page = epi.get(reverse("map:page"), {"layers": "dots,gone", "dots.of": "case_1"})
    assert page.context["unknown"] == ["gone"]
    assert 'value="case_1"' in page.content.decode()


def test_outlines_come_with_numbers_in_the_legends_classes(epi: Client, province: Province) -> None:
    actions.draw_cells([province.root], by=None, at=AT)
    found = layer(epi, **ADDRESS)
    kinds = {json.loads(shape)["type"] for shape in found.texts["shapes"]}
    assert kinds <= {"Polygon", "MultiPolygon"}
    assert found.by_id("classes") == {"07807": 3, "07795": 1, "07777": 0}
    assert found.numbers["approximate"] == [1, 1, 1]
    assert found.texts["names"] == ["Xã Quang Châu", "Thị trấn Nếnh", "Xã Yên"]
    assert found.by_id("labels")["07807"].startswith("Xã Quang Châu, Huyện Việt Yên: 13 ")
    assert [one["value"] for one in found.head["legend"]] == [0, 1, 2, 3, 4, 5]


def test_outlines_that_the_browser_holds_are_not_sent_again(epi: Client, province: Province) -> None:
    actions.draw_cells([province.root], by=None, at=AT)
    first = layer(epi, **ADDRESS)
    outlines = {name: first.texts["shapes"][at] for name, at in first.by_id("outline").items()}
    province.report(province.quiet, 26, 40)
    other = layer(epi, at="2021-05-27", have=first.head["outlines"])
    assert other.texts["ids"] != first.texts["ids"]
    assert "shapes" not in other.texts
    assert {name: first.texts["shapes"][at] for name, at in other.by_id("outline").items()} == outlines
    assert "shapes" in layer(epi, at="2021-05-27", have="of another day").texts


def test_numbers_of_other_communes_are_not_sent(client: Client, province: Province) -> None:
    actions.draw_cells([province.root], by=None, at=AT)
    client.force_login(make_user("nurse", "commune_officer", unit=province.nenh))
    found = layer(client, **ADDRESS)
    assert found.by_id("classes") == {"07795": 1, "07807": -1, "07777": -1}
    rows = {row.name: row for row in table(client, **ADDRESS).context["rows"]}
    assert rows["07807"].url is None
    assert rows["07795"].url
    assert "13" not in found.by_id("labels")["07807"]


def test_a_layer_is_private_and_is_sent_again_only_when_it_changed(epi: Client, province: Province) -> None:
    actions.draw_cells([province.root], by=None, at=AT)
    address = f"{COMMUNES}?at=2021-05-31"
    first = epi.get(address, headers={"Accept-Encoding": "gzip"})
    assert "private" in first["Cache-Control"]
    assert "Cookie" in first["Vary"]
    assert unpacked(gzip.decompress(first.content)).head["count"] == 3
    again = {"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]}
    assert epi.get(address, headers=again).status_code == 304
    province.report(province.nenh, 31)
    assert epi.get(address, headers=again).status_code == 200


def test_points_come_as_numbers_and_one_without_a_place_is_counted(epi: Client, dots: Layer) -> None:
    found = layer(epi, "dots", **{"dots.of": "ai"})
    assert found.numbers["places"] == [106_100_000, 21_200_000, -(2**31), -(2**31), 106_300_000, 21_400_000]
    assert found.head["nowhere"] == 1
    assert found.numbers["classes"] == [1, 0, -1]
    assert found.texts["labels"] == ["Ân ai", "Bê Ba ai", "An ai"]
    assert found.head["legend"][1] == {
        "value": 1, "word": "some", "colour": "#f00", "span": "1–9", "shape": "star"
    }  # fmt: skip


def test_who_looks_at_people_is_on_record_once(epi: Client, dots: Layer) -> None:
    for _ in range(2):
        layer(epi, "dots")
        epi.get(reverse("map:table", args=["dots"]))
    layer(epi)
    (event,) = Event.objects.filter(kind="map.read")
    assert event.data == {"layer": "dots"}
    assert "epidemiologist" in event.ground


def test_the_table_holds_the_same_and_is_sorted_by_a_column(epi: Client, dots: Layer) -> None:
    def order(sort: str) -> list[str]:
        page = epi.get(reverse("map:table", args=["dots"]), {"sort": sort})
        return [row.name for row in page.context["rows"]]

    assert order("") == ["x", "y", "z"]
    assert order("name") == ["x", "z", "y"]
    assert order("day") == ["z", "x", "y"]
    assert order("-n") == ["x", "z", "y"]
    assert order("n") == ["z", "x", "y"]
    assert order("none") == ["x", "y", "z"]
    page = epi.get(reverse("map:table", args=["dots"]))
    rows = {row.name: row for row in page.context["rows"]}
    assert [str(cell) for cell in rows["x"].cells] == ["Ân", "02/05/2021", "10"]
    assert [str(cell) for cell in rows["y"].cells][1:] == ["–", "–"]
    assert rows["y"].nowhere
    part = epi.get(reverse("map:table", args=["dots"]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'data-find="x"' in part
    assert 'data-find="y"' not in part


def test_a_feature_has_a_card_with_all_its_columns(epi: Client, dots: Layer) -> None:
    card = epi.get(
        reverse("map:feature", args=["dots", "x"]), headers={"HX-Request": "true"}
    ).content.decode()
    for text in ("Ân", "02/05/2021", 'href="/a/"'):
        assert text in card
    assert epi.get(reverse("map:feature", args=["dots", "nobody"])).status_code == 404


def test_one_layer_fails_and_the_others_stand(epi: Client, dots: Layer) -> None:
    epi.raise_request_exception = False
    assert epi.get(reverse("map:layer", args=["dots"]), {"dots.kind": "b"}).status_code == 500
    assert layer(epi, **ADDRESS).head["count"] == 3
    assert epi.get(reverse("map:page"), {"layers": "dots", "dots.kind": "b"}).status_code == 200


def test_the_map_is_refused_to_a_company_and_to_whoever_is_not_signed_in(
    client: Client, province: Province
) -> None:
    addresses = [reverse("map:page"), COMMUNES, reverse("map:table", args=["communes"])]
    for address in addresses:
        assert client.get(address).status_code == 302
    site = SiteFactory.create(unit=province.quang_chau)
    client.force_login(make_user("officer", "company_officer", site=site))
    for address in addresses:
        assert client.get(address).status_code == 403


def test_a_layer_that_may_not_be_seen_is_neither_listed_nor_sent(
    client: Client, province: Province, dots: Layer
) -> None:
    client.force_login(make_user("lead", "leader", unit=province.root))
    page = client.get(reverse("map:page"), {"layers": "dots"})
    assert page.context["unknown"] == ["dots"]
    assert client.get(reverse("map:layer", args=["dots"])).status_code == 403
    assert client.get(reverse("map:layer", args=["gone"])).status_code == 404


def test_the_timeline_runs_to_today_and_counts_each_day_as_it_was_known(
    client: Client, province: Province
) -> None:
    today = clock.local_day(clock.now())
    root = UnitFactory.create(code="24", level=1, valid_from=date(2025, 7, 1))
    ward = UnitFactory.create(parent=root, valid_from=date(2025, 7, 1))
    client.force_login(make_user("epi", "epidemiologist", unit=root))
    assert client.get(reverse("map:timeline")).json() == {"days": [], "counts": []}
    province.report(ward, 1, 2, reported_on=today - timedelta(days=2))
    found = client.get(reverse("map:timeline")).json()
    assert found["days"] == [(today - timedelta(days=n)).isoformat() for n in (2, 1, 0)]
    assert found["counts"] == [2, 0, 0]


def test_a_picture_of_people_needs_the_right_to_take_data_away_and_is_on_record(
    client: Client, province: Province, dots: Layer
) -> None:
    address = reverse("map:picture")
    client.force_login(make_user("epi", "epidemiologist", unit=province.root))
    assert client.post(address, {"layers": "communes", "as": "png"}).json()["name"].endswith(".png")
    assert not Event.objects.filter(kind="map.pictured").exists()
    client.post(address, {"layers": "communes,dots", "as": "print", "at": "2021-05-31"})
    event = Event.objects.get(kind="map.pictured")
    assert event.data == {"layers": ["communes", "dots"], "as": "print", "at": "2021-05-31"}
    assert client.post(address, {"layers": "gone"}).status_code == 404
    client.force_login(make_user("lead", "leader", unit=province.root))
    assert client.post(address, {"layers": "communes"}).status_code == 200
    assert client.post(address, {"layers": "dots"}).status_code == 403


def test_a_ground_is_offered_where_the_province_has_named_one(epi: Client, settings: Any) -> None:
    assert "data-ground" not in epi.get(reverse("map:page")).content.decode()
    settings.BASEMAP = basemap.load({"TUYENDAU_MAP_TILES": "https://tiles.example.vn/{z}/{x}/{y}.png"})
    page = epi.get(reverse("map:page"), {"ground": "off"})
    assert "tiles.example.vn" in page.content.decode()
    assert page.context["without_ground"]
