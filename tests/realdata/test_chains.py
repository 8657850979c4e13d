"""The MERS outbreak of Korea in 2015: its published links, taken in and drawn, give the tree that was published.

Of the 98 links five belong to two cases of which several infectors were published: a tree has one of them, and the
drawing shows the others as named besides.
"""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UnitFactory, make_user
from tests.realdata.test_linelists import AT, take
from tuyendau.core.places.models import UnitLevel
from tuyendau.records.cases.models import Case
from tuyendau.records.chains import actions
from tuyendau.records.chains.actions import Published
from tuyendau.records.chains.models import Link, Standing
from tuyendau.records.chains.queries import reported_pairs

SPREADERS = [("SK_14", 38), ("SK_1", 26), ("SK_16", 21)]
pytestmark = [pytest.mark.realdata, pytest.mark.django_db]


def links_of(folder: Path) -> list[tuple[str, str]]:
    """(infector, infectee) of every published link."""
    with (folder / "linelists" / "mers_korea_2015_contacts.csv").open() as file:
        return [(row["from"], row["to"]) for row in csv.DictReader(file)]


@pytest.fixture
def korea(realdata: Path) -> Path:
    take("cases", realdata / "linelists" / "mers_korea_2015_linelist.csv")
    take("contacts", realdata / "linelists" / "mers_korea_2015_contacts.csv")
    return realdata


def drawn() -> dict[str, str]:
    """Who infected each case in the forest, by their numbers."""
    return dict(Standing.objects.exclude(infector=None).values_list("case__code", "infector__code"))


def generations(infector: dict[str, str], codes: set[str]) -> Counter[int]:
    """How many cases stand in each generation, counted from case to case."""

    def depth(code: str) -> int:
        return 0 if code not in infector else 1 + depth(infector[code])

    return Counter(depth(code) for code in codes)


def test_the_published_tree(korea: Path, admin: Any) -> None:
    published = links_of(korea)
    numbers = dict(Case.objects.values_list("code", "pk"))
    links = [Published(*pair) for pair in reported_pairs("covid19")]
    assert (len(links), len({infectee for _, infectee in published})) == (98, 95)
    assert actions.take_published(links, source="MERS, Korea 2015", by=None, at=AT) == 93
    actions.compute_waiting(at=AT)

    found = drawn()
    assert len(found) == 95
    assert {(infector, infectee) for infectee, infector in found.items()} <= set(published)
    assert Counter(Standing.objects.values_list("generation", flat=True)) == generations(found, set(numbers))
    assert Counter(infector for infector, _ in published).most_common(3) == SPREADERS
    assert Standing.objects.filter(decided=True).count() == 93

    client = Client()
    client.force_login(admin)
    columns = client.get(reverse("chains:chart")).json()
    code = columns["code"]
    assert len(code) == 162
    shown = {(code[above], code[node]) for node, above in enumerate(columns["parent"]) if above >= 0}
    shown |= {(code[infector], code[infectee]) for infectee, infector, _weight in columns["also"]}
    assert shown == set(published)
    assert Counter(infector for infector, _ in shown).most_common(3) == SPREADERS
    root = ET.fromstring(client.get(reverse("chains:graphml")).content)
    assert sum(1 for _ in root.iter("{http://graphml.graphdrawing.org/xmlns}edge")) == 98


def test_the_links_as_mere_evidence_give_the_same_tree(korea: Path) -> None:
    """Named contacts weigh, and nobody decided: every case has one of its published infectors."""
    actions.compute_waiting(at=AT)
    assert Link.objects.filter(named=True).count() == 98
    found = drawn()
    assert len(found) == 95
    assert {(infector, infectee) for infectee, infector in found.items()} <= set(links_of(korea))


@pytest.fixture
def admin(db: None) -> Any:
    return make_user("dich_te", "epidemiologist", unit=UnitFactory(level=UnitLevel.PROVINCE, code="24"))
