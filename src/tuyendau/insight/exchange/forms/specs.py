"""Every kind of file: its columns, the headings by which each is known, and who may bring it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission
from tuyendau.lib.text import fold

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """A column. `aliases` are headings as people write them; they are compared folded, see `key`."""

    name: str
    meaning: Text
    example: Text
    aliases: tuple[str, ...] = ()
    required: bool = False
    longest: int = 200
    day: bool = False

    @property
    def heading(self) -> str:
        """The heading to show: `name`, but to who reads Vietnamese the first alias in Vietnamese letters."""
        return self.headings[0]

    @property
    def headings(self) -> list[str]:
        """Every heading by which the column is known, those of the reader's language first."""
        if get_language() != "vi":
            return [self.name, *self.aliases]
        return sorted((self.name, *self.aliases), key=str.isascii)


@dataclass(frozen=True, slots=True)
class Spec:
    """A kind of file. Headings in `ignored` are known and left aside; any other unknown heading is a problem."""

    kind: str
    title: Text
    permission: Permission
    fields: tuple[Field, ...]
    ignored: tuple[str, ...] = ()
    by_key: Mapping[str, str] = field(init=False)
    ignored_keys: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        keys = {key(heading): f.name for f in self.fields for heading in (f.name, *f.aliases)}
        object.__setattr__(self, "by_key", keys)
        object.__setattr__(self, "ignored_keys", frozenset(map(key, (*self.ignored, *_COUNTERS))))

    def field_of(self, heading: str) -> str | None:
        """The field that a heading stands for, None if it is unknown."""
        return self.by_key.get(key(heading))

    def ignores(self, heading: str) -> bool:
        """Whether the heading is known to carry nothing that is kept here."""
        return key(heading) in self.ignored_keys

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields, in order."""
        return tuple(f.name for f in self.fields)

    @property
    def days(self) -> frozenset[str]:
        """The names of the fields that hold dates."""
        return frozenset(f.name for f in self.fields if f.day)

    def field(self, name: str) -> Field:
        """The field of a name."""
        return next(f for f in self.fields if f.name == name)

    @property
    def required_fields(self) -> tuple[Field, ...]:
        """The fields without which there is no row."""
        return tuple(f for f in self.fields if f.required)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the fields without which there is no row."""
        return tuple(f.name for f in self.required_fields)


_COUNTERS = ("stt", "tt", "no", "no.", "#", "row", "số thứ tự", "lỗi")
_NOT_WORD = re.compile(r"[^a-z0-9#]+")


def key(heading: str) -> str:
    """A heading in the form in which it is compared: folded, with what is no letter or digit made one space."""
    return _NOT_WORD.sub(" ", fold(heading)).strip()


_PERSON = (
    "person code", "mã người", "mã nhân viên", "mã công nhân", "mã nv", "mã cn", "mã số nhân viên", "employee id",
    "worker id", "người",
)  # fmt: skip
_ID_CARD = ("cccd", "số cccd", "căn cước", "số căn cước", "cmnd", "số cmnd", "cmnd/cccd", "cccd/cmnd")
_UNIT = (
    "unit code", "commune code", "mã xã", "mã phường", "mã xã phường", "mã đơn vị", "mã đơn vị hành chính",
    "mã đvhc", "mã xã/phường/thị trấn",
)  # fmt: skip
_SITE = (
    "site code",
    "mã địa điểm",
    "địa điểm",
    "mã nơi",
    "mã cổng",
    "mã chuyền",
    "mã phòng",
    "mã xe",
    "chuyền",
    "phòng",
    "xe",
)

_NAME = Field(
    "full_name",
    _("full name"),
    "Nguyễn Thị Hà",
    ("full name", "name", "họ và tên", "họ tên", "tên"),
    longest=120,
)
_SEX = Field("sex", _("sex: F, M, nữ, nam"), _("female"), ("gender", "giới tính", "giới", "phái"))
_ADDRESS = Field(
    "address",
    _("address, as recorded"),
    "Thôn Núi Hiểu",
    ("địa chỉ", "nơi ở", "chỗ ở", "place", "nơi cư trú"),
)

