"""What officers of the scenario have done for those in follow-up: the checks of the days past, and some orders.

Checks are laid in single statements: at a province's size there are hundreds of thousands. What each person answered
follows from their number and the day, so that every load tells the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.history.actions import tell_moment
from tuyendau.core.places.models import Unit
from tuyendau.demo import apart
from tuyendau.demo.plan import DISTRICT, Plan
from tuyendau.demo.signins import COMMUNE
from tuyendau.lib import clock
from tuyendau.records.followup import actions as followup
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.orders import actions as orders
from tuyendau.records.orders.models import Kind, Office, Order, PlaceKind
from tuyendau.records.orders.queries import candidates

ORDERED, UNSIGNED = 36, 8
_CHECKS = """
INSERT INTO followup_check (public_id, followup_id, day, at, recorded_at, by_id, how, result, symptoms, temperature,
    tested, note)
SELECT 'check_' || substr(md5(f.id::text || ' ' || d.day::text), 1, 12), f.id, d.day, m.at, m.at,
    CASE WHEN p.unit_id = %(commune)s THEN %(nurse)s ELSE %(officer)s END,
    CASE WHEN h.chance %% 3 = 0 THEN 'telephone' ELSE 'visit' END, r.result,
    CASE WHEN r.result = 'symptomatic' THEN ARRAY['fever', 'cough'] ELSE ARRAY[]::text[] END,
    CASE WHEN r.result = 'symptomatic' THEN 38.2 WHEN r.result = 'well' THEN 36.2 + (h.chance %% 9) * 0.1 END,
    r.result = 'well' AND h.chance %% 10 > 0 AND d.day IN (
        SELECT greatest(f.began_on, f.last_exposure + test) FROM unnest(f.tests) AS test), ''
FROM followup_followup f JOIN people_person p ON p.id = f.person_id
CROSS JOIN LATERAL (SELECT generate_series(f.began_on, least(%(today)s, f.last_day,
    (f.ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date), '1 day')::date AS day) d
CROSS JOIN LATERAL (SELECT abs(hashint8extended(f.person_id, d.day - date '2000-01-01')) %% 1000 AS chance,
    abs(hashint8extended(f.person_id, 7)) %% 90 AS person) h
CROSS JOIN LATERAL (SELECT (d.day + interval '7 hours' + h.chance %% 540 * interval '1 minute')
    AT TIME ZONE 'Asia/Ho_Chi_Minh' AS at) m
CROSS JOIN LATERAL (SELECT CASE WHEN h.person = 0 OR h.chance BETWEEN 40 AND 64 THEN 'not_reached'
    WHEN h.chance = 70 THEN 'symptomatic' WHEN h.chance = 71 THEN 'refused' ELSE 'well' END AS result) r
WHERE h.chance >= 40 AND m.at < %(moment)s
  AND NOT EXISTS (SELECT FROM followup_check c WHERE c.followup_id = f.id)
"""
_SUMMED = """
WITH made AS (
    SELECT followup_id, max(day) AS checked_on, (array_agg(result ORDER BY day DESC, at DESC))[1] AS result,
        max(day) FILTER (WHERE result IN ('well', 'symptomatic', 'tested')) AS reached_on,
        max(day) FILTER (WHERE tested) AS tested_on, max(day) FILTER (WHERE result = 'symptomatic') AS symptomatic_on,
        max(at) FILTER (WHERE result = 'symptomatic') AS alarm_at
    FROM followup_check GROUP BY followup_id
), summed AS (
    SELECT made.*, (SELECT count(DISTINCT c.day) FROM followup_check c WHERE c.followup_id = made.followup_id
        AND (made.reached_on IS NULL OR c.day > made.reached_on)) AS unreached
    FROM made
)
UPDATE followup_followup f SET checked_on = s.checked_on, result = s.result, reached_on = s.reached_on,
    times = (s.reached_on IS NOT NULL)::int, unreached = s.unreached, tested_on = s.tested_on,
    symptomatic_on = s.symptomatic_on, alarm_at = s.alarm_at,
    alarm_answered_at = CASE WHEN s.symptomatic_on < %(today)s - 1 THEN s.alarm_at + interval '2 hours' END,
    alarm_answered_by_id = CASE WHEN s.symptomatic_on < %(today)s - 1 THEN %(officer)s END,
    alarm_answer = CASE WHEN s.symptomatic_on < %(today)s - 1 THEN 'Đã lấy mẫu' ELSE '' END,
    state = CASE WHEN f.ended_at IS NULL AND s.unreached >= 2 THEN 'lost' ELSE f.state END,
    lost_at = CASE WHEN f.ended_at IS NULL AND s.unreached >= 2 THEN %(moment)s - interval '20 hours' END,
    next_test_on = (SELECT min(f.last_exposure + test) FROM unnest(f.tests) AS test
                    WHERE s.tested_on IS NULL OR f.last_exposure + test > s.tested_on),
    officer_id = CASE WHEN p.unit_id = %(commune)s THEN %(nurse)s END
FROM summed s, people_person p WHERE s.followup_id = f.id AND p.id = f.person_id
"""


def lay(plan: Plan) -> None:
    """Lay the checks of the days past and some orders. Where there are checks already, nothing is added."""
    users = {user.username: user for user in User.objects.filter(username__in=("vietyen", "quangchau"))}
    commune = Unit.objects.filter(code=COMMUNE, valid_to__gt=plan.day).order_by("-valid_from").first()
    values: dict[str, Any] = {
        "today": plan.day,
        "moment": plan.moment,
        "commune": commune.pk if commune else None,
        "nurse": users["quangchau"].pk,
        "officer": users["vietyen"].pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE followup_followup")
        cursor.execute(_CHECKS, values)
        if cursor.rowcount:
            tell_moment(plan.moment)
            cursor.execute(_SUMMED, values)
    apart.lay(plan)
    if commune is not None and not Order.objects.filter(drafted_by=users["quangchau"]).exists():
        _order(commune, users["quangchau"], users["vietyen"], plan.moment - timedelta(hours=16))
    followup.pass_days(at=plan.moment)


def _order(commune: Unit, nurse: User, officer: User, at: datetime) -> None:
    """Drafts by the nurse for close contacts of the commune; all but the last few are signed by the district."""
    day = clock.local_day(at)
    waiting = FollowUp.objects.filter(person__unit=commune, degree=1, ended_at__isnull=True)
    people = waiting.order_by("began_on", "pk").values_list("person__public_id", flat=True)[:ORDERED]
    viewer = viewer_of(nurse, on=day)
    found = candidates(viewer, on=day, people=list(people))
    if not found:
        return
    same = orders.Draft(Kind.QUARANTINE, found[0].disease, day, day, PlaceKind.HOME)
    drafts, _refused = orders.draft_orders(found, same, viewer=viewer, by=nurse, at=at)
    signed = [draft.public_id for draft in drafts[:-UNSIGNED]]
    unit = Unit.objects.filter(code=DISTRICT, valid_to__gt=day).order_by("-valid_from").first()
    if signed and unit is not None:
        orders.sign_orders(
            signed, unit=str(unit.path), office=Office.VICE_CHAIR, viewer=viewer_of(officer, on=day), by=officer,
            at=at + timedelta(hours=2),
        )  # fmt: skip
