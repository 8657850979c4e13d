"""Orders: drafted, signed with numbers without gaps, kept as signed, lifted, extended, replaced."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tests.factories import make_user
from tests.integration.followup.conftest import NOW, TODAY, Field
from tuyendau.access import Denied
from tuyendau.core.audit.models import Event
from tuyendau.lib import clock
from tuyendau.records.contacts.models import Quarantine
from tuyendau.records.orders import actions
from tuyendau.records.orders.actions import Draft, OrderRefused
from tuyendau.records.orders.models import Kind, Office, Order, Series, State
from tuyendau.records.orders.queries.candidates import candidates
from tuyendau.records.orders.queries.document import digest_of
from tuyendau.records.orders.queries.reach import chain_of, course_of
from tuyendau.records.people.models import Person

END = TODAY + timedelta(days=13)


def terms(**changes: Any) -> Draft:
    fields = {
        "kind": Kind.QUARANTINE,
        "disease": "covid19",
        "starts_on": TODAY,
        "ends_on": END,
        "address": "Thôn Núi",
    }
    return Draft(**(fields | changes))


def draft(field: Field, person: Person, **changes: Any) -> Order:
    return actions.draft_order(
        person, terms(**changes), viewer=field.viewer(field.officer), by=field.officer, at=NOW
    )


def sign(field: Field, *orders: Order, **changes: Any) -> actions.Signed:
    asked: dict[str, Any] = {
        "unit": field.district.path, "office": Office.CHAIR, "viewer": field.viewer(field.chief), "by": field.chief,
        "at": NOW,
    }  # fmt: skip
    return actions.sign_orders([o.public_id for o in orders], **(asked | changes))


@pytest.mark.django_db
class TestOrders:
    def test_numbers_run_by_authority_and_year_without_gaps(self, field: Field) -> None:
        first = sign(field, draft(field, field.person()), draft(field, field.person()))
        assert (first.first, first.last) == ("01/QĐ-UBND", "02/QĐ-UBND")
        with pytest.raises(OrderRefused):
            sign(field, draft(field, field.person()), unit="/no/where/")
        undone = transaction.savepoint()
        sign(field, draft(field, field.person()))
        transaction.savepoint_rollback(undone)
        assert sign(field, draft(field, field.person())).first == "03/QĐ-UBND"
        province = make_user("tinh", "epidemiologist", unit=field.province)
        other = sign(
            field,
            draft(field, field.person()),
            unit=field.province.path,
            viewer=field.viewer(province),
            by=province,
        )
        assert other.first == "01/QĐ-UBND"

    def test_whoever_is_bound_passes_nothing_on_from_when_the_order_was_signed(self, field: Field) -> None:
        person = field.person()
        order = draft(field, person, starts_on=TODAY - timedelta(days=2))
        assert not Quarantine.objects.filter(person=person).exists()
        sign(field, order)
        assert Quarantine.objects.get(person=person).since == NOW
        later = field.person()
        sign(field, draft(field, later, starts_on=TODAY + timedelta(days=1), ends_on=END))
        assert Quarantine.objects.get(person=later).since == clock.midnight(TODAY + timedelta(days=1))
        actions.lift_order(
            order.public_id, "không còn là F1", viewer=field.viewer(field.chief), by=field.chief, at=NOW
        )
        assert not Quarantine.objects.filter(person=person).exists()

    def test_a_series_may_begin_where_paper_ended_and_not_once_it_has_begun(self, field: Field) -> None:
        asked = {"viewer": field.viewer(field.chief), "by": field.chief, "at": NOW}
        actions.begin_series(field.district.path, 124, **asked)
        assert sign(field, draft(field, field.person())).first == "124/QĐ-UBND"
        with pytest.raises(OrderRefused, match="125"):
            actions.begin_series(field.district.path, 1, **asked)

    def test_a_number_never_stands_twice(self, field: Field) -> None:
        order = sign(field, draft(field, field.person())).orders[0]
        other = draft(field, field.person())
        with pytest.raises(DatabaseError, match="order_number_once"), transaction.atomic():
            Order.objects.filter(pk=other.pk).update(
                state="signed", series=order.series, number=1, signed_at=NOW, signed_by=field.chief
            )

    def test_what_was_signed_is_not_changed_by_anybody(self, field: Field) -> None:
        order = sign(field, draft(field, field.person())).orders[0]
        for change in (
            {"ends_on": END + timedelta(days=1)},
            {"number": 9},
            {"document": {}},
            {"state": "draft"},
        ):
            with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
                Order.objects.filter(pk=order.pk).update(**change)
        assert digest_of(Order.objects.get(pk=order.pk).document) == order.digest

    def test_nobody_is_bound_by_two_orders_of_one_kind_at_once(self, field: Field) -> None:
        person = field.person()
        sign(field, draft(field, person))
        with pytest.raises(OrderRefused, match="01/QĐ-UBND"):
            draft(field, person, starts_on=END, ends_on=END + timedelta(days=3))
        # The day after is free, and another kind is another thing.
        draft(field, person, starts_on=END + timedelta(days=1), ends_on=END + timedelta(days=3))
        sign(field, draft(field, person, kind=Kind.ISOLATION))

    def test_the_database_itself_refuses_the_overlap(self, field: Field) -> None:
        person = field.person()
        one = sign(field, draft(field, person)).orders[0]
        one.pk, one.public_id, one.number = None, "order_2", 2
        with pytest.raises(DatabaseError, match="order_quarantine_once"), transaction.atomic():
            one.save(force_insert=True)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"ends_on": TODAY - timedelta(days=1)}, "19/05/2021"),
            ({"exposed_from": TODAY + timedelta(days=1)}, "21/05/2021"),
            ({"address": ""}, r"stay|ở đâu"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(
        self, field: Field, changes: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(OrderRefused, match=said):
            draft(field, field.person(), **changes)
        assert not Order.objects.exists()

    def test_only_who_signs_there_signs(self, field: Field) -> None:
        order = draft(field, field.person())
        with pytest.raises(Denied):
            sign(field, order, unit=field.commune.path, viewer=field.viewer(field.officer), by=field.officer)
        elsewhere = make_user("huyenkhac", "district_officer", unit=field.next_commune)
        with pytest.raises(OrderRefused):
            sign(field, order, unit=field.next_commune.path, viewer=field.viewer(elsewhere), by=elsewhere)
        assert Order.objects.get().state == State.DRAFT

    def test_of_many_all_are_signed_or_none(self, field: Field) -> None:
        person = field.person()
        good, late = draft(field, field.person()), draft(field, person)
        Order.objects.filter(pk=late.pk).update(state="dropped")
        with pytest.raises(OrderRefused):
            sign(field, good, late)
        assert Order.objects.get(pk=good.pk).number is None
        assert not Series.objects.filter(last__gt=0).exists()

    def test_lifted_extended_replaced(self, field: Field) -> None:
        by = {"viewer": field.viewer(field.chief), "by": field.chief, "at": NOW}
        person = field.person()
        order = sign(field, draft(field, person)).orders[0]
        with pytest.raises(OrderRefused):
            actions.extend_order(order.public_id, END, "x", **by)
        longer = actions.extend_order(order.public_id, END + timedelta(days=7), "Chưa có kết quả", **by)
        assert longer.starts_on == END + timedelta(days=1)
        longer = sign(field, longer).orders[0]
        assert "01/QĐ-UBND" in longer.document["articles"][0][0]
        other = sign(
            field, actions.replace_order(order.public_id, terms(ends_on=END - timedelta(days=1)), **by)
        ).orders[0]
        order.refresh_from_db()
        assert (order.state, order.over_from) == (State.SUPERSEDED, TODAY)
        lifted = actions.lift_order(other.public_id, "Không còn là F1", **by)
        assert (lifted.state, lifted.over_from) == (State.LIFTED, TODAY)
        with pytest.raises(OrderRefused):
            actions.lift_order(other.public_id, "again", **by)
        assert [o.pk for o in chain_of(order)] == [order.pk, longer.pk, other.pk]

    def test_who_did_what_and_when_is_told_with_its_digest(self, field: Field) -> None:
        order = sign(field, draft(field, field.person())).orders[0]
        assert [event.kind for event, _digest, _seq in course_of(order)] == ["order.drafted", "order.signed"]
        signed = Event.objects.get(kind="order.signed")
        assert signed.data["digest"] == order.digest
        assert "district_officer@unit" in signed.ground

    def test_all_close_contacts_of_a_case_get_a_draft_to_the_end_of_their_regime(self, field: Field) -> None:
        people = [field.person(address="Thôn Núi") for _ in range(3)]
        for n, person in enumerate(people):
            field.meets(person, TODAY - timedelta(days=n))
        bound = field.person()
        field.meets(bound, TODAY)
        sign(field, draft(field, bound))
        viewer = field.viewer(field.officer)
        found = candidates(viewer, on=TODAY, case=field.case.public_id)
        assert {c.person for c in found} == set(people)
        done, refused = actions.draft_orders(
            found, terms(address="", ends_on=TODAY), viewer=viewer, by=field.officer, at=NOW
        )
        assert not refused
        assert {o.ends_on for o in done} == {date(2021, 6, 10), date(2021, 6, 9), date(2021, 6, 8)}
        assert not candidates(viewer, on=TODAY, case=field.case.public_id)


@pytest.fixture
def _closed() -> Iterator[None]:
    yield
    connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_closed")
def test_two_who_sign_at_once_get_numbers_of_their_own() -> None:
    field = Field()
    drafts = [draft(field, field.person()) for _ in range(6)]
    viewer, numbers, ready = field.viewer(field.chief), [], threading.Barrier(3)

    def run(part: list[Order]) -> None:
        ready.wait(10)
        numbers.extend(o.number for o in sign(field, *part, viewer=viewer).orders)
        connection.close()

    threads = [threading.Thread(target=run, args=(drafts[n : n + 2],)) for n in (0, 2, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
