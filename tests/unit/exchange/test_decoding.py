"""Encodings: each is read as what it is, and what is none of them is refused rather than garbled."""

from __future__ import annotations

import unicodedata

import pytest

from tuyendau.insight.exchange.rules.decoding import Undecodable, decode

TEXT = "Mã,Họ và tên\r\n1,Nguyễn Thị Hà\r\n2,Đỗ Văn Được\r\n3,Lý Thường Kiệt\r\n"


def cp1258(text: str) -> bytes:
    """`text` as Windows writes it: letters with their hook, breve or circumflex, and tones as marks behind them."""
    out = ""
    for letter in text:
        try:
            letter.encode("cp1258")
            out += letter
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return out.encode("cp1258")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_its_mark(encoding: str) -> None:
    assert decode(TEXT.encode(encoding))[0] == TEXT


def test_decomposed_letters_are_composed() -> None:
    assert decode(unicodedata.normalize("NFD", TEXT).encode())[0] == TEXT


def test_windows_1258_is_vietnamese() -> None:
    assert decode(cp1258(TEXT)) == (TEXT, "cp1258")


@pytest.mark.parametrize("text", ["code,name\n1,José Muñoz\n", "Mã,Tên\n1,Hòa\n", "a;b\n1;“café” – naïve\n"])
def test_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252"))[0] == text


def test_tcvn3_is_told_by_its_syllables() -> None:
    data = b"H\xe4 t\xaan,Ng\xb5y sinh\nNguy\xd4n V\xa8n B\xd7nh,\nTR\xc7N TH\xde H\xb5,\n"
    assert decode(data) == ("Họ tên,Ngày sinh\nNguyễn Văn Bình,\nTRẦN THỊ Hà,\n", "tcvn3")


@pytest.mark.parametrize(
    "data",
    [
        b"code,name\n1,L\xfd\n",  # Lý or Lư: nothing tells
        "Nguyễn Văn Bình".encode()[:-3] + b"\x81\x9d",
        b"Ng\xb5y sinh,ng\xb5xyz\nNguy\xd4n V\xa8n \xd2\n",  # nearly TCVN3: one word is no syllable
        b"\x00\x01\x02\x03 binary",
        b"abc\x00def,1\n",
        "é".encode("utf-16")[:3],
    ],
)
def test_what_fits_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(data)