PEOPLE = Spec(
    "people",
    _("People"),
    Permission.IMPORT_PEOPLE,
    (
        Field("code", _("number by which files and scanners know the person"), "CN-00017",
              ("mã", "mã số", "id", "person", *_PERSON), required=True, longest=60),
        _NAME,
        _SEX,
        Field("birth_year", _("year of birth"), "1994", ("birth year", "year of birth", "năm sinh")),
        Field("birth_date", _("date of birth"), "12/03/1994",
              ("birth date", "date of birth", "dob", "ngày sinh", "ngày tháng năm sinh"), day=True),
        Field("id_number", _("number of the identity card, CCCD or CMND; also the code where there is no other"),
              "024194012345", ("id number", "số định danh", "số định danh cá nhân", "số giấy tờ", *_ID_CARD)),
        Field("bhyt", _("number of the health insurance card: 15 characters, or the last ten"), "DN4242721315635",
              ("health insurance", "số bhyt", "số thẻ bhyt", "mã thẻ bhyt", "thẻ bhyt", "mã số bhxh")),
        Field("phone", _("telephone number"), "0912 345 678",
              ("telephone", "mobile", "điện thoại", "số điện thoại", "sđt", "di động")),
        Field("unit", _("code of the commune of residence"), "07807", _UNIT),
        _ADDRESS,
        Field("site", _("code of a site where the person belongs: line, room, bus"), "LINE-3", _SITE),
        Field("from", _("day from which the person belongs there"), "01/04/2021",
              ("valid from", "since", "từ ngày", "từ", "ngày bắt đầu", "ngày vào làm"), day=True),
    ),
)  # fmt: skip

VISITS = Spec(
    "visits",
    _("Visits"),
    Permission.IMPORT_VISITS,
    (
        Field("person", _("code of the person"), "CN-00017", ("code", *_PERSON, "mã", "mã số", *_ID_CARD),
              required=True),
        Field("site", _("code of the site"), "LINE-3", ("gate", *_SITE, "cổng"), required=True),
        Field("start", _("moment of coming in"), "08/05/2021 07:28",
              ("in", "check in", "checkin", "time in", "from", "giờ vào", "vào", "thời gian vào", "bắt đầu", "từ"),
              required=True),
        Field("end", _("moment of going out; empty: assumed by the site's dwell rule"), "08/05/2021 16:31",
              ("out", "check out", "checkout", "time out", "to", "ra", "giờ ra", "thời gian ra", "kết thúc", "đến")),
    ),
    ignored=("setting", "loại tiếp xúc"),
)  # fmt: skip

ENCOUNTERS = Spec(
    "encounters",
    _("Encounters"),
    Permission.IMPORT_VISITS,
    (
        Field("a", _("code of the one person"), "CN-00017",
              ("person a", "person 1", "person", "người thứ nhất", "người 1", *_PERSON), required=True, longest=60),
        Field("b", _("code of the other person"), "CN-00018",
              ("person b", "person 2", "other", "người thứ hai", "người 2", "người gần"), required=True, longest=60),
        Field("start", _("moment from which they were near each other"), "08/05/2021 11:32",
              ("from", "time", "bắt đầu", "từ", "thời gian"), required=True),
        Field("seconds", _("for how many seconds, at most 86400"), "640",
              ("duration", "số giây", "thời lượng", "giây"), required=True),
    ),
)  # fmt: skip

