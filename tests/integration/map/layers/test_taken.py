"""Layers as they are taken: every one of them as every kind of file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user, stay
from tests.integration.map.layers.world import START, Province, case
from tuyendau.core.places.models import SiteKind
from tuyendau.records.visits.actions.partitions import ensure_partitions

pytestmark = pytest.mark.django_db
LAYERS = (
    "communes", "cases", "exposures", "movement", "workplaces", "lodgings", "gatherings", "facilities", "posts",
)  # fmt: skip


@pytest.mark.parametrize("form", ["geojson", "gpkg", "xlsx"])
def test_every_layer_can_be_taken_as_a_file(client: Client, form: str) -> None:
    province = Province()
    ensure_partitions([START.date()])
    sites = [
        province.site(kind, n % 5, lon=106 + n / 100, lat=21.2) for n, kind in enumerate(SiteKind.values)
    ]
    one = case(START, province.communes[0])
    case(START, None)
    for n, site in enumerate(sites[:3]):
        stay(one.person, site, START - timedelta(hours=n + 1), START - timedelta(hours=n, minutes=30))
    client.force_login(make_user("epi", "epidemiologist", unit=province.root))
    for code in LAYERS:
        asked = {"at": START.date().isoformat(), "movement.case": one.public_id}
        answer = client.get(reverse("map:download", args=[code, form]), asked)
        assert answer.status_code == 200, (code, form)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert len(body) > 100, (code, form)
