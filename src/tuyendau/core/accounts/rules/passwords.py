"""One-time passwords, and passwords that everybody in the country tries first."""

from __future__ import annotations

import re
import secrets

from tuyendau.lib.publicid import ALPHABET
from tuyendau.lib.text import fold

_STEMS = """
matkhau password admin administrator quantri quantrivien yte bacgiang bacninh hanoi saigon hochiminh tphcm vietnam
danang haiphong cantho hue nghean thanhhoa anhyeuem emyeuanh iloveyou toiyeuvietnam yeuem yeuanh congty benhvien tramyte
trungtam covid covid19 corona sars phongdich truyvet tuyendau nguyen nguyenvan nguyenthi tranvan lethi phamvan khongbiet
xinchao chaoem chaoanh hoilamgi ngaymai hanhphuc giadinh boyeume concuame tinhyeu maimaiyeu zalo facebook google
abc abcd abcde abcdef aa aaa qwe qwer qwert qwerty qwertyuiop asd asdf asdfgh asdfghjkl zxc zxcv zxcvbn zxcvbnm
welcome login letmein test demo user changeme default root
""".split()
_SIGNS = str.maketrans("@$0", "aso")
_RUNS = """
123456789 987654321 123123 112233 102030 147258369 123321 111111 000000 888888 999999 686868 6868 8888 9999
1234567890 12345678 1234567 123456 12345
""".split()
_RUN = re.compile("(?:" + "|".join(sorted(_RUNS, key=len, reverse=True)) + ")+")


def one_time() -> str:
    """A password for the first sign-in only: 60 random bits, in groups that can be read out on the telephone."""
    letters = [secrets.choice(ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def is_common(password: str) -> bool:
    """Whether a password is a common word of Vietnamese accounts with figures and signs around it.

    "Matkhau123", "123456aA@", "BacGiang@2021", "Mật khẩu 2021!" are; three or more words that mean something are not.
    """
    plain = fold(password).replace(" ", "")
    read = {_letters(plain), _letters(plain.translate(_SIGNS))}
    if "" in read or read & set(_STEMS):
        return True
    left = _RUN.sub("", plain)
    return len(left) < len(plain) and len(_letters(left)) < 4


def is_own_name(password: str, *names: str) -> bool:
    """Whether a password holds the full name or the user name of whose it is, with or without marks and blanks."""
    plain = fold(password).replace(" ", "")
    return any(len(name) >= 5 and name in plain for name in (fold(each).replace(" ", "") for each in names))


def _letters(text: str) -> str:
    return re.sub(r"[\d\W_]+", "", text)
