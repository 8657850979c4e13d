"""Invented people's names, as they are spread in the Red River delta. No list of real people was used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuyendau.lib.text import fold

FAMILY = (
    ("Nguyễn", 38), ("Trần", 11), ("Lê", 9), ("Phạm", 7), ("Hoàng", 6), ("Vũ", 5), ("Đặng", 4), ("Bùi", 4), ("Đỗ", 4),
    ("Ngô", 3), ("Dương", 3), ("Lý", 2), ("Đào", 2), ("Thân", 2), ("Giáp", 2), ("Chu", 1), ("Lương", 1), ("Tạ", 1),
    ("Hà", 1), ("Phùng", 1), ("Tống", 1), ("Vi", 1), ("Đoàn", 1), ("Trịnh", 1), ("Mai", 1), ("Nông", 1),
)  # fmt: skip
MIDDLE = {
    "F": """Thị Thị Thị Thị Thị Thị Ngọc Thu Thanh Minh Hồng Kim Phương Thùy Bích Diệu Khánh Quỳnh Mai Lan
    Thị+Thu Thị+Thanh Thị+Ngọc Thị+Hồng Thị+Kim Thị+Minh Thị+Phương Thị+Bích Thị+Mai""".split(),
    "M": """Văn Văn Văn Văn Đức Minh Quang Hữu Xuân Công Ngọc Tiến Đình Trọng Bá Quốc Thanh Anh Mạnh Duy Thế Viết
    Văn+Minh Đức+Anh Xuân+Thành""".split(),
}
GIVEN = {
    "F": """Anh Bích Chi Dung Duyên Đào Giang Hà Hạnh Hảo Hằng Hiền Hoa Hòa Hồng Huệ Hương Huyền Lan Liên Linh Loan Mai
    My Nga Ngân Nguyệt Nhung Oanh Phượng Quyên Quỳnh Tâm Thảo Thắm Thoa Thu Thúy Thủy Trang Trinh Tuyết Uyên Vân Xuân
    Yến Ánh Bình Cúc Diễm Điệp Gấm Hân Hậu Khuyên Lành Lệ Lý Mận Miền Na Ngọc Nhàn Nhi Như Nụ Phương Sen Thêm Thơm
    Thương Trà Tươi Vui""".split(),
    "M": """An Anh Bắc Bình Chiến Cường Dũng Duy Đại Đạt Định Đông Giang Hải Hiếu Hoàn Hùng Huy Hưng Khánh Kiên Lâm
    Long Luân Mạnh Nam Nghĩa Phong Phúc Quân Quyết Sơn Tài Thành Thắng Thịnh Tiến Toàn Trung Tú Tuấn Tùng Việt Vinh
    Vượng Bách Biên Chung Dương Hà Hậu Hiệp Hòa Khang Khoa Khôi Lập Lộc Lợi Lực Minh Nhân Ninh Quang Quý Sáng Tân
    Thái Thiện Thọ Thuận Tín Tráng Trường Tuyên Vũ Xuân""".split(),
}


@dataclass(frozen=True)
class Names:
    """Names of many people, [n] each: as they are written, and folded for search."""

    full: pl.Series
    folded: pl.Series


def draw_names(
    rng: np.random.Generator, female: NDArray[np.bool_], kin: NDArray[np.int64], *, share: float = 0.75
) -> Names:
    """A name for each person: family, middle, given, of their sex.

    `kin` is a number for their household: people of one share their family name with the chance `share`, for wives
    keep that of their father. -1 has no household.
    """
    count = len(female)
    words, weights = zip(*FAMILY, strict=True)
    spread = np.cumsum(weights) / sum(weights)
    own = np.searchsorted(spread, rng.random(count))
    of_house = np.searchsorted(spread, rng.random(int(kin.max(initial=-1)) + 1))
    related = (kin >= 0) & (rng.random(count) < share)
    family = np.where(related, of_house[np.where(kin >= 0, kin, 0)] if len(of_house) else own, own)
    parts = [_words(list(words), family)]
    for table in (MIDDLE, GIVEN):
        both = [word.replace("+", " ") for sex in "FM" for word in table[sex]]
        women = len(table["F"])
        index = np.where(
            female, rng.integers(0, women, count), women + rng.integers(0, len(table["M"]), count)
        )
        parts.append(_words(both, index))
    return Names(
        pl.select(pl.concat_str([full for full, _ in parts], separator=" ")).to_series(),
        pl.select(pl.concat_str([folded for _, folded in parts], separator=" ")).to_series(),
    )


def _words(words: list[str], index: NDArray[np.int64]) -> tuple[pl.Series, pl.Series]:
    """The words of `index`, as written and folded."""
    return tuple(pl.Series(texts).gather(index) for texts in (words, [fold(word) for word in words]))  # type: ignore[return-value]
