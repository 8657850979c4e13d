"""What officers decide counts, survives computing, and closes no circle."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.chains.conftest import AT, Outbreak, met
from tests.integration.chains.test_computing import infectors
from tuyendau.access import Denied
from tuyendau.core.audit.models import Event
from tuyendau.records.cases.models import Case
from tuyendau.records.chains import actions
from tuyendau.records.chains.actions import ChainRefused, Published
from tuyendau.records.chains.models import Decision, Link, Standing, Verdict
from tuyendau.records.chains.rules import Doubt


@pytest.fixture
def by_officer(outbreak: Outbreak):
    outbreak.compute()

    def decide(
        infectee: Case, infector: Case | None, verdict: Verdict = Verdict.INFECTED_BY, reason: str = "hỏi lại"
    ):
        return actions.decide(
            infectee.public_id,
            infector.public_id if infector else None,
            verdict,
            reason=reason,
            viewer=outbreak.viewer(outbreak.officer),
            by=outbreak.officer,
            at=AT,
        )

    return decide


def test_a_decision_counts_at_once_and_survives_computing(outbreak: Outbreak, by_officer) -> None:
    decision, doubts = by_officer(outbreak.d, outbreak.a)
    assert doubts == []
    assert infectors()["BN04"] == "BN01"
    outbreak.compute()
    standing = Standing.objects.get(case=outbreak.d)
    assert (standing.infector_id, standing.decided, standing.generation) == (outbreak.a.pk, True, 1)
    assert Link.objects.filter(infectee=outbreak.d, infector=outbreak.c).exists()
    event = Event.objects.get(kind="chain.decided")
    assert (event.subject, event.by) == (outbreak.d.public_id, outbreak.officer)
    assert event.data["infector"] == outbreak.a.public_id
    assert event.data["decision"] == decision.public_id


def test_nobody_in_the_list_can_be_decided(outbreak: Outbreak, by_officer) -> None:
    by_officer(outbreak.d, None)
    outbreak.compute()
    assert infectors()["BN04"] is None
    assert Standing.objects.get(case=outbreak.d).decided


def test_a_rejected_infector_is_weighed_no_more(outbreak: Outbreak, by_officer) -> None:
    by_officer(outbreak.b, outbreak.a, Verdict.NOT_BY)
    outbreak.compute()
    links = dict(Link.objects.filter(infectee=outbreak.b).values_list("infector__code", "weight"))
    assert "BN01" not in links
    assert sum(links.values()) == pytest.approx(1)


def test_a_withdrawn_decision_leaves_what_is_computed(outbreak: Outbreak, by_officer) -> None:
    decision, _ = by_officer(outbreak.d, outbreak.a)
    viewer = outbreak.viewer(outbreak.officer)
    with pytest.raises(ChainRefused):
        actions.withdraw(decision.public_id, reason=" ", viewer=viewer, by=outbreak.officer, at=AT)
    actions.withdraw(decision.public_id, reason="nhầm", viewer=viewer, by=outbreak.officer, at=AT)
    assert infectors()["BN04"] == "BN03"
    decision.refresh_from_db()
    assert (decision.withdrawn_reason, decision.withdrawn_by) == ("nhầm", outbreak.officer)
    with pytest.raises(Decision.DoesNotExist):
        actions.withdraw(decision.public_id, reason="nhầm", viewer=viewer, by=outbreak.officer, at=AT)


def test_another_decision_replaces_the_first(outbreak: Outbreak, by_officer) -> None:
    by_officer(outbreak.d, outbreak.a)
    by_officer(outbreak.d, outbreak.b)
    assert infectors()["BN04"] == "BN02"
    assert Decision.objects.filter(withdrawn_at__isnull=True).count() == 1
    by_officer(outbreak.d, outbreak.b, Verdict.NOT_BY)
    assert infectors()["BN04"] == "BN03"
    assert Decision.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_a_circle_of_decisions_is_refused_and_named(outbreak: Outbreak, by_officer) -> None:
    by_officer(outbreak.b, outbreak.a)
    by_officer(outbreak.c, outbreak.b)
    with pytest.raises(ChainRefused, match="BN03 → BN01 → BN02 → BN03"):
        by_officer(outbreak.a, outbreak.c)
    assert Decision.objects.count() == 2
    assert infectors()["BN01"] is None


def test_what_was_computed_gives_way_to_what_is_decided(outbreak: Outbreak, by_officer) -> None:
    """B is the infector of A by decision, so that A can no longer have infected B."""
    by_officer(outbreak.a, outbreak.b)
    found = infectors()
    assert found["BN01"] == "BN02"
    assert found["BN02"] != "BN01"


def test_dates_that_cannot_be_are_warned_of(outbreak: Outbreak, by_officer) -> None:
    _, doubts = by_officer(outbreak.a, outbreak.d)
    assert doubts == [Doubt.LATER]
    Case.objects.filter(pk=outbreak.a.pk).update(onset_on=date(2021, 3, 1))
    _, doubts = by_officer(outbreak.b, outbreak.a)
    assert doubts == [Doubt.FAR]


def test_what_makes_no_sense_is_refused(outbreak: Outbreak, by_officer) -> None:
    with pytest.raises(ChainRefused, match="itself"):
        by_officer(outbreak.a, outbreak.a)
    with pytest.raises(ChainRefused, match="why"):
        by_officer(outbreak.a, outbreak.b, reason="  ")
    with pytest.raises(ChainRefused, match="Choose the infector"):
        by_officer(outbreak.a, None, Verdict.NOT_BY)
    Case.objects.filter(pk=outbreak.b.pk).update(disease="measles")
    with pytest.raises(ChainRefused, match="different diseases"):
        by_officer(outbreak.a, outbreak.b)


def test_only_who_answers_for_the_case_decides(outbreak: Outbreak) -> None:
    outbreak.compute()
    far = outbreak.case("BN09", 9, unit=outbreak.there)
    asked = {"reason": "hỏi lại", "at": AT, "verdict": Verdict.INFECTED_BY}
    district = outbreak.district_officer
    with pytest.raises(Denied):
        actions.decide(
            outbreak.b.public_id,
            outbreak.a.public_id,
            viewer=outbreak.viewer(outbreak.nurse),
            by=outbreak.nurse,
            **asked,
        )
    for infectee, infector in ((far, outbreak.a), (outbreak.b, far)):
        with pytest.raises(Case.DoesNotExist):
            actions.decide(
                infectee.public_id, infector.public_id, viewer=outbreak.viewer(district), by=district, **asked
            )


def test_a_circle_names_nobody_whom_the_viewer_does_not_see(outbreak: Outbreak, by_officer) -> None:
    far = outbreak.case("BN09", 9, unit=outbreak.there)
    by_officer(far, outbreak.a)
    by_officer(outbreak.b, far)
    district = outbreak.district_officer
    with pytest.raises(ChainRefused, match="BN02 → BN01 → a case elsewhere → BN02"):
        actions.decide(
            outbreak.a.public_id, outbreak.b.public_id, Verdict.INFECTED_BY, reason="x",
            viewer=outbreak.viewer(district), by=district, at=AT,
        )  # fmt: skip


def test_a_published_list_is_taken_over_beside_what_was_decided(outbreak: Outbreak, by_officer) -> None:
    by_officer(outbreak.d, outbreak.a)
    links = [Published(outbreak.d.pk, outbreak.c.pk), Published(outbreak.c.pk, outbreak.b.pk)]
    assert actions.take_published(links, source="Báo cáo", by=None, at=AT) == 1
    actions.compute_waiting(at=AT)
    assert infectors() == {"BN01": None, "BN02": "BN01", "BN03": "BN02", "BN04": "BN01"}
    circle = [Published(outbreak.b.pk, outbreak.c.pk)]
    with pytest.raises(ChainRefused, match="BN02 → BN03"):
        actions.take_published(circle, source="Báo cáo", by=None, at=AT)
    twice = [Published(outbreak.a.pk, outbreak.c.pk), Published(outbreak.a.pk, outbreak.b.pk)]
    assert actions.take_published(twice, source="Báo cáo", by=None, at=AT) == 0


def test_a_discarded_infector_leaves_the_decision_waiting(outbreak: Outbreak, by_officer) -> None:
    by_officer(outbreak.d, outbreak.b)
    Case.objects.filter(pk=outbreak.b.pk).update(status="discarded")
    outbreak.compute()
    assert infectors()["BN04"] == "BN03"
    Case.objects.filter(pk=outbreak.b.pk).update(status="confirmed")
    outbreak.compute()
    assert infectors()["BN04"] == "BN02"


def test_meetings_of_a_rejected_pair_are_found_again_when_it_is_withdrawn(
    outbreak: Outbreak, by_officer
) -> None:
    met(outbreak.b, outbreak.d, outbreak.line, date(2021, 5, 9), 40)
    decision, _ = by_officer(outbreak.d, outbreak.c, Verdict.NOT_BY)
    assert infectors()["BN04"] == "BN02"
    viewer = outbreak.viewer(outbreak.officer)
    actions.withdraw(decision.public_id, reason="nhầm", viewer=viewer, by=outbreak.officer, at=AT)
    assert Link.objects.filter(infectee=outbreak.d, infector=outbreak.c).exists()
