"""The official frame of a report, as Nghị định 30/2020/NĐ-CP lays a paper out: who writes, to whom, who signs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tuyendau.core.places.models import UnitLevel
from tuyendau.lib.dates_vi import in_words
from tuyendau.lib.units_vi import said, short

NATION = {
    "vi": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
    "en": ("SOCIALIST REPUBLIC OF VIET NAM", "Independence - Freedom - Happiness"),
}


def authority(unit: dict[str, Any], language: str) -> tuple[str, ...]:
    """Who writes: the body above, and the unit's own health body."""
    name, above = unit["name"], unit["above"]
    province = above[-1] if above else name
    if language == "en":
        bodies = {
            UnitLevel.PROVINCE: ("DEPARTMENT OF HEALTH", "CENTRE FOR DISEASE CONTROL"),
            UnitLevel.DISTRICT: ("DEPARTMENT OF HEALTH", f"HEALTH CENTRE, {name.upper()}"),
            UnitLevel.COMMUNE: (above[0].upper() if above else "", f"HEALTH STATION, {name.upper()}"),
        }
        first, own = bodies[UnitLevel(unit["level"])]
        return (f"{short(province).upper()} {first}" if unit["level"] != UnitLevel.COMMUNE else first, own)
    if unit["level"] == UnitLevel.PROVINCE:
        return (f"SỞ Y TẾ {said(name).upper()}", "TRUNG TÂM KIỂM SOÁT BỆNH TẬT")
    if unit["level"] == UnitLevel.DISTRICT:
        return (f"SỞ Y TẾ {said(province).upper()}", f"TRUNG TÂM Y TẾ {said(name).upper()}")
    upper = (
        f"TRUNG TÂM Y TẾ {said(above[0]).upper()}" if len(above) > 1 else f"SỞ Y TẾ {said(province).upper()}"
    )
    return (upper, f"TRẠM Y TẾ {said(name).upper()}")


def place_and_date(unit: dict[str, Any], on: date, language: str) -> str:
    """Where and when it is written."""
    place = short(unit["name"])
    return f"{place}, {in_words(on)}" if language == "vi" else f"{place}, {on.day} {on:%B %Y}"


def number(unit: dict[str, Any], language: str) -> str:
    """The number, to be given by the registry."""
    suffix = {UnitLevel.PROVINCE: "BC-KSBT", UnitLevel.DISTRICT: "BC-TTYT", UnitLevel.COMMUNE: "BC-TYT"}
    return f"{'Số' if language == 'vi' else 'No.'}: ......../{suffix[UnitLevel(unit['level'])]}"


def addressee(unit: dict[str, Any]) -> str:
    """To whom it goes."""
    where = {"unit": said(unit["name"])}
    if unit["level"] == UnitLevel.PROVINCE:
        return (
            _("To: the Department of Health; the steering committee for epidemic control, %(unit)s") % where
        )
    return (
        _("To: the health body of the level above; the steering committee for epidemic control, %(unit)s")
        % where
    )


def recipients(unit: dict[str, Any]) -> tuple[str, ...]:
    """Who else receives it."""
    upper = _("- The ministry's department of preventive medicine (to report);")
    if unit["level"] != UnitLevel.PROVINCE:
        upper = _("- The provincial centre for disease control (to report);")
    return (_("- As above;"), upper, _("- Archive."))


def office(unit: dict[str, Any], language: str) -> tuple[str, ...]:
    """Who signs."""
    if unit["level"] == UnitLevel.COMMUNE:
        return ("TRƯỞNG TRẠM",) if language == "vi" else ("HEAD OF THE STATION",)
    return ("GIÁM ĐỐC",) if language == "vi" else ("DIRECTOR",)
