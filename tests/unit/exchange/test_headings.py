"""What a column is called to who reads the page, and that a file with these headings is understood."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from tuyendau.insight.exchange.forms.problems import FileRefused
from tuyendau.insight.exchange.forms.reading import read
from tuyendau.insight.exchange.forms.specs import CASES, SPECS, VISITS, Spec

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_shown_heading_is_in_the_readers_language_and_leads_to_its_column(
    spec: Spec, language: str
) -> None:
    with translation.override(language):
        shown = [field.heading for field in spec.fields]
        assert [spec.field_of(heading) for heading in shown] == list(spec.names)
        assert [heading.isascii() for heading in shown] == [language == "en"] * len(shown)
        assert all(sorted(f.headings) == sorted((f.name, *f.aliases)) for f in spec.fields)


def test_the_examples_of_a_row_are_understood_in_both_languages() -> None:
    for language in ("en", "vi"):
        with translation.override(language):
            fields = [field for field in CASES.fields if field.name not in ("note", "cases")]
            lines = (",".join(f.heading for f in fields), ",".join(str(f.example) for f in fields))
            sheet = read(CASES, "\n".join(lines).encode(), at=AT)
            assert sheet.problems.total == 0


def test_a_refusal_names_columns_in_vietnamese() -> None:
    with translation.override("vi"), pytest.raises(FileRefused) as refused:
        read(VISITS, "mã người,mã địa điểm,màu áo\n1,2,3\n".encode(), at=AT)
    text = str(refused.value)
    assert "Các tên dùng được: mã người, mã địa điểm, giờ vào, giờ ra." in text
    assert "Thiếu cột “giờ vào”" in text
