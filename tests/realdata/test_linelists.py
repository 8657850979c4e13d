"""Line lists as the world writes them: the MERS outbreak of Korea in 2015, and Bắc Giang's daily counts of 2021."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db.models import Count, F, Min

from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.insight.exchange.actions import Imported, import_file
from tuyendau.insight.exchange.actions.base import Options
from tuyendau.insight.exchange.forms.problems import AlreadyImported, FileRefused
from tuyendau.lib.text import fold
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Exposure
from tuyendau.records.people.models import Person

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


def take(kind: str, file: Path, data: bytes | None = None, **options: object) -> Imported:
    return import_file(
        kind, file.name, data or file.read_bytes(), viewer=None, by=None, at=AT, options=Options(**options)
    )


def test_mers_korea_2015(realdata: Path) -> None:
    cases = realdata / "linelists" / "mers_korea_2015_linelist.csv"
    links = realdata / "linelists" / "mers_korea_2015_contacts.csv"

    assert take("cases", cases).counts == {"new": 162, "known": 0, "people": 162, "without_unit": 162}
    assert take("contacts", links).counts == {"new": 98, "known": 0, "left_out": 0}

    first = Case.objects.select_related("person").get(code="SK_1")
    assert (first.onset_on, first.reported_on, first.result_on) == (
        date(2015, 5, 11), date(2015, 5, 19), date(2015, 5, 20),
    )  # fmt: skip
    assert (first.person.sex, first.person.birth_year, first.place_infected) == ("M", 1947, "Middle East")
    assert "Pyeongtaek" in first.note
    assert Case.objects.filter(onset_on=None).count() == 27
    died = Case.objects.filter(outcome="died")
    assert died.exclude(outcome_on=None).count() == 10
    assert set(Case.objects.values_list("status", flat=True)) == {"confirmed"}

    spreaders = Case.objects.annotate(n=Count("contacts")).order_by("-n").values_list("code", "n")
    assert list(spreaders[:3]) == [("SK_14", 38), ("SK_1", 26), ("SK_16", 21)]
    assert Exposure.objects.filter(note="Emergency room").count() == 33
    assert not Contact.objects.filter(case__person=F("person")).exists()


def test_links_before_their_cases_name_every_row(realdata: Path) -> None:
    links = realdata / "linelists" / "mers_korea_2015_contacts.csv"
    with pytest.raises(FileRefused) as refusal:
        take("contacts", links)
    assert refusal.value.total == 2 * 98
    assert {problem.row for problem in refusal.value.problems} == set(range(2, 100))


def test_unknown_ends_can_be_left_out(realdata: Path) -> None:
    """The simulated outbreak of Ebola: 5,829 cases, and 3,800 links of which 1,218 ends are not in the list."""
    folder = realdata / "linelists"
    linelist = folder / "ebola_sim_clean_linelist.csv"
    links = folder / "ebola_sim_clean_contacts.csv"
    mapping = {
        "date_of_onset": "onset",
        "date_of_hospitalisation": "reported",
        "date_of_infection": "",
        "date_of_outcome": "",
    }
    assert take("cases", linelist, mapping=mapping).counts["new"] == 5_829

    with linelist.open() as file:
        codes = {row["case_id"] for row in csv.DictReader(file)}
    with links.open() as file:
        pairs = [(row["infector"], row["case_id"]) for row in csv.DictReader(file)]
    assert len({end for pair in pairs for end in pair} - codes) == 1_218
    with pytest.raises(FileRefused) as refusal:
        take("contacts", links)
    assert refusal.value.total == sum(end not in codes for pair in pairs for end in pair)
    outcome = take("contacts", links, skip_unknown=True)
    kept = [pair for pair in pairs if set(pair) <= codes]
    assert outcome.counts["left_out"] == len(pairs) - len(kept)
    assert outcome.counts["new"] == len(set(kept))


@pytest.fixture
def communes(realdata: Path) -> dict[str, Unit]:
    """The units of Bắc Giang as they were in 2021."""
    begin, end = date(2020, 1, 1), date(2025, 1, 1)
    made: dict[str, Unit] = {}

    def unit(code: str, level: UnitLevel, name: str, parent: Unit | None) -> Unit:
        new = Unit.objects.create(
            code=code,
            level=level,
            name=name,
            folded=fold(name),
            parent=parent,
            valid_from=begin,
            valid_to=end,
        )
        new.path = f"{parent.path if parent else '/'}{new.pk}/"
        new.save()
        return new

    province = unit("24", UnitLevel.PROVINCE, "Tỉnh Bắc Giang", None)
    with (realdata / "places" / "bacgiang_admin_2021.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            code = row["district_code"]
            if code not in made:
                made[code] = unit(code, UnitLevel.DISTRICT, row["district"], province)
            made[row["code"]] = unit(row["code"], UnitLevel.COMMUNE, row["name"], made[code])
    return made


def test_bac_giang_2021(realdata: Path, communes: dict[str, Unit]) -> None:
    file = realdata / "outbreak" / "bacgiang_covid_daily_by_commune_2021.csv"
    with pytest.raises(FileRefused, match="2025"):
        take("cases", file)
    outcome = take("cases", file, valid_on=date(2021, 7, 1), source="bg2021")
    assert outcome.rows == 1_077
    assert outcome.counts["new"] == outcome.counts["people"] == Case.objects.count() == 5_649
    assert Case.objects.exclude(unit=None).aggregate(n=Count("unit", distinct=True))["n"] == 161
    assert Case.objects.aggregate(d=Min("reported_on"))["d"] == date(2021, 5, 8)
    assert not Person.objects.exclude(full_name="").exists()

    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    expected = Counter[tuple[str, str]]()
    for row in rows:
        if row["commune_code"]:
            expected[row["date"], row["commune_code"]] += int(row["cases"])
    stored = Case.objects.exclude(unit=None).values_list("reported_on", "unit__code")
    assert Counter((day.isoformat(), code) for day, code in stored) == expected
    assert Person.objects.filter(unit=None, address="Mỹ Hòa, Tân Lạc").exists()


def test_the_daily_file_again_with_one_day_more(realdata: Path, communes: dict[str, Unit]) -> None:
    file = realdata / "outbreak" / "bacgiang_covid_daily_by_commune_2021.csv"
    lines = file.read_bytes().splitlines(keepends=True)
    options = {"valid_on": date(2021, 7, 1), "source": "bg2021"}
    first = take("cases", file, b"".join(lines[:-1]), **options)
    with pytest.raises(AlreadyImported):
        take("cases", file, b"".join(lines[:-1]), **options)
    whole = take("cases", file, **options)
    assert whole.counts["known"] == first.counts["new"]
    assert (
        first.counts["new"] + whole.counts["new"] == Case.objects.count() == Person.objects.count() == 5_649
    )
    assert set(Case.objects.values_list("status", flat=True)) == {"confirmed"}
