"""Identity numbers: what is taken, in which form, and what is refused and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuyendau.lib import identity
from tuyendau.lib.identity import Fault, IdentityRefused, Kind


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Kind.CCCD, "024194012345", "024194012345"),
        (Kind.CCCD, " 024 194 012 345 ", "024194012345"),
        (Kind.CCCD, "024.194-012/345", "024194012345"),
        (Kind.CCCD, "101194012345", "101194012345"),
        (Kind.CMND, "121 234 567", "121234567"),
        (Kind.CMND, "012345678", "012345678"),
        (Kind.BHYT, "dn4 24 2721315635", "2721315635"),
        (Kind.BHYT, "2721315635", "2721315635"),
        (Kind.PASSPORT, "c1234567", "C1234567"),
        (Kind.PASSPORT, "P01234567", "P01234567"),
        (Kind.OTHER, "hn-0042", "HN0042"),
    ],
)
def test_every_way_of_writing_gives_one_form(kind: Kind, text: str, expected: str) -> None:
    assert identity.normalise(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "fault", "found"),
    [
        (Kind.CCCD, "02419401234", Fault.LENGTH, "11"),
        (Kind.CCCD, "0241940123456", Fault.LENGTH, "13"),
        (Kind.CCCD, "02419401234x", Fault.CHARACTERS, ""),
        (Kind.CCCD, "٠٢٤١٩٤٠١٢٣٤٥", Fault.CHARACTERS, ""),
        (Kind.CCCD, "", Fault.CHARACTERS, ""),
        (Kind.CCCD, "003194012345", Fault.PROVINCE, "003"),
        (Kind.CCCD, "099194012345", Fault.PROVINCE, "099"),
        (Kind.CMND, "12123456", Fault.LENGTH, "8"),
        (Kind.CMND, "391234567", Fault.PROVINCE, "39"),
        (Kind.CMND, "001234567", Fault.PROVINCE, "00"),
        (Kind.BHYT, "DN9242721315635", Fault.FORM, ""),
        (Kind.BHYT, "DN424272131563", Fault.LENGTH, "14"),
        (Kind.BHYT, "27213156", Fault.LENGTH, "8"),
        (Kind.PASSPORT, "ABCDEFGH", Fault.FORM, ""),
        (Kind.PASSPORT, "C12", Fault.FORM, ""),
        (Kind.OTHER, "số 5", Fault.FORM, ""),
    ],
)
def test_what_is_no_number_is_refused_with_its_fault(kind: Kind, text: str, fault: Fault, found: str) -> None:
    with pytest.raises(IdentityRefused) as refused:
        identity.normalise(kind, text)
    assert (refused.value.kind, refused.value.fault, refused.value.found) == (kind, fault, found)


@pytest.mark.parametrize(
    ("number", "sex", "year", "fault", "found", "given"),
    [
        ("024194012345", "F", 1994, None, "", ""),
        ("024094012345", "M", 1994, None, "", ""),
        ("024305012345", "F", 2005, None, "", ""),
        ("024194012345", "", None, None, "", ""),
        ("024194012345", "M", 1994, Fault.SEX, "F", "M"),
        ("024194012345", "F", 1995, Fault.YEAR, "1994", "1995"),
        ("024394012345", "F", 1994, Fault.YEAR, "2094", "1994"),
    ],
)
def test_a_citizen_number_agrees_with_sex_and_year(
    number: str, sex: str, year: int | None, fault: Fault | None, found: str, given: str
) -> None:
    if fault is None:
        assert identity.normalise(Kind.CCCD, number, sex=sex, birth_year=year) == number
        return
    with pytest.raises(IdentityRefused) as refused:
        identity.normalise(Kind.CCCD, number, sex=sex, birth_year=year)
    assert (refused.value.fault, refused.value.found, refused.value.given) == (fault, found, given)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Kind.CCCD, "24194012345", "024194012345"),
        (Kind.CCCD, "1194012345.0", "001194012345"),
        (Kind.CMND, "12345678", "012345678"),
        (Kind.BHYT, "127131563", "0127131563"),
    ],
)
def test_zeros_that_a_spreadsheet_took_come_back(kind: Kind, text: str, expected: str) -> None:
    assert identity.normalise(kind, text, zeros_lost=True) == expected
    with pytest.raises(IdentityRefused):
        identity.normalise(kind, text)


def test_a_citizen_number_tells_of_its_holder() -> None:
    assert identity.told("024194012345") == identity.Told("Bắc Giang", "F", 1994)
    assert identity.told("027201000001") == identity.Told("Bắc Ninh", "M", 2001)
    assert identity.told("101194012345").province == ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("024194012345", Kind.CCCD),
        ("024 194 012 345", Kind.CCCD),
        ("121234567", Kind.CMND),
        ("DN4242721315635", Kind.BHYT),
        ("2721315635", None),
        ("C1234567", None),
        ("", None),
    ],
)
def test_the_kind_follows_from_the_form(text: str, kind: Kind | None) -> None:
    assert identity.kind_of(text) == kind


def test_there_are_63_provinces() -> None:
    assert len(identity.PROVINCES) == len(set(identity.PROVINCES.values())) == 63


def test_a_masked_number_shows_three_characters() -> None:
    assert identity.masked("024194012345") == "•••••••••345"
    assert identity.masked("12") == "12"[-3:]


@given(st.sampled_from(list(Kind)), st.text(alphabet="0123456789ABCdn .-/\u00a0", max_size=18), st.booleans())
def test_normalising_twice_changes_nothing(kind: Kind, text: str, zeros_lost: bool) -> None:
    try:
        once = identity.normalise(kind, text, zeros_lost=zeros_lost)
    except IdentityRefused:
        return
    assert identity.normalise(kind, once) == once
