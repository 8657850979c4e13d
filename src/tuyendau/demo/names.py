"""Invented people's names, as they are spread in the Red River delta. No list of real people was used."""

from __future__ import annotations

from random import Random

FAMILY = (
    ("Nguyễn", 38), ("Trần", 11), ("Lê", 9), ("Phạm", 7), ("Hoàng", 6), ("Vũ", 5), ("Đặng", 4), ("Bùi", 4), ("Đỗ", 4),
    ("Ngô", 3), ("Dương", 3), ("Lý", 2), ("Đào", 2), ("Thân", 2), ("Giáp", 2), ("Chu", 1), ("Lương", 1), ("Tạ", 1),
)  # fmt: skip
MIDDLE = {
    "F": "Thị Thị Thị Thị Ngọc Thu Thanh Minh Hồng Kim Phương".split(),
    "M": "Văn Văn Văn Đức Minh Quang Hữu Xuân Công Ngọc Tiến".split(),
}
GIVEN = {
    "F": """Anh Bích Chi Dung Duyên Đào Giang Hà Hạnh Hảo Hằng Hiền Hoa Hòa Hồng Huệ Hương Huyền Lan Liên Linh Loan Mai
    My Nga Ngân Nguyệt Nhung Oanh Phượng Quyên Quỳnh Tâm Thảo Thắm Thoa Thu Thúy Thủy Trang Trinh Tuyết Uyên Vân Xuân
    Yến""".split(),
    "M": """An Anh Bắc Bình Chiến Cường Dũng Duy Đại Đạt Định Đông Giang Hải Hiếu Hoàn Hùng Huy Hưng Khánh Kiên Lâm
    Long Luân Mạnh Nam Nghĩa Phong Phúc Quân Quyết Sơn Tài Thành Thắng Thịnh Tiến Toàn Trung Tú Tuấn Tùng Việt Vinh
    Vượng""".split(),
}


def draw_name(random: Random, sex: str, family: str = "") -> str:
    """A name: family, middle, given; `family` where it is known already."""
    if not family:
        family = random.choices([name for name, _ in FAMILY], [weight for _, weight in FAMILY])[0]
    return f"{family} {random.choice(MIDDLE[sex])} {random.choice(GIVEN[sex])}"
