"""An invented register of people for the benchmarks: names as they are spread in the Red River delta, no list of real
people was used. Columns, so that 1.8 million take seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

FAMILY = {
    "Nguyễn": 38, "Trần": 11, "Lê": 9.5, "Phạm": 7, "Hoàng": 5, "Vũ": 3.9, "Phan": 2.5, "Đặng": 2.1, "Bùi": 2,
    "Đỗ": 1.9, "Ngô": 1.6, "Dương": 1.5, "Thân": 1.4, "Giáp": 1.2, "Đào": 1.1, "Lương": 1, "Chu": 0.9, "Hồ": 0.8,
    "Tạ": 0.7, "Lý": 0.6, "Hà": 0.6, "Trịnh": 0.6, "Đinh": 0.5, "Lưu": 0.5, "Vi": 0.4, "Nông": 0.4, "Hứa": 0.3,
    "La": 0.3, "Tống": 0.3, "Cao": 0.3, "Mai": 0.3, "Đoàn": 0.3, "Ong": 0.2, "Khổng": 0.2, "Ninh": 0.2, "Quách": 0.1,
    "Thạch": 0.1,
}  # fmt: skip
MIDDLE = {
    "F": {"Thị": 52, "Ngọc": 7, "Thu": 7, "Thanh": 6, "Phương": 5, "Minh": 4, "Hồng": 4, "Thị Thu": 3, "Thị Thanh": 3,
          "Thị Ngọc": 3, "Kim": 2, "Bích": 2, "Diệu": 1, "": 1},
    "M": {"Văn": 40, "Đức": 9, "Quang": 7, "Minh": 6, "Hữu": 5, "Xuân": 5, "Công": 4, "Ngọc": 4, "Tiến": 4, "Đình": 4,
          "Mạnh": 3, "Trọng": 2, "Hoàng": 2, "Bá": 2, "Thế": 2, "": 1},
}  # fmt: skip
GIVEN = {
    "F": """Anh Ánh Bích Chi Châu Cúc Dung Duyên Đào Điệp Giang Hà Hạnh Hảo Hằng Hiền Hoa Hòa Hoài Hồng Huệ Hường Hương
    Huyền Hậu Khánh Khuyên Lan Liên Liễu Linh Loan Lương Ly Lý Mai Mến Mơ My Mỹ Na Nga Ngà Ngân Ngọc Nguyệt Nhàn
    Nhung Nhi Oanh Phượng Phương Quyên Quỳnh Sen Sim Tâm Thảo Thắm Thêu Thoa Thơm Thu Thúy Thủy Thùy Thư Thương
    Tình Trang Trà Trinh Tuyết Tươi Uyên Vân Vui Vy Xuân Yến Yên""".split(),
    "M": """An Anh Bách Bắc Bằng Bình Bảo Chiến Chung Chính Công Cương Cường Dũng Duy Dương Đại Đạt Định Đoàn Đông
    Đức Giang
    Hà Hải Hào Hiển Hiếu Hiệp Hòa Hoàn Hoàng Học Hùng Huy Hưng Hướng Khải Khánh Khang Khoa Kiên Lâm Lập Linh
    Long Lộc Luân Luật Lực Mạnh Minh Nam Nghĩa Nghiệp Nguyên Nhân Nhật Phong Phú Phúc Phương Quân Quang Quyền
    Quyết Quý Sáng Sơn Sỹ Tài Tân Thái Thành Thắng Thanh Thiện Thịnh Thuận Thụ Tiến Tiệp Toàn Toản Trung Trọng
    Trường Trưởng Tú Tuấn Tuân Tùng Tư Văn Vĩ Việt Vinh Vũ Vương Vượng Xuân""".split(),
}  # fmt: skip
PHONE_PREFIXES = (
    "32 33 34 35 36 37 38 39 86 96 97 98 70 76 77 78 79 89 90 93 81 82 83 84 85 88 91 94 56 58 92".split()
)
EPOCH = date(1930, 1, 1)
LAST = date(2021, 4, 30)


@dataclass(frozen=True, slots=True)
class Register:
    """People as columns [n]; "" where a text is not known. `commune` counts from 0, `born` is days since EPOCH."""

    name: NDArray[np.object_]
    sex: NDArray[np.str_]
    born: NDArray[np.int64]
    phone: NDArray[np.object_]
    cccd: NDArray[np.object_]
    cmnd: NDArray[np.object_]
    bhyt: NDArray[np.object_]
    commune: NDArray[np.int64]
    household: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.name)

    def day(self, n: int) -> date:
        """The birth date of row n."""
        return EPOCH + timedelta(days=int(self.born[n]))


def invent(people: int, communes: int, seed: int) -> Register:
    """A register of so many people in households of four; the same for the same seed."""
    random = np.random.default_rng(seed)
    household = np.sort(random.integers(0, max(1, people // 4), people))
    commune = household * communes // max(1, people // 4)
    sex = np.where(random.random(people) < 0.5, "F", "M")
    ages = np.abs(random.normal(33, 20, people)).clip(0, 89)
    born = np.clip(
        (LAST - EPOCH).days - (ages * 365.25).astype(np.int64) - random.integers(0, 365, people), 0, None
    )
    family = _family(random, household)
    name = _names(random, family, sex)
    phone = _phones(random, household, ages)
    return Register(name, sex, born, phone, *_numbers(random, sex, born, ages), commune, household)


def _draw(random: np.random.Generator, spread: dict[str, float], n: int) -> NDArray[np.object_]:
    weights = np.array(list(spread.values()), float)
    return np.array(list(spread), object)[random.choice(len(spread), n, p=weights / weights.sum())]


def _family(random: np.random.Generator, household: NDArray[np.int64]) -> NDArray[np.object_]:
    """Family names: two of three in a household share one, as father and children do."""
    homes = int(household.max()) + 1
    of_home = _draw(random, FAMILY, homes)[household]
    own = _draw(random, FAMILY, len(household))
    return np.where(random.random(len(household)) < 0.66, of_home, own)


def _names(
    random: np.random.Generator, family: NDArray[np.object_], sex: NDArray[np.str_]
) -> NDArray[np.object_]:
    n = len(family)
    middle, given = np.empty(n, object), np.empty(n, object)
    for each in "FM":
        rows = sex == each
        middle[rows] = _draw(random, MIDDLE[each], int(rows.sum()))
        # Given names are unevenly liked: the weight falls with the place in a shuffled list.
        liked = dict(zip(GIVEN[each], 1 / np.arange(3, len(GIVEN[each]) + 3) ** 0.6, strict=True))
        given[rows] = _draw(random, liked, int(rows.sum()))
    # One in five, mostly the young, has a second middle name: a given name of anybody before their own.
    more = _draw(random, dict.fromkeys(GIVEN["F"] + GIVEN["M"], 1.0), n)
    more = np.where(random.random(n) < 0.2, " " + more, "")
    whole = family + np.where(middle == "", "", " ") + middle + more + " " + given
    return whole.astype(object)


def _phones(
    random: np.random.Generator, household: NDArray[np.int64], ages: NDArray[np.float64]
) -> NDArray[np.object_]:
    """A number each, one in seven that of the household, and none for children and one adult in eight."""
    homes = int(household.max()) + 1
    of_home = random.integers(0, 10**9 // 2, homes)[household]
    own = random.integers(10**9 // 2, 10**9, len(household))
    digits = np.where(random.random(len(household)) < 1 / 7, of_home, own)
    none = (ages < 12) | (random.random(len(household)) < 1 / 8)
    prefix = np.array(PHONE_PREFIXES)
    return np.array(
        [
            "" if no else f"+84{prefix[d % len(prefix)]}{d % 10**7:07d}"
            for d, no in zip(digits.tolist(), none, strict=True)
        ],
        object,
    )


def _numbers(
    random: np.random.Generator, sex: NDArray[np.str_], born: NDArray[np.int64], ages: NDArray[np.float64]
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.object_]]:
    """CCCD of most adults, CMND of half of them, the insurance number of most; unique each."""
    n = len(sex)
    serial = random.permutation(n)
    province = np.where(random.random(n) < 0.85, 24, np.where(random.random(n) < 0.5, 27, 20))
    years = np.array([(EPOCH + timedelta(days=int(d))).year for d in born])
    century = np.where(years >= 2000, 2, 0) + (sex == "F")
    has_cccd = (ages >= 14) & (random.random(n) < 0.7)
    has_cmnd = (ages >= 15) & (years < 2003) & (random.random(n) < 0.55)
    has_bhyt = random.random(n) < 0.8
    rows = zip(province.tolist(), century.tolist(), years.tolist(), serial.tolist(), strict=True)
    cccd, cmnd, bhyt = [], [], []
    for row, (p, c, y, s) in enumerate(rows):
        # Six random digits: within one province, sex and year the serial goes round without meeting itself.
        cccd.append(f"{p:03d}{c}{y % 100:02d}{s % 10**6:06d}" if has_cccd[row] else "")
        cmnd.append(f"12{s:07d}" if has_cmnd[row] else "")
        bhyt.append(f"24{s:08d}" if has_bhyt[row] else "")
    return np.array(cccd, object), np.array(cmnd, object), np.array(bhyt, object)
