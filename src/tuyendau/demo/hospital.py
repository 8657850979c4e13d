"""The field hospital and the quarantine facility of the scenario: who stays there, how ill, who is to be moved.

Recorded through care's own actions, each at its time, so that numbers of the past hold. Who is how ill follows from
their place in the list, so that every load tells the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import Site
from tuyendau.demo.plan import Plan
from tuyendau.demo.signins import HOSPITAL, PROVINCIAL, QUARANTINE
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus, Result, Sample, TestResult
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.people.models import Person
from tuyendau.response.care import actions
from tuyendau.response.care.models import Stay

PATIENTS, CONTACTS, IN_QUARANTINE, ROOM = 74, 58, 2, 3
GONE = 9
"""So many of the first patients have left already: all but one recovered."""
_COURSES = (
    ("mild", "mild"), ("asymptomatic", "asymptomatic"), ("mild", "moderate"), ("mild", "mild"),
    ("mild", "asymptomatic"),
    ("asymptomatic", "mild"), ("moderate", "moderate"), ("mild", "mild"), ("moderate", "severe"), ("mild", "mild"),
    ("asymptomatic", "asymptomatic"), ("mild", "mild"), ("moderate", "mild"), ("severe", "critical"),
    ("mild", "moderate"), ("asymptomatic", "asymptomatic"), ("mild", "mild"), ("severe", "severe"),
    ("mild", "asymptomatic"),
)  # fmt: skip
"""How ill somebody is on admission, and in the latest round."""
_CONDITIONS: tuple[tuple[str, ...], ...] = (
    (), (), ("hypertension",), (), ("diabetes",), (), (), ("lung",), ("diabetes", "hypertension"), (), ("pregnancy",),
    (), (), ("heart", "hypertension"), (), ("obesity",), (),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Staff:
    """Who records, with the rights that they hold on the day."""

    user: User

    def acting(self, at: datetime) -> dict[str, Any]:
        """Who acts at a moment, as actions ask for it."""
        return {"viewer": viewer_of(self.user, on=clock.local_day(at)), "by": self.user, "at": at}


def lay(plan: Plan) -> None:
    """Lay stays, assessments and transfers. Where there are stays already, nothing is added."""
    if Stay.objects.exists():
        return
    users = {u.username: _Staff(u) for u in User.objects.filter(username__in=("bacsi", "cachly"))}
    doctor, manager = users["bacsi"], users["cachly"]
    isolated = Case.objects.filter(
        status=CaseStatus.CONFIRMED, isolated_at__lt=plan.moment - timedelta(hours=8), outcome=""
    )
    cases = list(isolated.select_related("person").order_by("-isolated_at", "pk")[:PATIENTS][::-1])
    stays = _admit(cases[: len(cases) - IN_QUARANTINE], doctor, plan.moment)
    _let_go(stays, doctor, plan.moment)
    _quarantine(cases[len(cases) - IN_QUARANTINE :], manager, doctor, plan.moment)
    _send_on(doctor, plan.moment)


def _admit(cases: Sequence[Case], doctor: _Staff, now: datetime) -> list[Stay]:
    site = Site.objects.get(code=HOSPITAL)
    wards = list(Site.objects.filter(code__in=(f"{HOSPITAL}-A", f"{HOSPITAL}-B")).order_by("code"))
    stays = []
    for number, case in enumerate(cases):
        began = _since(case, hours=2 + number % 5)
        first, last = _COURSES[number % len(_COURSES)]
        given = actions.Admission(
            site, began, wards[number % 2], str(number // 2 + 1), first, _CONDITIONS[number % len(_CONDITIONS)],
            beyond=True,
        )  # fmt: skip
        stay = actions.admit(case.person, given, **doctor.acting(began + timedelta(minutes=12)), known=True)
        for moment in _rounds(began, number, now):
            actions.assess(stay.public_id, last, **doctor.acting(moment))
        stays.append(stay)
    return stays


def _since(case: Case, *, hours: int) -> datetime:
    return (case.isolated_at or clock.midnight(case.reported_on)) + timedelta(hours=hours)


def _rounds(began: datetime, number: int, now: datetime) -> list[datetime]:
    """When somebody was assessed after the admission: half way, and lately, though of a few it is some time ago."""
    lately = now - timedelta(hours=26 if number % 9 == 4 else 3, minutes=number % 50)
    half = began + (lately - began) / 2
    return [moment for moment in (half, lately) if moment > began + timedelta(hours=1)]


def _let_go(stays: Sequence[Stay], doctor: _Staff, now: datetime) -> None:
    """The first patients have left; the next few meet the criteria and wait for the doctor."""
    for number, stay in enumerate(stays[:GONE]):
        ended = max(stay.began_at + timedelta(hours=4), now - timedelta(hours=50 - number * 4))
        state, ground = ("died", "") if number == GONE - 1 else ("discharged", "Hai mẫu liên tiếp âm tính")
        actions.end_stay(stay.public_id, state, ended, **doctor.acting(ended), ground=ground)
    well = Stay.objects.filter(pk__in=[s.pk for s in stays[GONE:]], severity="asymptomatic").order_by(
        "began_at"
    )
    for stay in well[:6]:
        for hours in (60, 30):
            _negative(stay, now - timedelta(hours=hours))
        # Well for more than three days, as far back as the stay goes.
        since = max(stay.began_at + timedelta(minutes=30), now - timedelta(days=4))
        actions.assess(stay.public_id, "asymptomatic", moment=since, **doctor.acting(since))


def _negative(stay: Stay, taken: datetime) -> None:
    """A sample of a patient that was negative by RT-PCR, examined in the hospital."""
    number = f"RV{stay.pk:05d}{taken:%d}"
    if taken <= stay.began_at:
        return
    sample = Sample.objects.create(
        public_id=f"sample_{number.lower()}", person=stay.person, case=stay.case, disease="covid19", number=number,
        specimen="nasopharyngeal", taken_at=taken, recorded_at=taken, laboratory=stay.site,
        resulted_at=taken + timedelta(hours=6),
    )  # fmt: skip
    TestResult.objects.create(
        public_id=f"result_{number.lower()}", sample=sample, test="rt_pcr", result=Result.NEGATIVE,
        resulted_at=taken + timedelta(hours=6), recorded_at=taken + timedelta(hours=6), laboratory=stay.site,
    )  # fmt: skip


def _quarantine(cases: Sequence[Case], manager: _Staff, doctor: _Staff, now: datetime) -> None:
    """Close contacts by rooms; among them cases whom the hospital is asked to take, one of them accepted already."""
    site = Site.objects.get(code=QUARANTINE)
    rooms = list(Site.objects.filter(parent=site).order_by("code"))
    waiting = FollowUp.objects.filter(degree=1, ended_at__isnull=True, person__stays__isnull=True)
    people = Person.objects.filter(pk__in=waiting.values("person")).exclude(cases__isnull=False)
    for number, person in enumerate(people.order_by("pk")[:CONTACTS]):
        began = now - timedelta(days=1 + number % 6, hours=number % 7)
        given = actions.Admission(site, began, rooms[number // ROOM % len(rooms)], str(number % ROOM + 1))
        actions.admit(person, given, **manager.acting(began + timedelta(minutes=9)), known=True)
    hospital = Site.objects.get(code=HOSPITAL)
    for number, case in enumerate(cases):
        given = actions.Admission(site, _since(case, hours=3), rooms[-1], str(number + 1), "mild")
        stay = actions.admit(case.person, given, **manager.acting(_since(case, hours=4)), known=True)
        asked = now - timedelta(minutes=25 + 90 * number)
        transfer = actions.propose_transfer(
            stay.public_id,
            hospital,
            "Dương tính trong khu cách ly, cần chuyển điều trị",
            **manager.acting(asked),
        )
        if number:
            actions.accept_transfer(
                transfer.public_id,
                **doctor.acting(asked + timedelta(minutes=20)),
                answer="Đưa vào khu điều trị B",
            )


def _send_on(doctor: _Staff, now: datetime) -> None:
    """A critically ill patient for whom the provincial hospital is asked."""
    critical = Stay.objects.filter(site__code=HOSPITAL, state="present", severity="critical").order_by(
        "-began_at"
    )
    stay = critical.first()
    if stay is not None:
        actions.propose_transfer(
            stay.public_id, Site.objects.get(code=PROVINCIAL), "Suy hô hấp tăng, cần thở máy xâm nhập",
            **doctor.acting(now - timedelta(minutes=40)), urgent=True,
        )  # fmt: skip