CASES = Spec(
    "cases",
    _("Cases"),
    Permission.IMPORT_CASES,
    (
        Field("code", _("number of the case in the register"), "BN3210",
              ("id", "case", "case id", "case code", "mã ca bệnh", "mã", "mã ca", "mã bệnh nhân", "bn", "số bn",
               "mã bn", "số ca"),
              longest=60),
        Field("person", _("code of a person already known"), "CN-00017", _PERSON, longest=60),
        Field("id_number", _("number of the identity card, CCCD or CMND; whoever has it on record is meant"),
              "024194012345", ("id number", "số định danh", "số định danh cá nhân", "số giấy tờ", *_ID_CARD),
              longest=60),
        _NAME,
        _SEX,
        Field("age", _("age in years at the report"), "27", ("tuổi",)),
        Field("birth_year", _("year of birth"), "1994", ("birth year", "year of birth", "năm sinh")),
        Field("birth_date", _("date of birth"), "12/03/1994",
              ("birth date", "date of birth", "dob", "ngày sinh", "ngày tháng năm sinh"), day=True),
        Field("phone", _("telephone number"), "0912 345 678",
              ("telephone", "mobile", "điện thoại", "số điện thoại", "sđt", "di động")),
        Field("unit", _("code of the commune where the case is counted"), "07807", _UNIT),
        Field("commune", _("commune by name, as recorded"), "Quang Châu",
              ("commune as recorded", "xã/phường", "xã", "phường", "xã, phường", "tên xã", "phường xã")),
        Field("district", _("district by name, as recorded"), "Việt Yên",
              ("district as recorded", "quận/huyện", "huyện", "quận", "huyện/quận", "tên huyện", "huyện, thành phố")),
        _ADDRESS,
        Field("status", _("suspected, probable, confirmed (as if empty) or discarded"), _("confirmed"),
              ("phân loại", "trạng thái", "kết luận", "classification", "case classification")),
        Field("onset", _("first symptoms"), "05/05/2021",
              ("dt onset", "date onset", "date of onset", "onset date", "ngày khởi phát", "khởi phát"), day=True),
        Field("sampled", _("day of the sample"), "07/05/2021",
              ("dt sample", "date of sample", "sample date", "ngày lấy mẫu", "lấy mẫu"), day=True),
        Field("result", _("day of the result"), "08/05/2021",
              ("dt diag", "date of result", "result date", "date of diagnosis", "ngày có kết quả", "kết quả",
               "ngày kết quả", "ngày xét nghiệm"), day=True),
        Field("reported", _("day of the report"), "08/05/2021",
              ("date", "dt report", "date of report", "report date", "date reported", "ngày báo cáo", "ngày",
               "ngày công bố", "báo cáo"), required=True, day=True),
        Field("isolated", _("moment of isolation; a day alone counts to its end"), "08/05/2021 21:00",
              ("isolated at", "date of isolation", "thời điểm cách ly", "cách ly", "ngày cách ly"), day=True),
        Field("outcome", _("recovered, died; empty or alive: not known yet"), _("recovered"),
              ("kết cục", "kết quả điều trị")),
        Field("outcome_on", _("day of the outcome"), "19/05/2021",
              ("dt death", "date of outcome", "outcome date", "date of death", "ngày kết cục", "ngày tử vong",
               "ngày ra viện", "ngày khỏi bệnh"), day=True),
        Field("place_infected", _("where the infection happened"), "KCN Quang Châu",
              ("place infect", "place of infection", "nơi lây nhiễm", "nơi nhiễm", "nguồn lây"), longest=160),
        Field("hospital", _("where the case is treated; goes into the note"), "BV Phổi",
              ("loc hosp", "nơi điều trị", "bệnh viện", "cơ sở điều trị")),
        Field("note", _("note"), "", ("notes", "ghi chú"), longest=2000),
        Field("cases", _("a count: so many unnamed cases on that day in that commune"), "12",
              ("count", "n", "số ca bệnh", "số ca mắc", "số lượng")),
    ),
    ignored=(
        "age class", "reporting ctry", "week report", "dt start exp", "dt end exp", "match", "district code",
        "mã huyện", "generation", "lon", "lat",
    ),
)  # fmt: skip

CONTACTS = Spec(
    "contacts",
    _("Reported contacts"),
    Permission.IMPORT_CASES,
    (
        Field("from", _("the case: its code, or the code of its person"), "BN3210",
              ("case", "infector", "source case", "ca bệnh", "từ", "nguồn", "ca nguồn", "f0", "mã f0", "từ ca"),
              required=True, longest=60),
        Field("to", _("the contact: the code of a case or of a person"), "CN-00021",
              ("contact", "infectee", "case id", "person", "người tiếp xúc", "đến", "f1", "mã f1", *_PERSON, *_ID_CARD),
              required=True, longest=60),
        Field("exposure", _("how they met"), "Cùng phòng trọ",
              ("note", "source", "setting", "hoàn cảnh tiếp xúc", "hoàn cảnh", "loại tiếp xúc", "ghi chú")),
        Field("date", _("day of the contact"), "06/05/2021", ("on", "day", "ngày tiếp xúc", "ngày"), day=True),
    ),
    ignored=("diff dt onset",),
)  # fmt: skip

RESULTS = Spec(
    "results",
    _("Test results"),
    Permission.RESULT_RECORD,
    (
        Field("number", _("number of the sample, as on its tube"), "M-00017",
              ("sample", "sample number", "barcode", "mã mẫu", "số mẫu", "mã vạch", "mã số mẫu", "code"),
              required=True, longest=40),
        Field("test", _("kind of test; empty: RT-PCR"), "RT-PCR",
              ("test kind", "method", "loại xét nghiệm", "xét nghiệm", "phương pháp", "kỹ thuật")),
        Field("result", _("positive, negative, indeterminate or invalid"), _("negative"),
              ("test result", "kết quả", "kết quả xét nghiệm", "kq"), required=True),
        Field("resulted", _("day or moment of the result"), "08/05/2021 21:00",
              ("resulted at", "date of result", "result date", "date", "ngày có kết quả", "ngày kết quả",
               "ngày trả kết quả", "thời gian có kết quả", "ngày xét nghiệm"), required=True, day=True),
        Field("ct", _("Ct value"), "24.5", ("ct value", "giá trị ct", "chỉ số ct")),
    ),
    ignored=("full name", "họ và tên", "họ tên", "năm sinh", "giới tính", "địa chỉ", "ghi chú"),
)  # fmt: skip

SPECS: dict[str, Spec] = {spec.kind: spec for spec in (PEOPLE, VISITS, ENCOUNTERS, CASES, CONTACTS, RESULTS)}
