"""The layers as an OGC API Features service."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tests.integration.map.sample_layer import COUNT, FIRST, SamplePoints, with_samples
from tuyendau.core.accounts import actions
from tuyendau.core.accounts.models import Device, DeviceKey, ToolKey, User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.accounts.rules import keys
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, Unit
from tuyendau.insight.map.layers import base
from tuyendau.insight.map.queries import taking
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db
BASE = "/api/features/"


@pytest.fixture
def unit() -> Unit:
    province = UnitFactory.create(level=1, code="24")
    UnitFactory.create(parent=province, lon=106.1, lat=21.2)
    return province


@pytest.fixture
def user(unit: Unit) -> User:
    return make_user("dichte", "epidemiologist", unit=unit)


@pytest.fixture(autouse=True)
def _samples(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(base, "_discovered", with_samples())
    taking.forget()
    SamplePoints.asked.clear()
    yield
    taking.forget()


def key_of(user: User, days: int = 30) -> str:
    viewer = viewer_of(user, on=clock.local_day(clock.now()))
    _made, key = actions.make_tool_key("QGIS", days=days, viewer=viewer, by=user, at=clock.now())
    return str(key)


def basic(password: str, name: str = "ai cũng được") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def get(path: str, user: User | None = None, headers: dict[str, str] | None = None, **query: Any) -> Any:
    client = Client()
    if headers is None and user is not None:
        headers = basic(key_of(user))
    return client.get(BASE + path, query, headers=headers or {})


def test_landing_leads_to_everything(user: User) -> None:
    headers = basic(key_of(user))
    links = {link["rel"]: link["href"] for link in get("", headers=headers).json()["links"]}
    assert links.keys() == {"self", "service-desc", "conformance", "data"}
    for link in links.values():
        assert Client().get(urlsplit(link).path, headers=headers).status_code == 200
    conforms = get("conformance", headers=headers).json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms


def test_each_layer_is_a_collection(user: User) -> None:
    found = {each["id"]: each for each in get("collections", user).json()["collections"]}
    assert {"sample.points", "sample.secret", "sample.areas", "sample.failing"} <= found.keys()
    assert found["sample.points"]["title"] == "Điểm thử"
    assert found["sample.points"]["extent"]["spatial"]["bbox"] == [[106.0, 21.1, 106.2, 21.3]]
    assert get("collections/sample.points", user).json() == found["sample.points"]


def test_a_page_of_items(user: User) -> None:
    page = get("collections/sample.points/items", user, limit=2, offset=1).json()
    assert page["type"] == "FeatureCollection"
    assert (page["numberMatched"], page["numberReturned"]) == (COUNT, 2)
    first, second = page["features"]
    assert first["id"] == "điểm 1"
    assert first["geometry"] == {"type": "Point", "coordinates": [106.0001, 21.0]}
    assert first["properties"] == {"name": "Chợ “1”", "count": 1, "rate": 0.25, "day": None, "seen": None}
    assert second["properties"]["day"] == "2021-05-10"
    assert second["properties"]["seen"] == "2021-05-08T10:30:00+07:00"


def test_pages_follow_each_other_at_one_moment(user: User) -> None:
    headers = basic(key_of(user))
    url, seen, pages = BASE + "collections/sample.points/items?limit=1000", [], 0
    while url:
        page = Client().get(url, headers=headers).json()
        seen += [each["id"] for each in page["features"]]
        pages += 1
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
        if url:
            assert parse_qs(urlsplit(url).query)["datetime"] == [page["timeStamp"]]
    assert pages == 3
    assert seen == [f"điểm {row}" for row in range(COUNT)]
    assert len({asked.at for asked in SamplePoints.asked}) == 1
    assert len(SamplePoints.asked) == 1, "the pages after the first are of what was read for it"


def test_what_is_now_is_read_each_time_where_nobody_follows_events(user: User) -> None:
    headers = basic(key_of(user))
    for _ in range(2):
        get("collections/sample.points/items", headers=headers)
    assert len(SamplePoints.asked) == 2


def test_a_box(user: User) -> None:
    page = get("collections/sample.points/items", user, bbox="106.00015,20.9,106.00035,21.1").json()
    assert [each["id"] for each in page["features"]] == ["điểm 2", "điểm 3"]
    high = get("collections/sample.points/items", user, bbox="106.00015,20.9,-5,106.00035,21.1,900").json()
    assert high["features"] == page["features"]


def test_a_box_over_the_180th_meridian(user: User) -> None:
    around = get("collections/sample.points/items", user, bbox="170,20,106.00005,22").json()
    assert [each["id"] for each in around["features"]] == ["điểm 0"]


def test_what_has_no_place_lies_in_no_box(user: User) -> None:
    everywhere = get("collections/sample.points/items", user, bbox="-180,-90,180,90", limit=1).json()
    assert everywhere["numberMatched"] == COUNT - 1
    last = get(f"collections/sample.points/items/điểm {COUNT - 1}", user).json()
    assert last["geometry"] is None


def test_areas(user: User) -> None:
    page = get("collections/sample.areas/items", user, bbox="107.1,21.1,107.2,21.2").json()
    assert [each["id"] for each in page["features"]] == ["07795"]
    assert page["features"][0]["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-05-08T07:00:00Z", datetime(2021, 5, 8, 7, tzinfo=UTC)),
        ("2021-05-08T07:00:00+07:00", datetime(2021, 5, 8, tzinfo=UTC)),
        ("../2021-05-08T07:00:00Z", datetime(2021, 5, 8, 7, tzinfo=UTC)),
        ("2021-05-01/2021-05-08", datetime(2021, 5, 8, 16, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_datetime_is_as_of_when(user: User, text: str, expected: datetime) -> None:
    assert get("collections/sample.points/items", user, datetime=text, limit=1).status_code == 200
    assert SamplePoints.asked[-1].at == expected


@pytest.mark.parametrize("text", ["", "..", "2021-05-08/..", "2999-01-01"])
def test_an_open_end_is_now(user: User, text: str) -> None:
    before = clock.now()
    assert get("collections/sample.points/items", user, datetime=text, limit=1).status_code == 200
    assert before <= SamplePoints.asked[-1].at <= clock.now()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"count": "3"}, ["điểm 3"]),
        ({"name": "Chợ “7”"}, ["điểm 7"]),
        ({"rate": "0.5"}, ["điểm 2"]),
        ({"seen": "2021-05-08T08:30:00+07:00"}, ["điểm 0"]),
        ({"day": "2021-05-08", "count": "7"}, ["điểm 7"]),
        ({"count": "3", "name": "khác"}, []),
    ],
)
def test_columns_are_filters(user: User, query: dict[str, str], ids: list[str]) -> None:
    page = get("collections/sample.points/items", user, **query).json()
    assert [each["id"] for each in page["features"]] == ids
    assert page["numberMatched"] == len(ids)


def test_options(user: User) -> None:
    assert get("collections/sample.points/items", user, many="few").json()["numberMatched"] == 5


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "106,22,107,21"}, "bbox"),
        ({"bbox": "106,21,nan,22"}, "bbox"),
        ({"bbox": "600000,2300000,610000,2310000"}, "bbox"),
        ({"limit": "0"}, "limit"),
        ({"limit": "nhiều"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"datetime": "hôm qua"}, "datetime"),
        ({"datetime": "2021-05-08/2021-05-01"}, "datetime"),
        ({"crs": "http://www.opengis.net/def/crs/EPSG/0/3405"}, "crs"),
        ({"many": "vừa"}, "many"),
        ({"count": "ba"}, "count"),
        ({"day": "08/05/2021"}, "day"),
        ({"unheard": "1"}, "unheard"),
        ({"f": "html"}, "f"),
    ],
)
def test_what_cannot_be_understood_is_told_by_field(user: User, query: dict[str, str], field: str) -> None:
    refused = get("collections/sample.points/items", user, **query)
    assert refused.status_code == 400
    assert refused.json()["fields"].keys() == {field}
    assert refused.json()["message"]
    assert SamplePoints.asked == []


def test_a_page_holds_no_more_than_the_most(user: User) -> None:
    page = get("collections/sample.points/items", user, limit=1_000_000).json()
    assert page["numberReturned"] == COUNT


def test_what_is_not_there(user: User) -> None:
    for path in ("collections/none", "collections/none/items", "collections/sample.points/items/none"):
        assert get(path, user).status_code == 404


def test_a_layer_that_fails_leaves_the_others(user: User) -> None:
    headers = basic(key_of(user))
    client = Client(raise_request_exception=False)
    assert client.get(f"{BASE}collections/sample.failing/items", headers=headers).status_code == 500
    assert client.get(f"{BASE}collections/sample.points/items", headers=headers).status_code == 200
    assert client.get(f"{BASE}collections", headers=headers).status_code == 200


def test_the_description_names_every_path_option_and_filter(user: User) -> None:
    said = get("api", user).json()
    parameters = said["paths"]["/collections/sample.points/items"]["get"]["parameters"]
    names = {each.get("name") or each["$ref"].rpartition("/")[2] for each in parameters}
    assert names == {"limit", "offset", "bbox", "datetime", "many", "name", "count", "rate", "day", "seen"}
    headers = basic(key_of(user))
    for path in said["paths"]:
        if "failing" not in path and "{" not in path:
            assert Client().get(BASE + path.lstrip("/"), headers=headers).status_code == 200


def test_features_are_as_the_schema_says(user: User) -> None:
    schema = get("collections/sample.points/queryables", user).json()["properties"]
    (feature,) = get("collections/sample.points/items", user, limit=1).json()["features"]
    assert schema.keys() == {*feature["properties"], "geometry"}
    types = {"string": str, "integer": int, "number": float}
    for name, value in feature["properties"].items():
        assert isinstance(value, types[schema[name]["type"]])
    assert schema["day"]["format"] == "date"
    assert schema["seen"]["format"] == "date-time"
    assert schema["geometry"]["format"] == "geometry-point"


def test_nobody_is_asked_for_a_key() -> None:
    for headers in ({}, basic("tdu_falsch"), basic("x"), {"Authorization": "Basic %%%"}):
        refused = get("collections", headers=headers)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")
        assert "sessionid" not in refused.cookies


def test_a_key_is_sent_as_bearer_token_too(user: User) -> None:
    assert get("collections", headers={"Authorization": f"Bearer {key_of(user)}"}).status_code == 200


def test_the_address_without_the_slash_leads_there(user: User) -> None:
    answer = Client().get("/api/features", headers=basic(key_of(user)))
    assert (answer.status_code, answer.headers["Location"]) == (301, "/api/features/")


def test_a_key_opens_nothing_else_and_writes_nothing(user: User) -> None:
    headers = basic(key_of(user))
    assert Client().get("/api/v1/me", headers=headers).status_code == 401
    assert Client().post(f"{BASE}collections", headers=headers).status_code == 401
    assert Client().get("/cases/", headers=headers).status_code == 302


def test_a_key_sets_no_cookie(user: User) -> None:
    answer = get("collections", user)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_key_of_a_gate_opens_no_layer(unit: Unit) -> None:
    site = SiteFactory.create(kind=SiteKind.GATE, unit=unit)
    device = Device.objects.create(name="Cổng 1", site=site, made_at=clock.now())
    key = keys.new()
    DeviceKey.objects.create(device=device, key_id=key.key_id, digest=key.digest, made_at=clock.now())
    for headers in ({"Authorization": f"Bearer {key}"}, basic(str(key))):
        assert get("collections", headers=headers).status_code == 403


def test_a_revoked_key_and_one_that_is_over_open_nothing(user: User) -> None:
    revoked, over = key_of(user), key_of(user)
    first, second = ToolKey.objects.order_by("pk")
    actions.revoke_tool_key(first.key_id, by=user, at=clock.now())
    ToolKey.objects.filter(pk=second.pk).update(valid_until=clock.real_now() - timedelta(seconds=1))
    for key in (revoked, over):
        assert get("collections", headers=basic(key)).status_code == 401


@pytest.mark.parametrize("what", ["password", "closed", "signed out", "one-time password"])
def test_keys_end_with_what_ends_sessions(user: User, what: str) -> None:
    headers = basic(key_of(user))
    if what == "password":
        actions.set_password("dichte", password="lúa chín ngoài đồng", by=None, at=clock.now())
    elif what == "closed":
        actions.disable_user("dichte", by=None, at=clock.now())
    elif what == "signed out":
        actions.end_sessions(user, by=user, at=clock.now())
    else:
        User.objects.filter(pk=user.pk).update(must_change_password=True)
        assert get("collections", headers=headers).status_code == 403
        return
    assert get("collections", headers=headers).status_code == 401


def test_a_guarded_role_without_its_second_factor_reads_nothing(user: User, settings: Any) -> None:
    settings.SECOND_FACTOR_GRACE = 0
    refused = get("collections", user)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_due")


def test_what_tells_of_people_needs_the_right_to_export(unit: Unit) -> None:
    leader = make_user("lanhdao", "leader", unit=unit)
    listed = {each["id"] for each in get("collections", leader).json()["collections"]}
    assert "sample.points" in listed
    assert not listed & {"sample.secret", "sample.private"}
    for code in ("sample.secret", "sample.private"):
        refused = get(f"collections/{code}/items", leader)
        assert refused.status_code == 403
        assert refused.json()["fields"] == {"export": refused.json()["message"]}


def test_whoever_sees_no_map_sees_no_layer(unit: Unit) -> None:
    auditor = make_user("kiemtoan", "auditor", unit=unit)
    viewer = viewer_of(auditor, on=clock.local_day(clock.now()))
    with pytest.raises(Exception, match=r"map\.view"):
        actions.make_tool_key("QGIS", days=30, viewer=viewer, by=auditor, at=clock.now())
    client = Client()
    client.force_login(auditor)
    assert client.get(f"{BASE}collections").status_code == 403


def test_reading_what_tells_of_people_is_on_record_once_for_all_pages(user: User) -> None:
    headers = basic(key_of(user))
    for offset in (0, 1000, 2000):
        get("collections/sample.secret/items", headers=headers, offset=offset)
    get("collections/sample.points/items", headers=headers)
    (event,) = Event.objects.filter(kind="map.layer_read")
    assert event.by_id == user.pk
    assert event.data["layer"] == "sample.secret"
    assert event.data["key"] == ToolKey.objects.get().key_id


def test_what_was_kept_for_one_is_not_for_another(user: User, unit: Unit) -> None:
    other = make_user("khac", "district_officer", unit=unit)
    when = (FIRST + timedelta(days=1)).isoformat()
    for each in (user, user, other):
        get("collections/sample.points/items", each, datetime=when)
    assert [asked.viewer.user_id for asked in SamplePoints.asked] == [user.pk, other.pk]


@pytest.mark.parametrize(
    "code", sorted(code for code in base._discovered() if not code.startswith("sample."))
)
def test_each_layer_of_the_program_keeps_to_its_own_columns(user: User, unit: Unit, code: str) -> None:
    """What a layer says of its columns is what tools get: names, types, one value for each feature."""
    commune = Unit.objects.get(parent=unit)
    CaseFactory.create(
        person=PersonFactory.create(unit=commune),
        status="confirmed",
        reported_on=clock.local_day(clock.now()),
    )
    for kind in SiteKind:
        SiteFactory.create(kind=kind, unit=commune, lon=106.1, lat=21.2)
    page = get(f"collections/{code}/items", user).json()
    assert "features" in page
    schema = get(f"collections/{code}/queryables", user).json()["properties"]
    types = {"string": str, "integer": int, "number": int | float, "boolean": bool}
    for feature in page["features"]:
        assert feature["properties"].keys() == schema.keys() - {"geometry"}
        for name, value in feature["properties"].items():
            assert value is None or isinstance(value, types[schema[name]["type"]]), (name, value)
    client = Client()
    client.force_login(user)
    for form in ("geojson", "gpkg", "xlsx"):
        assert client.get(f"/map/layers/{code}/download/{form}").status_code == 200
