"""What officers decide by hand: this one infected that one, did not, or it is open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import cases_in_reach, visible_cases
from tuyendau.records.chains import rules
from tuyendau.records.chains.actions.computing import compute, lock, mark
from tuyendau.records.chains.models import Decision, Origin, Verdict
from tuyendau.records.chains.queries.evidence import dates_of


class ChainRefused(Exception):
    """What was decided cannot be; the text says why and what to do. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Published:
    """A link of a published list: row ids of the cases."""

    infectee_id: int
    infector_id: int


@as_program()
def decide(
    infectee: str,
    infector: str | None,
    verdict: Verdict,
    *,
    reason: str,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> tuple[Decision, list[rules.Doubt]]:
    """Say that `infector` (a public id; None for nobody in the list) infected `infectee`, or did not.

    An infector that was decided before is replaced. What the dates say against it comes back: it warns and refuses
    nothing. Raises `ChainRefused` for no reason given, a case that infects itself or is of another disease or
    discarded, and for a circle of decided links, which it names; Case.DoesNotExist where the viewer may not decide on
    the infectee or does not see the infector.
    """
    case = cases_in_reach(viewer, Permission.CHAIN_EDIT).get(public_id=infectee)
    source = visible_cases(viewer).get(public_id=infector) if infector else None
    reason = reason.strip()
    if not reason:
        raise ChainRefused(_("Say why: the reason stands beside the link for whoever reads it later."))
    _refuse_unfit(case, source, verdict)
    lock(case.disease)
    if source is not None and verdict == Verdict.INFECTED_BY:
        _refuse_circle(viewer, case, source)
    _replace(case, source, verdict, by, at)
    made = Decision.objects.create(
        infectee=case, infector=source, verdict=verdict, reason=reason[:500], by_id=by.pk, at=at
    )
    _record(
        "chain.decided" if verdict == Verdict.INFECTED_BY else "chain.rejected",
        made,
        case,
        source,
        by,
        at,
        reason,
    )
    compute([case.pk], at=at)
    if source is None or verdict == Verdict.NOT_BY:
        return made, []
    dates = dates_of([case.pk, source.pk])
    return made, rules.doubts(dates[source.pk], dates[case.pk])


@as_program()
def withdraw(public_id: str, *, reason: str, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Decision:
    """Take a decision back: what is computed counts again. Raises `ChainRefused`, Decision.DoesNotExist."""
    reach = cases_in_reach(viewer, Permission.CHAIN_EDIT)
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("infectee", "infector")
        .get(public_id=public_id, withdrawn_at__isnull=True, infectee__in=reach)
    )
    reason = reason.strip()
    if not reason:
        raise ChainRefused(_("Say why: the reason stands beside the link for whoever reads it later."))
    lock(decision.infectee.disease)
    decision.withdrawn_by_id, decision.withdrawn_at, decision.withdrawn_reason = by.pk, at, reason[:500]
    decision.save()
    _record("chain.withdrawn", decision, decision.infectee, decision.infector, by, at, reason)
    compute([decision.infectee_id], at=at)
    return decision


@as_program()
def take_published(
    links: Sequence[Published], *, source: str, by: AbstractBaseUser | None, at: datetime
) -> int:
    """Record the links of a published list as decided; how many cases have an infector by it that had none.

    `source` says which list. What an officer decided stays, and a case of which the list names several infectors is
    left open: as named contacts they are weighed against each other. The worker computes the forest soon after. Raises
    `ChainRefused` where links close a circle; then nothing is recorded.
    """
    named: dict[int, set[int]] = {}
    for link in links:
        named.setdefault(link.infectee_id, set()).add(link.infector_id)
    wanted = {infectee: min(infectors) for infectee, infectors in named.items() if len(infectors) == 1}
    cases = {*wanted, *wanted.values()}
    for disease in sorted(set(Case.objects.filter(pk__in=cases).values_list("disease", flat=True))):
        lock(disease)
    live = dict(_live().values_list("infectee", "infector"))
    new = {infectee: infector for infectee, infector in wanted.items() if infectee not in live}
    for infectee, infector in new.items():
        if circle := rules.circle_with(live, infectee, infector):
            raise ChainRefused(_circle_text(" → ".join(_named(pk) for pk in circle)))
        live[infectee] = infector
    Decision.objects.bulk_create(
        [
            Decision(
                infectee_id=infectee, infector_id=infector, verdict=Verdict.INFECTED_BY, origin=Origin.PUBLISHED,
                reason=source[:500], by_id=by.pk if by else None, at=at,
            )
            for infectee, infector in new.items()
        ],
        batch_size=2_000,
    )  # fmt: skip
    mark(new)
    audit.record(
        "chains.published",
        by=by,
        at=at,
        subject="chains",
        data={"rows": len(links), "new": len(new), "source": source},
    )
    return len(new)


def _refuse_unfit(case: Case, source: Case | None, verdict: Verdict) -> None:
    if case.status == CaseStatus.DISCARDED:
        raise ChainRefused(_("This case was discarded: nobody infected it."))
    if source is None:
        if verdict == Verdict.NOT_BY:
            raise ChainRefused(_("Choose the infector that it was not."))
        return
    if source.pk == case.pk:
        raise ChainRefused(_("A case does not infect itself. Choose another one."))
    if source.disease != case.disease:
        raise ChainRefused(_("The two have different diseases. Choose a case of the same one."))
    if source.status == CaseStatus.DISCARDED and verdict == Verdict.INFECTED_BY:
        raise ChainRefused(_("The infector was discarded as a case. Choose another one."))


def _live() -> QuerySet[Decision]:
    return Decision.objects.filter(withdrawn_at__isnull=True, verdict=Verdict.INFECTED_BY)


def _refuse_circle(viewer: Viewer, case: Case, source: Case) -> None:
    """Refuse what closes a circle of decided links; cases that the viewer does not see stay nameless in it."""
    decided = dict(_live().exclude(infectee=case).values_list("infectee", "infector"))
    circle = rules.circle_with(decided, case.pk, source.pk)
    if not circle:
        return
    seen = visible_cases(viewer).filter(pk__in=set(circle))
    names = {one.pk: one.code or one.person.full_name or one.public_id for one in seen}
    raise ChainRefused(_circle_text(" → ".join(names.get(pk, _("a case elsewhere")) for pk in circle)))


def _circle_text(circle: str) -> str:
    return _("This link would close a circle: %(circle)s. Withdraw one of these links first.") % {
        "circle": circle
    }


def _named(case_id: int) -> str:
    case = Case.objects.get(pk=case_id)
    return case.code or case.public_id


def _replace(case: Case, source: Case | None, verdict: Verdict, by: AbstractBaseUser, at: datetime) -> None:
    """End the decisions that the new one stands against: another infector, or the contrary of the same."""
    against = Decision.objects.filter(infectee=case, withdrawn_at__isnull=True)
    same = against.filter(infector=source) if source is not None else against.filter(infector__isnull=True)
    ended = same | against.filter(verdict=Verdict.INFECTED_BY) if verdict == Verdict.INFECTED_BY else same
    ended.update(withdrawn_at=at, withdrawn_by=by.pk, withdrawn_reason=_("Replaced by another decision"))


def _record(
    kind: str,
    decision: Decision,
    case: Case,
    source: Case | None,
    by: AbstractBaseUser,
    at: datetime,
    reason: str,
) -> None:
    audit.record(
        kind, by=by, at=at, subject=case.public_id,
        data={
            "decision": decision.public_id, "infector": source.public_id if source is not None else None,
            "ground": reason[:500],
        },
    )  # fmt: skip
