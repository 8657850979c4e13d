"""Single scans over the API, and devices that record with keys of their own."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.factories import make_user
from tests.integration.visits.senders import Works, counts, problems
from tuyendau.core.accounts.actions import add_device
from tuyendau.core.accounts.models import DeviceKey
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.models import Event
from tuyendau.lib import clock
from tuyendau.records.visits import actions
from tuyendau.records.visits.models import Batch, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def works() -> Works:
    return Works()


def single(works, way: str, **more):
    scan = {"person": "CN0", "site": "CONG", "direction": way}
    return works.client.post(
        "/api/v1/scans",
        json.dumps(scan | more),
        content_type="application/json",
        headers={"Sent-At": clock.now().isoformat()},
    )


def test_a_single_scan_in_and_out(works):
    came = single(works, "in", moment=works.ago(hours=2))
    assert (came.status_code, came.json()["end_assumed"]) == (200, True)
    assert single(works, "in", moment=works.ago(hours=2)).json() == came.json()
    left = single(works, "out", moment=works.ago(hours=1))
    assert (left.status_code, left.json()["end_assumed"]) == (200, False)
    assert single(works, "out", moment=works.ago(hours=1)).json() == left.json()
    visit = Visit.objects.get()
    assert visit.end - visit.start == timedelta(hours=1)
    assert single(works, "in").status_code == 200
    assert Event.objects.filter(kind__startswith="visit.").count() == 3


@pytest.mark.parametrize(
    ("scan", "status", "code", "field"),
    [
        ({"person": "AI-DO"}, 422, "person_refused", "person"),
        ({"site": "CTY-KHAC"}, 422, "site_refused", "site"),
        ({"moment": "9999-01-01T00:00:00Z"}, 422, "moment_refused", "moment"),
        ({"direction": "up"}, 400, "unknown_value", "direction"),
        ({"person": None}, 400, "not_text", "person"),
        ({"when": "now"}, 400, "unknown_field", "when"),
    ],
)
def test_a_single_scan_that_cannot_be(works, scan, status, code, field):
    answer = single(works, "in", **scan)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (
        status,
        code,
        [field],
    )
    assert not Visit.objects.exists()


def test_a_scan_of_a_clock_that_is_a_day_off_is_refused(works):
    body = json.dumps({"person": "CN0", "site": "CONG", "direction": "in", "moment": works.ago(hours=24)})
    headers = {"Sent-At": works.ago(hours=24)}
    answer = works.client.post("/api/v1/scans", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "clock_off")
    assert not Visit.objects.exists()


@pytest.fixture
def device(works):
    """A gate device of the works' gate, and the header with its key."""
    admin = make_user("quan_tri", "province_administrator", unit=works.province)
    viewer = viewer_of(admin, on=clock.local_day(clock.now()))
    made, key = add_device("Cổng 1", works.gate, viewer=viewer, by=admin, at=clock.now())
    works.client.logout()
    works.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return made


def test_a_device_records_at_its_own_site_alone(works, device):
    answer = works.send([works.scan("in", 2), works.stay(0)], key="a")
    assert counts(answer) == (2, 1, 0, 1)
    assert problems(answer) == [(2, "site", "unknown_site")]
    event = Event.objects.get(kind="visits.batch")
    assert (event.by, event.device) == (None, device.public_id)
    assert single(works, "out").status_code == 200
    assert Event.objects.get(kind="visit.out").device == device.public_id
    assert works.client.get("/api/v1/visits/batches/a").content == answer.content
    assert Batch.objects.get().sender == device.public_id


def test_a_key_that_is_revoked_while_a_batch_is_under_way_takes_the_batch_with_it(works, device, monkeypatch):
    record = actions.record_rows

    def revoked_meanwhile(*args, **kwargs):
        taken = record(*args, **kwargs)
        assert taken.accepted == 1
        DeviceKey.objects.update(revoked_at=clock.now())
        return taken

    monkeypatch.setattr(actions, "record_rows", revoked_meanwhile)
    answer = works.send([works.scan("in", 2)], key="a")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_revoked")
    assert not Visit.objects.exists()
    assert not Batch.objects.exists()
    assert not Event.objects.filter(kind="visits.batch").exists()
