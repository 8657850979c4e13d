"""Follow-ups that an officer opens, sets and ends."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.followup import rules
from tuyendau.records.followup.actions.checks import FollowUpRefused
from tuyendau.records.followup.actions.days import adopt
from tuyendau.records.followup.actions.duties import F2, lodging_of, of_regime
from tuyendau.records.followup.models import FollowUp, State, Why
from tuyendau.records.followup.queries.reach import in_reach
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import person_by_public_id
from tuyendau.science.epi.regimes import Regime, choices_on, regime


@as_program()
def open_by_hand(
    person: Person,
    *,
    disease: str,
    degree: int,
    exposed_on: date,
    ground: str,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    source: str = "",
    regime_id: str = "",
) -> FollowUp:
    """Put somebody into follow-up whom no list shows. `source` is the public id of the F1 of an F2.

    Whoever is in follow-up already keeps it, with the later of the two exposures. Raises `FollowUpRefused`, and
    Person.DoesNotExist where the source is out of reach.
    """
    viewer.require(Permission.FOLLOWUP_ASSIGN)
    today = clock.local_day(at)
    if not in_reach_of(viewer, person):
        raise FollowUpRefused(_("This person is not in your reach."))
    if exposed_on > today:
        raise FollowUpRefused(_("The exposure lies after today. Check the date."))
    if not ground.strip():
        raise FollowUpRefused(_("Say why this person is followed."))
    chosen = _chosen(disease, degree, regime_id, exposed_on, today)
    standing = FollowUp.objects.select_for_update().filter(
        person=person, disease=disease, ended_at__isnull=True
    )
    if (held := standing.first()) is not None:
        return _later(held, exposed_on, ground, by=by, at=at)
    if degree == F2 and not source:
        raise FollowUpRefused(_("Choose the F1 whom this person met."))
    try:
        with transaction.atomic():
            followup = FollowUp.objects.create(
                **of_regime(chosen, exposed_on),
                person=person,
                disease=disease,
                degree=degree,
                began_on=today,
                hand_exposure=exposed_on,
                ground=ground.strip()[:500],
                source_person=person_by_public_id(viewer, source) if source else None,
                site_id=lodging_of(person.pk, today),
            )
    except IntegrityError as error:
        raise FollowUpRefused(_("Somebody has just put this person into follow-up.")) from error
    _record("followup.opened", followup, by=by, at=at, ground=followup.ground)
    return followup


def _chosen(disease: str, degree: int, regime_id: str, exposed_on: date, today: date) -> Regime:
    """The regime asked for, or the one by default; refused where its days are over."""
    offered = [
        r for r in choices_on(disease, degree, today) if (r.id == regime_id if regime_id else not r.optional)
    ]
    if not offered:
        raise FollowUpRefused(_("No text in force says how long such a person is followed."))
    if offered[0].last_day(exposed_on) < today:
        raise FollowUpRefused(
            _("The follow-up would have ended on %(day)s already.")
            % {"day": date_format(offered[0].last_day(exposed_on), "SHORT_DATE_FORMAT")}
        )
    return offered[0]


def in_reach_of(viewer: Viewer, person: Person) -> bool:
    """Whether the viewer may put the person into follow-up."""
    try:
        person_by_public_id(viewer, person.public_id, Permission.FOLLOWUP_ASSIGN)
    except Person.DoesNotExist:
        return False
    return True


def _later(held: FollowUp, exposed_on: date, ground: str, *, by: AbstractBaseUser, at: datetime) -> FollowUp:
    held.hand_exposure = max(exposed_on, held.hand_exposure or exposed_on)
    held.ground = ground.strip()[:500]
    if exposed_on > held.last_exposure:
        of = regime(held.regime)
        held.last_exposure = exposed_on
        held.planned_day = held.last_day = of.last_day(exposed_on)
        held.next_test_on = of.next_test(exposed_on, held.tested_on)
    held.save()
    _record("followup.changed", held, by=by, at=at, ground=held.ground)
    return held


@as_program()
def choose_regime(
    public_id: str, regime_id: str, ground: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> FollowUp:
    """Put somebody under another regime in force, such as a pilot at home. Raises as `end_by_hand`."""
    followup = _locked(viewer, public_id)
    offered = {r.id: r for vaccinated in (False, True) for r in choices_on(
        followup.disease, followup.degree, clock.local_day(at), vaccinated=vaccinated
    )}  # fmt: skip
    if regime_id not in offered:
        raise FollowUpRefused(_("This regime is not in force today."))
    if not ground.strip():
        raise FollowUpRefused(_("Say why this person is under another regime."))
    before = followup.regime
    adopt(FollowUp.objects.filter(pk=followup.pk), offered[regime_id])
    followup.refresh_from_db()
    _record("followup.changed", followup, by=by, at=at, ground=ground, before=before)
    return followup


@as_program()
def end_by_hand(
    public_id: str, ground: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> FollowUp:
    """End a follow-up before its time. The same exposure does not open it again.

    Raises `FollowUpRefused`, FollowUp.DoesNotExist.
    """
    followup = _locked(viewer, public_id)
    if not ground.strip():
        raise FollowUpRefused(_("Say why the follow-up ends."))
    followup.state, followup.why = State.CANCELLED, Why.BY_HAND
    followup.ended_at, followup.ended_by = at, by  # type: ignore[assignment]
    followup.save()
    _record("followup.ended", followup, by=by, at=at, ground=ground)
    return followup


def _locked(viewer: Viewer, public_id: str) -> FollowUp:
    found = in_reach(viewer, Permission.FOLLOWUP_ASSIGN).select_related("person")
    followup = found.select_for_update(of=("self",)).get(public_id=public_id)
    if not rules.TRANSITIONS[rules.State(followup.state)] or followup.ended_at is not None:
        raise FollowUpRefused(_("This follow-up has ended. Open the person to see why."))
    return followup


def _record(
    kind: str, followup: FollowUp, *, by: AbstractBaseUser, at: datetime, ground: str, before: str = ""
) -> None:
    audit.record(
        kind,
        by=by,
        at=at,
        subject=followup.public_id,
        ground=ground.strip(),
        data={
            "person": followup.person.public_id,
            "degree": followup.degree,
            "regime": followup.regime,
            "last_exposure": followup.last_exposure.isoformat(),
            "last_day": followup.last_day.isoformat(),
        }
        | ({"before": before} if before else {}),
    )
