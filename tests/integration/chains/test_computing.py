"""Chains follow from contacts and dates, and are computed anew where something changed."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner
from django.db import transaction

from tests.factories import PersonFactory
from tests.integration.chains.conftest import AT, Outbreak, met
from tuyendau.config.cli import chains
from tuyendau.core.audit.models import Event
from tuyendau.records.cases import actions as cases
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules import Status
from tuyendau.records.chains import actions
from tuyendau.records.chains.models import Link, Standing, Waiting
from tuyendau.records.contacts.actions import ReportedContact, add_reported_contacts
from tuyendau.records.contacts.models import Evidence
from tuyendau.records.people.actions import merge


def infectors() -> dict[str, str | None]:
    return dict(Standing.objects.order_by("case__code").values_list("case__code", "infector__code"))


def test_the_forest_follows_contacts_and_dates(outbreak: Outbreak) -> None:
    outbreak.compute()
    assert infectors() == {"BN01": None, "BN02": "BN01", "BN03": "BN01", "BN04": "BN03"}
    standing = Standing.objects.get(case=outbreak.d)
    assert (standing.generation, standing.head_id, standing.basis) == (2, outbreak.a.pk, 0)
    assert standing.day == date(2021, 5, 13)


def test_alternatives_keep_their_weights(outbreak: Outbreak) -> None:
    outbreak.compute()
    links = list(Link.objects.filter(infectee=outbreak.b).order_by("rank"))
    assert [link.infector_id for link in links] == [outbreak.a.pk, outbreak.c.pk, None]
    assert sum(link.weight for link in links) == pytest.approx(1)
    first = links[0]
    assert first.weight > 0.5
    assert (first.days, first.site_id, first.evidence, first.seconds) == (
        5,
        outbreak.room.pk,
        "visits",
        144_000,
    )
    assert not first.named


def test_of_many_infectors_the_first_are_kept_and_the_rest_summed(outbreak: Outbreak) -> None:
    for number in range(12):
        other = outbreak.case(f"BX{number:02d}", 7)
        met(other, outbreak.d, outbreak.line, date(2021, 5, 9), 1 + number)
    outbreak.compute()
    links = Link.objects.filter(infectee=outbreak.d, infector__isnull=False)
    standing = Standing.objects.get(case=outbreak.d)
    assert (links.count(), standing.others) == (8, 5)
    total = sum(Link.objects.filter(infectee=outbreak.d).values_list("weight", flat=True))
    assert total + standing.others_weight == pytest.approx(1)


def test_another_disease_is_no_infector(outbreak: Outbreak) -> None:
    Case.objects.filter(pk=outbreak.a.pk).update(disease="measles")
    outbreak.compute()
    assert not Link.objects.filter(infector=outbreak.a).exists()


def test_only_what_rests_on_a_change_is_computed(outbreak: Outbreak) -> None:
    outbreak.compute()
    stamp = dict(Standing.objects.values_list("case__code", "computed_at"))
    actions.compute([outbreak.d.pk], at=AT.replace(hour=9))
    moved = {c for c, at in Standing.objects.values_list("case__code", "computed_at") if at != stamp[c]}
    assert moved == {"BN04"}
    actions.compute([outbreak.a.pk], at=AT.replace(hour=10))
    moved = {c for c, at in Standing.objects.values_list("case__code", "computed_at") if at.hour == 10}
    assert moved == {"BN01", "BN02", "BN03"}


def test_corrected_dates_and_a_discard_move_the_chains(outbreak: Outbreak) -> None:
    outbreak.compute()
    viewer = outbreak.viewer(outbreak.officer)
    with transaction.atomic():
        cases.classify(
            outbreak.c.public_id, Status.DISCARDED, viewer=viewer, by=outbreak.officer, at=AT, ground="x"
        )
    assert Waiting.objects.exists()
    actions.compute_waiting(at=AT)
    assert infectors() == {"BN01": None, "BN02": "BN01", "BN04": None}
    assert not Waiting.objects.exists()


def test_what_changed_is_told_once(outbreak: Outbreak) -> None:
    assert outbreak.compute() == 4
    assert Event.objects.filter(kind="chains.computed").count() == 1
    assert outbreak.compute() == 0
    assert Event.objects.filter(kind="chains.computed").count() == 1


def test_a_contact_that_was_named_is_weighed(outbreak: Outbreak) -> None:
    outbreak.compute()
    late = outbreak.case("BN05", 30)
    add_reported_contacts([ReportedContact(outbreak.d.pk, late.person_id)], by=None, at=AT)
    add_reported_contacts([ReportedContact(outbreak.d.pk, PersonFactory().pk)], by=None, at=AT)
    assert {w.case_id for w in Waiting.objects.all()} == {late.pk}
    actions.compute_waiting(at=AT)
    link = Link.objects.get(infectee=late, infector=outbreak.d)
    assert link.named
    assert link.evidence == Evidence.REPORTED
    assert infectors()["BN05"] == "BN04"


def test_computing_costs_the_same_queries_for_more_cases(
    outbreak: Outbreak, django_assert_max_num_queries
) -> None:
    for number in range(20):
        met(outbreak.a, outbreak.case(f"BY{number:02d}", 9), outbreak.room, date(2021, 5, 4))
    actions.mark_all()
    with django_assert_max_num_queries(32):
        actions.compute_waiting(at=AT)
    assert Standing.objects.filter(infector=outbreak.a).count() == 22


def test_cases_of_people_who_were_joined_are_computed_anew(outbreak: Outbreak) -> None:
    """C was met under another record, too: joined, the meetings of both speak for the infector."""
    twin = PersonFactory(unit=outbreak.here)
    outbreak.compute()
    viewer = outbreak.viewer(outbreak.officer)
    merge(outbreak.c.person.public_id, twin.public_id, viewer=viewer, by=outbreak.officer, at=AT)
    assert outbreak.c.pk in set(Waiting.objects.values_list("case", flat=True))
    assert actions.compute_waiting(at=AT) == 0
    assert infectors()["BN03"] == "BN01"


def test_the_terminal_takes_reported_contacts_for_a_tree(
    outbreak: Outbreak, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbreak.compute()
    monkeypatch.setattr(chains, "open_database", lambda: None)
    add_reported_contacts([ReportedContact(outbreak.b.pk, outbreak.d.person_id)], by=None, at=AT)
    done = CliRunner().invoke(chains.command, ["take-reported", "--source", "Báo cáo"])
    assert done.exit_code == 0, done.output
    assert "1 reported links, 1 cases decided" in done.output
    assert infectors()["BN04"] == "BN02"
    assert "4 cases computed, 0" in CliRunner().invoke(chains.command, ["compute"]).output
