"""The list behind each number: its address for whoever may see it, else none."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from tuyendau.access import Permission
from tuyendau.insight.situation.forms.room import Chosen
from tuyendau.insight.situation.queries import Figure
from tuyendau.insight.situation.rules import By, Window

_STATUSES = {"waiting": ["suspected", "probable"]}
_OUTCOMES = {"active": "open", "not_isolated": "open", "recovered": "recovered", "died": "died"}


class Links:
    """Addresses of lists as they are now, narrowed to what is shown; "" where the reader may not open them."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen, self.scope = chosen, chosen.scope
        self._may = self.scope.viewer.may
        self._place: dict[str, Any] = {}
        if self.scope.unit is not None and not self.scope.orphans:
            self._place = {"unit": self.scope.unit.code, "unit_on": self.scope.tree.isoformat()}

    def cases(self, window: Window | None = None, **asked: Any) -> str:
        """The line list; with a window, by the date that is shown."""
        if not self._may(Permission.CASE_VIEW):
            return ""
        about: dict[str, Any] = {"status": self.scope.counted.value, "disease": self.scope.disease}
        about |= self._place
        if window is not None:
            about |= {"from": window.first.isoformat(), "to": window.last.isoformat()}
            about["basis"] = self.chosen.basis.value
        return _address("cases:list", about | asked)

    def rows(self, ids: tuple[str, ...]) -> str:
        """The line list of these cases."""
        if not ids or not self._may(Permission.CASE_VIEW):
            return ""
        return _address("cases:list", {"row": ids})

    def unit(self, code: str, window: Window) -> str:
        """The cases of the window in another unit of the same day."""
        return self.cases(window, unit=code, unit_on=self.scope.tree.isoformat())

    def whole_unit(self, code: str) -> str:
        """All cases in another unit of the same day."""
        return self.cases(unit=code, unit_on=self.scope.tree.isoformat())

    def site(self, code: str, window: Window) -> str:
        """The cases of the window whose people belonged at a site on the day of the report."""
        return self.cases(window, site=code, belonged="on")

    def day(self, day: date, series: str = "") -> str:
        """The cases of one day, of one part of the curve where a list can be narrowed to it."""
        window = Window(day, day)
        if not series:
            return self.cases(window)
        if self.chosen.by is By.STATUS:
            return self.cases(window, status=series)
        if self.chosen.by is By.UNIT and series not in ("other", "none"):
            return self.unit(series, window)
        if series == "none":
            return self.cases(window, no_unit="on")
        return ""

    def band(self, first: int, last: int | None, sex: str, window: Window | None) -> str:
        """The cases of an age and a sex."""
        more = {"age_from": first, "age_to": last if last is not None else "", "sex": sex}
        return self.cases(window, **more)

    def figure(self, figure: Figure) -> str:
        """The list that a figure counts."""
        code = figure.code
        if code in ("f1", "f2", "lost"):
            asked = {"show": "lost"} if code == "lost" else {"show": "all", "degree": code[1]}
            return self._people("followup:worklist", Permission.FOLLOWUP_RECORD, asked)
        if code in ("facility", "home", "isolation"):
            kind = "isolation" if code == "isolation" else "quarantine"
            places = {"facility": ["facility", "hospital"], "home": ["home"]}.get(code, [])
            return self._people(
                "orders:list", Permission.ORDER_VIEW, {"state": "binding", "kind": kind, "place": places}
            )
        asked = {"outcome": _OUTCOMES.get(code, "")}
        if code == "not_isolated":
            asked["isolated"] = "no"
        return self.cases(
            figure.window, **asked, **({"status": _STATUSES[code]} if code in _STATUSES else {})
        )

    def samples(self, window: Window | None = None, *, by: str = "taken", **asked: Any) -> str:
        """The list of samples: all of the window by the day on which they were taken, or of their first result."""
        about: dict[str, Any] = {"show": "all"}
        if window is not None:
            about |= {f"{by}_from": window.first.isoformat(), f"{by}_to": window.last.isoformat()}
        return self._people("samples:list", Permission.SAMPLE_TAKE, about | asked)

    def _people(self, name: str, permission: Permission, asked: dict[str, Any]) -> str:
        if not self._may(permission):
            return ""
        return _address(name, asked | {"disease": self.scope.disease} | self._place)


def _address(name: str, asked: dict[str, Any]) -> str:
    kept = {key: value for key, value in asked.items() if value not in ("", None, [], ())}
    return f"{reverse(name)}?{urlencode(kept, doseq=True)}"
