"""Records for tests, and the fixed cast: who looks, from where."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import factory
import numpy as np

from tuyendau.core.accounts.models import Membership, User
from tuyendau.core.places.models import Site, SiteKind, Unit, UnitLevel
from tuyendau.lib.text import fold
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Assignment, Person
from tuyendau.records.people.rules import role_at
from tuyendau.records.visits.actions import add_visits
from tuyendau.records.visits.models import VisitSource
from tuyendau.science.epi.settings import Setting

PASSWORD = "ruộng lúa chín vàng"


class UnitFactory(factory.django.DjangoModelFactory[Unit]):
    """A commune of no parent unless given; `path` follows the parent."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"{n + 10_000:05d}")
    level = UnitLevel.COMMUNE
    name = factory.Sequence(lambda n: f"Xã Số {n}")
    folded = factory.LazyAttribute(lambda o: fold(o.name))
    valid_from = date(2020, 2, 1)

    @factory.post_generation
    def _path(self, create: bool, extracted: object, **kwargs: object) -> None:
        self.path = (self.parent.path if self.parent else "/") + f"{self.pk}/"
        self.save()


class SiteFactory(factory.django.DjangoModelFactory[Site]):
    """A line unless told otherwise; `path` follows the parent."""

    class Meta:
        model = Site
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"S{n}")
    kind = SiteKind.LINE
    setting = Setting.LINE
    name = factory.Sequence(lambda n: f"Chuyền {n}")

    @factory.post_generation
    def _path(self, create: bool, extracted: object, **kwargs: object) -> None:
        self.path = (self.parent.path if self.parent else "/") + f"{self.pk}/"
        self.save()


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    class Meta:
        model = Person

    code = factory.Sequence(lambda n: f"P{n}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n}")
    folded = factory.LazyAttribute(lambda o: fold(o.full_name))


class CaseFactory(factory.django.DjangoModelFactory[Case]):
    class Meta:
        model = Case

    person = factory.SubFactory(PersonFactory)
    unit = factory.LazyAttribute(lambda o: o.person.unit)
    reported_on = date(2021, 5, 15)


class AssignmentFactory(factory.django.DjangoModelFactory[Assignment]):
    class Meta:
        model = Assignment

    valid_from = date(2021, 1, 1)
    role = factory.LazyAttribute(lambda o: role_at(o.site.kind))


def make_user(
    username: str, role: str, *, unit: Unit | None = None, site: Site | None = None, **fields: Any
) -> User:
    """A user with one membership that is in force."""
    user = User(username=username, full_name=fields.pop("full_name", username.title()), **fields)
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(user=user, role=role, unit=unit, site=site, valid_from=date(2020, 1, 1))
    return user


def stay(person: Person, site: Site, start: datetime, end: datetime, *, assumed: bool = False) -> None:
    """Record one visit."""
    add_visits(
        person=np.array([person.pk]),
        site=np.array([site.pk]),
        start=np.array([int(start.timestamp())]),
        end=np.array([int(end.timestamp())]),
        assumed=np.array([assumed]),
        source=VisitSource.FILE,
        by=None,
        at=end,
    )
