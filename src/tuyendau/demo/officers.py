"""What the scenario's officers do, through the records' own actions and in their own names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from tuyendau.access import Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.demo.stories import Story
from tuyendau.lib import clock
from tuyendau.records.cases import actions
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules import Status
from tuyendau.records.people.models import Person


class Officers:
    """The officers of a demonstration, each with the rights that they hold."""

    def __init__(self) -> None:
        self._users = {
            user.username: user for user in User.objects.filter(username__in=("dichte", "vietyen"))
        }

    def act(self, stories: Iterable[Story], first: datetime | None, last: datetime) -> Iterator[int]:
        """Report and decide what is to be in [`first`, `last`), in the order of time; counts on after each step.

        Whoever tries the program may have been there before: who has a case already is left, and so is a case that
        somebody has decided.
        """
        moments = []
        for story in stories:
            for moment, deed in ((story.reported, self._report), (story.decided, self._decide)):
                if moment is not None and moment < last and (first is None or moment >= first):
                    moments.append((moment, story, deed))
        moments.sort(key=lambda one: (one[0], one[1].person))
        for count, (_moment, story, deed) in enumerate(moments, start=1):
            # Between the look and the deed somebody else may have been faster.
            with suppress(actions.CaseRefused):
                deed(story)
            yield count

    def _report(self, story: Story) -> None:
        if Case.objects.filter(person_id=story.person).exists():
            return
        officer = self._users[story.officer]
        actions.report_case(
            Person.objects.get(pk=story.person),
            viewer=self._viewer(officer, story.reported),
            by=officer,
            at=story.reported,
            onset_on=story.onset,
            sampled_on=story.sampled,
            result_on=story.result,
            note=story.note,
        )

    def _decide(self, story: Story) -> None:
        case = Case.objects.filter(person_id=story.person, status=Status.SUSPECTED).first()
        if case is None or story.decided is None:
            return
        officer = self._users[story.officer]
        with transaction.atomic():
            actions.classify(
                case.public_id,
                story.status,
                viewer=self._viewer(officer, story.decided),
                by=officer,
                at=story.decided,
                isolated_at=story.isolated,
            )

    def _viewer(self, officer: User, moment: datetime) -> Viewer:
        return _viewer(officer, clock.local_day(moment))


@lru_cache(maxsize=256)
def _viewer(officer: User, day: object) -> Viewer:
    return viewer_of(officer, on=day)  # type: ignore[arg-type]
